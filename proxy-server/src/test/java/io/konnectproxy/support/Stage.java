package io.konnectproxy.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What surrounds a proxy so that clients can get as far as a {@link Phase} and no further: a name server that is silent for
 * one, an upstream that does not answer for another, and an upstream that plays along for the rest.
 */
public final class Stage implements AutoCloseable {
    private static final String HONEST = "honest.us.cp0.konghq.com";

    private final AtomicInteger talking = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final Origin origin = Origin.plain(this::talk);
    private final SilentListener silent = new SilentListener("127.77.0.2", origin.port());
    private final DnsQuestions asked = new DnsQuestions(question -> answer(question.name()));
    private final StandInDns dns = StandInDns.start(asked);

    public Stage() throws IOException {}

    private static StandInAnswer answer(String name) {
        if (name.equals(Phase.RESOLVING.host())) {
            return StandInAnswer.silence();
        } else if (name.equals(Phase.DIALLING.host())) {
            return StandInAnswer.of("127.77.0.2");
        } else if (name.equals(Phase.DIALLING_AGAIN.host())) {
            return StandInAnswer.of("127.77.0.3", "127.77.0.2");
        }
        return StandInAnswer.of("127.0.0.1");
    }

    public Origin origin() {
        return origin;
    }

    public StandInDns dns() {
        return dns;
    }

    /** All bytes that the upstream was given. */
    public long received() {
        return received.get();
    }

    /** Connections that the upstream holds. */
    public int talking() {
        return talking.get();
    }

    /** Says everything back; what happens at an end depends on the phase that the hello names. */
    private void talk(Socket proxy) throws IOException {
        talking.incrementAndGet();
        try {
            byte[] hello = record(proxy.getInputStream());
            proxy.getOutputStream().write(hello);
            if (names(hello, Phase.UPSTREAM_FINISHED)) {
                proxy.shutdownOutput();
                pass(proxy.getInputStream(), OutputStream.nullOutputStream());
            } else if (names(hello, Phase.CLIENT_FINISHED)) {
                pass(proxy.getInputStream(), OutputStream.nullOutputStream());
                trickle(proxy.getOutputStream());
            } else {
                pass(proxy.getInputStream(), proxy.getOutputStream());
            }
        } finally {
            proxy.close();
            talking.decrementAndGet();
        }
    }

    /** One TLS record, or what came of it. */
    private byte[] record(InputStream in) throws IOException {
        byte[] head = in.readNBytes(5);
        received.addAndGet(head.length);
        byte[] body = head.length < 5
                ? new byte[0]
                : in.readNBytes(ByteBuffer.wrap(head).getShort(3));
        received.addAndGet(body.length);
        return ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
    }

    private static boolean names(byte[] hello, Phase phase) {
        return new String(hello, StandardCharsets.ISO_8859_1).contains(phase.host());
    }

    private void pass(InputStream in, OutputStream out) throws IOException {
        byte[] bytes = new byte[16 * 1024];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            received.addAndGet(read);
            out.write(bytes, 0, read);
        }
    }

    /** Until nobody takes it any more. */
    private static void trickle(OutputStream out) throws IOException {
        while (!Thread.interrupted()) {
            out.write('.');
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** A client that has got as far as the phase; the proxy has seen all of it. */
    public RawClient reach(Phase phase, InetSocketAddress proxy, AuditLines audit) throws Exception {
        RawClient client = new RawClient(proxy);
        if (phase == Phase.MID_HEAD) {
            client.say("CONNECT " + phase.host() + ":443 HTTP/1.1\r\nHos");
        } else if (phase.hasUpstream()) {
            open(client, phase);
        } else if (phase != Phase.SILENT) {
            await(client, phase, audit);
        }
        assertEveryLoopAnswers(proxy);
        return client;
    }

    private void await(RawClient client, Phase phase, AuditLines audit) throws IOException {
        if (phase != Phase.RESOLVING) {
            silent.fill();
        }
        client.connect(phase.host());
        audit.await(line -> AuditLines.text(line, "target").startsWith(phase.host()));
        Await.until("the name is asked for", () -> asked.times(phase.host()) > 0);
        if (phase != Phase.RESOLVING) {
            Await.until("an address is dialled", silent::isDialled);
        }
    }

    /** Connections go to the loops in turn, so that each has seen by now what was sent to it before. */
    private static void assertEveryLoopAnswers(InetSocketAddress proxy) throws IOException {
        for (int i = Runtime.getRuntime().availableProcessors(); i > 0; i--) {
            try (RawClient client = new RawClient(proxy)) {
                assertThat(client.connect("not-konnect.example").answer().status())
                        .isEqualTo(403);
            }
        }
    }

    private static void open(RawClient client, Phase phase) throws IOException {
        assertThat(client.connect(phase.host()).answer().status()).isEqualTo(200);
        if (phase == Phase.MID_HELLO) {
            client.say(Arrays.copyOf(Hellos.naming(phase.host()), 50));
        } else if (phase != Phase.BEFORE_HELLO) {
            greet(client, phase.host());
        }
        if (phase == Phase.CLIENT_FINISHED) {
            client.socket().shutdownOutput();
            assertThat(client.socket().getInputStream().read()).isEqualTo('.');
        } else if (phase == Phase.UPSTREAM_FINISHED) {
            assertThat(client.atEnd()).isTrue();
        }
    }

    private static void greet(RawClient client, String host) throws IOException {
        byte[] hello = Hellos.naming(host);
        client.say(hello);
        assertThat(client.socket().getInputStream().readNBytes(hello.length)).isEqualTo(hello);
    }

    /** An honest client, after whatever happened to another one. */
    public static void assertServes(InetSocketAddress proxy) throws IOException {
        try (RawClient client = new RawClient(proxy)) {
            assertThat(client.connect(HONEST).answer().status()).isEqualTo(200);
            greet(client, HONEST);
        }
    }

    @Override
    public void close() throws IOException {
        silent.close();
        origin.close();
        dns.close();
    }
}
