package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.konnectproxy.wire.ServerFlights;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every buffer is released on every way out. Runs with the leak detector on paranoid. */
@Alone
class LeakIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final String HEAD = "CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n";

    @RegisterExtension
    private final LogCapture reports = LogCapture.of(ResourceLeakDetector.class);

    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("tunnel").expecting("From ", "Internal error, the connection was refused");

    @BeforeEach
    void watch() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    /** The garbage collector finds buffers that nobody holds; the detector tells when the next one is made. */
    private void look() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(16).release();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Test
    void a_leak_would_be_noticed() {
        leakOne();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (reports.events().isEmpty() && System.nanoTime() < end) {
            look();
        }
        assertThat(reports.events()).isNotEmpty();
    }

    @SuppressWarnings("CheckReturnValue")
    private static void leakOne() {
        ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
    }

    @Test
    void nothing_leaks_however_a_connection_ends() throws Exception {
        try (Rig rig = new Rig(
                Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    upstream.setSoLinger(true, 0);
                }),
                StandInDns.start(question -> question.name().startsWith("none.")
                        ? StandInAnswer.noSuchName()
                        : StandInAnswer.of("127.0.0.1")),
                "dns: {servers: [\"DNS\"], timeout: 500ms}\n")) {
            for (int i = 0; i < 20; i++) {
                for (boolean reset : new boolean[] {false, true}) {
                    converse(rig, reset, HEAD.substring(0, 30).getBytes(US_ASCII));
                    converse(rig, reset, (HEAD.replace(Rig.HOST, "evil.com") + "more").getBytes(US_ASCII));
                    converse(
                            rig,
                            reset,
                            (HEAD.replace(Rig.HOST, "none.us.cp0.konghq.com") + "early").getBytes(US_ASCII));
                    converse(rig, reset, HELLO);
                    converse(rig, reset, (HEAD + "no hello").getBytes(US_ASCII));
                    converse(rig, reset, joined(HEAD.getBytes(US_ASCII), Arrays.copyOf(HELLO, 40)));
                    converse(rig, reset, joined(HEAD.getBytes(US_ASCII), Arrays.copyOf(HELLO, 400_000)));
                }
            }
        }
        look();
        assertThat(reports.said()).isEqualTo(List.of());
    }

    /** What is held of a second hello that comes early, is cut, passes, or is left behind. */
    @Test
    void nothing_leaks_around_a_second_hello() throws Exception {
        byte[] retry = ServerFlights.helloRetryRequest();
        byte[] other = Hellos.naming("us.api.konghq.com");
        AtomicInteger connections = new AtomicInteger();
        try (Rig rig = new Rig(
                Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    // Every third one leaves without an answer, or answers otherwise.
                    switch (connections.getAndIncrement() % 3) {
                        case 0 -> upstream.getOutputStream().write(retry);
                        case 1 -> upstream.getOutputStream().write(HELLO);
                        default -> upstream.setSoLinger(true, 0);
                    }
                }),
                "")) {
            byte[] first = joined(HEAD.getBytes(US_ASCII), HELLO);
            for (int i = 0; i < 21; i++) {
                for (boolean reset : new boolean[] {false, true}) {
                    converse(rig, reset, joined(first, other));
                    converse(rig, reset, joined(first, HELLO));
                    converse(rig, reset, joined(first, Arrays.copyOf(other, 100)));
                    converse(rig, reset, joined(first, Arrays.copyOf(other, 100_000)));
                    converse(rig, reset, joined(first, "no TLS".getBytes(US_ASCII)));
                }
            }
        }
        look();
        assertThat(reports.said()).isEqualTo(List.of());
    }

    @Test
    void nothing_leaks_when_a_request_cannot_even_be_judged() throws Exception {
        try (TunnelRig rig = new TunnelRig(TestTrail.taking(), TunnelRig.silent(), 1, "", () -> {
                    throw new IllegalStateException("no clock");
                });
                RawClient client = rig.client()) {
            assertThat(client.say(HEAD + "early").rest()).isEmpty();
            rig.awaitNoConnections();
        }
        look();
        assertThat(reports.said()).isEqualTo(List.of());
    }

    private static void converse(Rig rig, boolean reset, byte[] bytes) throws IOException {
        try (RawClient client = rig.client()) {
            try {
                client.say(bytes);
                if (reset) {
                    client.socket().setSoLinger(true, 0);
                } else {
                    client.socket().shutdownOutput();
                    client.rest();
                }
            } catch (IOException e) {
                // The upstream resets; the proxy may have told already.
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
