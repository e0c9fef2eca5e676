package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Relaying;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends of an open tunnel that meet something: bytes on their way, the other side's end, a reader that is slow. */
@ParameterizedClass
@EnumSource(Relaying.class)
class RelayEndsIT {
    @Parameter
    private Relaying relaying;

    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int MUCH = 24 * 1024 * 1024;

    private final TestTrail trail = TestTrail.taking();

    private static RawClient open(TunnelRig rig) throws Exception {
        RawClient client = rig.client();
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client.say(HELLO);
    }

    private TunnelRig rig(Origin origin) throws Exception {
        return new TunnelRig(trail, origin.port(), "", relaying.pipes());
    }

    private void assertOneEnd(TunnelRig rig, Outcome outcome) throws Exception {
        assertThat(trail.nextEnd().outcome()).isEqualTo(outcome);
        rig.awaitNoConnections();
        assertThat(trail.tunnelEnds()).isEqualTo(1);
        assertThat(trail.decisions()).isEqualTo(1);
    }

    @Test
    void a_client_that_resets_while_bytes_are_on_their_way_to_it() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Origin origin = Origin.plain(upstream -> {
                    try {
                        flood(upstream);
                    } finally {
                        ended.countDown();
                    }
                });
                TunnelRig rig = rig(origin)) {
            RawClient client = open(rig);
            client.socket().getInputStream().readNBytes(1024 * 1024);
            client.socket().setSoLinger(true, 0);
            client.close();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            assertOneEnd(rig, Outcome.Closed.CLIENT_RESET);
        }
    }

    private static void flood(Socket to) throws Exception {
        byte[] chunk = new byte[64 * 1024];
        while (true) {
            to.getOutputStream().write(chunk);
        }
    }

    /** Everything that was sent before the end arrives, although the reader begins only after it. */
    @Test
    void an_upstream_that_closes_while_the_client_is_slow() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (Origin origin = Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    sent.countDown();
                    upstream.getOutputStream().write(new byte[MUCH]);
                });
                TunnelRig rig = rig(origin);
                RawClient client = open(rig)) {
            assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.rest()).hasSize(MUCH);
            client.socket().close();
            AuditRecord.TunnelEnd end = trail.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.Closed.UPSTREAM_CLOSED);
            assertThat(end.bytesDown()).isEqualTo(MUCH);
        }
    }

    @Test
    void both_sides_that_finish_at_the_same_time() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (Origin origin = Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    both.countDown();
                    both.await();
                    upstream.getOutputStream().write("bye".getBytes(US_ASCII));
                    upstream.shutdownOutput();
                    upstream.getInputStream().readAllBytes();
                });
                TunnelRig rig = rig(origin);
                RawClient client = open(rig)) {
            both.countDown();
            both.await();
            client.say("bye").socket().shutdownOutput();
            assertThat(new String(client.rest(), US_ASCII)).isEqualTo("bye");
            AuditRecord.TunnelEnd end = trail.nextEnd();
            assertThat(end.outcome()).isIn(Outcome.Closed.CLIENT_CLOSED, Outcome.Closed.UPSTREAM_CLOSED);
            assertThat(end.bytesUp()).isEqualTo(HELLO.length + 3);
            assertThat(end.bytesDown()).isEqualTo(3);
            rig.awaitNoConnections();
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
    }

    /** A reset that comes while the proxy is not reading, since the other side is slow, must not wait for ever either. */
    @Test
    void a_client_that_resets_while_the_upstream_reads_nothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Origin origin = Origin.plain(upstream -> {
                    release.await();
                    upstream.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                });
                TunnelRig rig = rig(origin)) {
            RawClient client = open(rig);
            Thread writer = new Thread(() -> {
                try {
                    flood(client.socket());
                } catch (Exception e) {
                    // Closed below.
                }
            });
            writer.start();
            writer.join(300);
            client.socket().setSoLinger(true, 0);
            client.close();
            release.countDown();
            assertOneEnd(rig, Outcome.Closed.CLIENT_RESET);
        }
    }
}
