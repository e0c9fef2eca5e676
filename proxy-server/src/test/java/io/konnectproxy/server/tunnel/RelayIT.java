package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome.Closed;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Relaying;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The open tunnel over real sockets: nothing is lost, every end is named. */
@ParameterizedClass
@EnumSource(Relaying.class)
class RelayIT {
    private static final String HOST = Rig.HOST;
    private static final byte[] HELLO = Hellos.naming(HOST);

    private final TestTrail trail = TestTrail.taking();

    @Parameter
    private Relaying relaying;

    @Test
    void passes_a_clients_half_close_on_and_lets_the_answer_finish() throws Exception {
        byte[] question = random(3_000_000);
        byte[] answer = random(5_000_000);
        try (TunnelRig rig = rig(upstream -> {
                    byte[] seen = upstream.getInputStream().readAllBytes();
                    if (seen.length == HELLO.length + question.length) {
                        upstream.getOutputStream().write(answer);
                    }
                });
                RawClient client = open(rig)) {
            client.say(question);
            client.socket().shutdownOutput();
            assertThat(client.rest()).isEqualTo(answer);
            AuditRecord.TunnelEnd end = onlyEnd();
            assertThat(end.outcome()).isEqualTo(Closed.CLIENT_CLOSED);
            assertThat(end.bytesUp()).isEqualTo(HELLO.length + question.length);
            assertThat(end.bytesDown()).isEqualTo(answer.length);
        }
    }

    @Test
    void passes_an_upstreams_half_close_on_and_lets_the_client_finish() throws Exception {
        byte[] question = random(3_000_000);
        CountDownLatch complete = new CountDownLatch(1);
        try (TunnelRig rig = rig(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    upstream.getOutputStream().write("bye".getBytes(US_ASCII));
                    upstream.shutdownOutput();
                    if (upstream.getInputStream().readAllBytes().length == question.length) {
                        complete.countDown();
                    }
                });
                RawClient client = open(rig)) {
            assertThat(new String(client.rest(), US_ASCII)).isEqualTo("bye");
            client.say(question);
            client.socket().shutdownOutput();
            assertThat(complete.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(onlyEnd().outcome()).isEqualTo(Closed.UPSTREAM_CLOSED);
        }
    }

    @Test
    void names_a_client_that_resets_and_closes_the_upstream() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TunnelRig rig = rig(upstream -> {
            upstream.getInputStream().readAllBytes();
            closed.countDown();
        })) {
            try (RawClient client = open(rig)) {
                client.socket().setSoLinger(true, 0);
            }
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(onlyEnd().outcome()).isEqualTo(Closed.CLIENT_RESET);
        }
    }

    @Test
    void ends_an_idle_tunnel() throws Exception {
        try (TunnelRig rig = rig(
                        "timeouts: {idle: 300ms}\n",
                        upstream -> upstream.getInputStream().readAllBytes());
                RawClient client = open(rig)) {
            assertThat(ended(client.socket())).isTrue();
            assertThat(onlyEnd().outcome()).isEqualTo(Closed.IDLE);
        }
    }

    /** What the proxy holds for an upstream that does not read is bounded; the client is made to wait. */
    @Test
    void makes_a_client_wait_for_a_slow_upstream_and_loses_nothing() throws Exception {
        CountDownLatch readOn = new CountDownLatch(1);
        CountDownLatch complete = new CountDownLatch(1);
        long total = 64L * 1024 * 1024;
        try (TunnelRig rig = rig(upstream -> {
                    readOn.await();
                    if (count(upstream.getInputStream()) == HELLO.length + total) {
                        complete.countDown();
                    }
                });
                SocketChannel client =
                        SocketChannel.open(rig.server().addresses().get(0))) {
            client.write(ByteBuffer.wrap(
                    ("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(US_ASCII)));
            client.read(ByteBuffer.allocate(1024));
            client.write(ByteBuffer.wrap(HELLO));
            client.configureBlocking(false);
            long taken = write(client, total);
            assertThat(taken).as("bytes taken before the upstream reads").isLessThan(total / 2);
            readOn.countDown();
            client.configureBlocking(true);
            ByteBuffer chunk = ByteBuffer.allocate(1024 * 1024);
            while (taken < total) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), total - taken));
                taken += client.write(chunk);
            }
            client.shutdownOutput();
            assertThat(complete.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Writes until nothing has been taken for half a second. */
    private static long write(SocketChannel client, long most) throws Exception {
        long taken = 0;
        long lastProgress = System.nanoTime();
        ByteBuffer chunk = ByteBuffer.allocate(256 * 1024);
        while (taken < most && System.nanoTime() - lastProgress < TimeUnit.MILLISECONDS.toNanos(500)) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), most - taken));
            int written = client.write(chunk);
            if (written > 0) {
                taken += written;
                lastProgress = System.nanoTime();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
        return taken;
    }

    private static long count(InputStream in) throws Exception {
        long count = 0;
        byte[] buffer = new byte[256 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count += read;
        }
        return count;
    }

    private static boolean ended(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private TunnelRig rig(Origin.Conversation upstream) throws Exception {
        return rig("", upstream);
    }

    private TunnelRig rig(String timeouts, Origin.Conversation upstream) throws Exception {
        return new TunnelRig(trail, Origin.plain(upstream).port(), timeouts, relaying.pipes());
    }

    private static RawClient open(TunnelRig rig) throws Exception {
        RawClient client = rig.client();
        assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
        client.say(HELLO);
        return client;
    }

    private AuditRecord.TunnelEnd onlyEnd() throws Exception {
        AuditRecord.TunnelEnd end = trail.nextEnd();
        assertThat(trail.tunnelEnds()).isEqualTo(1);
        assertThat(trail.decisions()).isEqualTo(1);
        return end;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
