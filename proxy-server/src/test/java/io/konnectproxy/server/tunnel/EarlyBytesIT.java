package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A client in a hurry: what it sends behind its CONNECT waits, within bounds, and none of it is lost or reordered. */
class EarlyBytesIT {
    private static final byte[] HEAD =
            ("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n").getBytes(US_ASCII);

    private final BlockingQueue<byte[]> seen = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> resolved = new CompletableFuture<>();

    private Rig rig() throws Exception {
        return new Rig(
                Origin.plain(upstream -> seen.add(upstream.getInputStream().readAllBytes())),
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1").after(resolved)),
                "dns: {servers: [\"DNS\"], timeout: 10s}\ntimeouts: {connect: 10s}\n");
    }

    private static byte[] early(int size) {
        byte[] hello = Hellos.naming(Rig.HOST);
        byte[] all = Arrays.copyOf(hello, hello.length + size);
        byte[] more = new byte[size];
        new Random(size).nextBytes(more);
        System.arraycopy(more, 0, all, hello.length, size);
        return all;
    }

    @Test
    void forwards_a_hello_and_64_kib_behind_it_that_come_in_one_go() throws Exception {
        resolved.complete(null);
        byte[] early = early(64 * 1024);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(HEAD);
        all.write(early);
        try (Rig rig = rig();
                RawClient client = rig.client()) {
            client.say(all.toByteArray());
            assertThat(client.answer().status()).isEqualTo(200);
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(early);
            assertThat(AuditLines.text(
                            rig.audit().await(l -> AuditLines.text(l, "event").equals("tunnel")), "outcome"))
                    .isEqualTo("client_closed");
            assertThat(rig.audit().tunnelEnds().get(0).path("bytes_up").asLong())
                    .isEqualTo(early.length);
        }
    }

    /** While the name is being resolved the client is made to wait; what it sent comes out whole afterwards. */
    @Test
    void holds_a_bounded_amount_and_makes_the_client_wait_for_the_rest() throws Exception {
        byte[] early = early(48 * 1024 * 1024);
        ByteBuffer left = ByteBuffer.wrap(early);
        try (Rig rig = rig();
                SocketChannel client = SocketChannel.open(rig.address())) {
            client.write(ByteBuffer.wrap(HEAD));
            client.configureBlocking(false);
            writeUntilStuck(client, left);
            assertThat(left.position()).as("taken early").isLessThan(early.length / 2);
            resolved.complete(null);
            client.configureBlocking(true);
            while (left.hasRemaining()) {
                client.write(left);
            }
            client.shutdownOutput();
            byte[] arrived = seen.poll(20, TimeUnit.SECONDS);
            assertThat(Arrays.equals(arrived, early)).isTrue();
        }
    }

    private static void writeUntilStuck(SocketChannel client, ByteBuffer left) throws Exception {
        long lastProgress = System.nanoTime();
        while (left.hasRemaining() && System.nanoTime() - lastProgress < TimeUnit.MILLISECONDS.toNanos(300)) {
            if (client.write(left) > 0) {
                lastProgress = System.nanoTime();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    @Test
    void takes_a_second_connect_behind_a_permitted_one_for_the_tunnels_first_bytes() throws Exception {
        resolved.complete(null);
        try (Rig rig = rig();
                RawClient client = rig.client()) {
            client.say(HEAD.clone()).say(HEAD);
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.rest()).containsExactly(21, 3, 3, 0, 2, 2, 10);
            assertThat(AuditLines.text(
                            rig.audit().await(l -> AuditLines.text(l, "event").equals("tunnel")), "outcome"))
                    .isEqualTo("hello_not_tls");
            assertThat(rig.audit().decisions()).hasSize(1);
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEmpty();
        }
    }
}
