package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TrustingAnybody;
import io.konnectproxy.support.TunnelRig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A listener that speaks TLS, over real sockets. */
class TlsListenerIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    private static final String PROXY = "proxy.example.com";
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    private TestTrail trail = TestTrail.taking();
    private TunnelRig rig;
    private Origin origin;

    @AfterEach
    void stop() throws Exception {
        rig.close();
        origin.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void carries_a_tunnel(String version) throws Exception {
        start(Origin.tls(Rig.CA, Rig.HOST), "");
        try (RawClient client = tls(version)) {
            assertThat(client.connect(Rig.HOST).answer().head())
                    .isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
            try (SSLSocket inner = client.tls(Rig.CA.clientContext(), Rig.HOST)) {
                inner.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                assertThat(new String(inner.getInputStream().readAllBytes(), US_ASCII))
                        .endsWith("served");
            }
        }
        assertThat(trail.nextEnd().outcome()).isInstanceOf(Outcome.Closed.class);
        rig.awaitNoConnections();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void says_a_refusal_whole_and_ends_the_connection_as_tls_does(String version) throws Exception {
        start(Origin.plain(client -> {}), "");
        try (Recorder raw = new Recorder(port());
                RawClient client = new RawClient(handshake(raw, Rig.CA.clientContext(), version))) {
            String all = new String(client.connect("evil.com").rest(), ISO_8859_1);
            assertThat(all).startsWith("HTTP/1.1 403 ").endsWith("\n").contains("host_not_konnect");
            // An alert is one by its first byte up to TLS 1.2, application data by that later on.
            assertThat(raw.lastRecordType()).isEqualTo(version.equals("TLSv1.2") ? 21 : 23);
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.HOST_NOT_KONNECT);
        assertThat(origin.accepted()).isZero();
        rig.awaitNoConnections();
    }

    /** Go clients offer h2 to an https proxy and then speak HTTP/1.1 all the same. */
    @Test
    void selects_no_protocol_whatever_is_offered() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = tls("TLSv1.3", "h2", "http/1.1")) {
            assertThat(((SSLSocket) client.socket()).getApplicationProtocol()).isEmpty();
            assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
        }
    }

    @Test
    void reads_a_handshake_that_comes_byte_by_byte() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            byte[] hello = Hellos.naming(PROXY);
            for (byte each : hello) {
                socket.getOutputStream().write(each);
            }
            assertThat(socket.getInputStream().read()).as("a handshake record").isEqualTo(22);
        }
    }

    @Test
    void tells_plain_http_what_it_is() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().statusLine()).startsWith("HTTP/1.1 400 ");
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.MALFORMED_REQUEST);
        assertThat(decision.hint())
                .hasValueSatisfying(
                        hint -> assertThat(hint).contains("https://").contains("grpc-go"));
        rig.awaitNoConnections();
    }

    @Test
    void says_that_a_client_does_not_trust_the_certificate() throws Exception {
        start(Origin.plain(client -> {}), "");
        SSLContext distrusting = new ThrowawayCa().clientContext();
        assertThatThrownBy(() -> handshake(distrusting, "TLSv1.3")).isInstanceOf(SSLException.class);
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(decision.hint()).contains("The client does not trust the certificate of this listener.");
        rig.awaitNoConnections();
    }

    /**
     * As OpenSSL's own client does, and Kong does not: its alert is in clear, for its own keys are not in use yet. JDK 25 reads it, JDK 17
     * did not always.
     */
    @Test
    void says_so_too_of_a_client_whose_alert_is_in_clear() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = rig.client()) {
            client.say(Hellos.naming(PROXY));
            assertThat(client.socket().getInputStream().read()).isEqualTo(22);
            client.say(new byte[] {21, 3, 3, 0, 2, 2, 48}).rest();
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(decision.hint())
                .hasValueSatisfying(hint -> assertThat(hint)
                        .isIn(
                                "The client does not trust the certificate of this listener.",
                                "The client broke the handshake off, most likely because it does not trust the certificate"
                                        + " of this listener."));
        rig.awaitNoConnections();
    }

    @Test
    void says_nothing_of_what_came_in_place_of_a_record() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = rig.client()) {
            client.say(Hellos.naming(PROXY));
            assertThat(client.socket().getInputStream().read()).isEqualTo(22);
            client.say("CONNECT bob:s3cret@h:443 HTTP/1.1\r\n\r\n").rest();
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(decision.hint())
                .contains("In the middle of the handshake the client sent something that is no TLS.");
        rig.awaitNoConnections();
    }

    @Test
    void cuts_a_handshake_that_is_not_finished_in_time() throws Exception {
        byte[] hello = Hellos.naming(PROXY);
        start(Origin.plain(client -> {}), "timeouts: {head: 1s}");
        try (RawClient client = rig.client()) {
            client.say(hello).rest();
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(decision.hint()).contains("The handshake was not finished in time.");
        rig.awaitNoConnections();
    }

    @Test
    void names_a_client_that_leaves_in_the_middle_of_the_handshake() throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = rig.client()) {
            client.say(Hellos.naming(PROXY));
            assertThat(client.socket().getInputStream().read()).isEqualTo(22);
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(1);
    }

    @Test
    void a_look_without_a_byte_is_no_decision() throws Exception {
        start(Origin.plain(client -> {}), "");
        rig.client().close();
        try (RawClient client = tls("TLSv1.3")) {
            client.connect("evil.com").answer();
        }
        trail.nextVerdict();
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(1);
    }

    /** A way in which a client ends a connection. */
    private enum Leaving {
        /** As nginx does, which is Kong's. Where tickets of TLS 1.3 were not read, the system makes a reset of it. */
        BY_CLOSING,
        BY_FIN,
        BY_RESET,
        BY_CLOSE_NOTIFY;

        void leave(SSLSocket tls, Socket raw) throws IOException {
            switch (this) {
                case BY_CLOSING -> raw.close();
                case BY_FIN -> raw.shutdownOutput();
                case BY_RESET -> {
                    raw.setSoLinger(true, 0);
                    raw.close();
                }
                case BY_CLOSE_NOTIFY -> tls.close();
            }
        }
    }

    static Stream<Arguments> leavings() {
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> Arrays.stream(Leaving.values()).map(way -> Arguments.of(version, way)));
    }

    /** Finishes the handshake whatever the certificate, and only then looks at it. */
    private void findTheCertificateWrong(String version, Leaving way) throws Exception {
        try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), port())) {
            // Else the end of the handshake may wait for an acknowledgement, and is lost where a reset follows.
            raw.setTcpNoDelay(true);
            way.leave(handshake(raw, TrustingAnybody.context(), version), raw);
            rig.awaitNoConnections();
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("leavings")
    void names_a_client_that_finishes_the_handshake_and_closes_without_a_request(String version, Leaving way)
            throws Exception {
        start(Origin.plain(client -> {}), "");
        findTheCertificateWrong(version, way);

        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(decision.target()).isEmpty();
        assertThat(decision.client().address().getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(decision.hint())
                .contains("The client closed after the handshake without a request: it may not trust the certificate of"
                        + " this listener.");
        assertThat(trail.decisions()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("leavings")
    void a_health_probe_that_closes_without_a_request_is_no_decision(String version, Leaving way) throws Exception {
        start(Origin.plain(client -> {}), "", List.of(Cidr.parse("127.0.0.0/8")));
        findTheCertificateWrong(version, way);
        assertThat(trail.decisions()).isZero();
    }

    @Test
    void a_health_probe_that_leaves_in_the_middle_of_the_handshake_is_none_and_one_that_asks_is() throws Exception {
        start(Origin.plain(client -> {}), "timeouts: {head: 2s}", List.of(Cidr.parse("127.0.0.0/8")));
        try (RawClient client = rig.client()) {
            client.say(Hellos.naming(PROXY));
            assertThat(client.socket().getInputStream().read()).isEqualTo(22);
        }
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isZero();
        try (RawClient client = tls("TLSv1.3")) {
            client.connect("evil.com").answer();
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.HOST_NOT_KONNECT);
        try (RawClient client = tls("TLSv1.3")) {
            client.answer();
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.HEAD_TIMEOUT);
    }

    @Test
    void a_client_that_closes_without_a_request_is_named_in_the_log_once_a_minute() throws Exception {
        start(Origin.plain(client -> {}), "");
        Logger logger = (Logger) LoggerFactory.getLogger("tunnel");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        try {
            for (int i = 0; i < 3; i++) {
                Socket raw =
                        new Socket(InetAddress.getLoopbackAddress(), port(), InetAddress.getByName("127.0.0.77"), 0);
                raw.setTcpNoDelay(true);
                handshake(raw, TrustingAnybody.context(), "TLSv1.3");
                raw.close();
                trail.nextVerdict();
            }
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("From 127.0.0.77: The client closed after the handshake without a request: it may not"
                        + " trust the certificate of this listener. (once since this was last said; said once a minute"
                        + " for each client)");
    }

    @Test
    void a_client_that_says_nothing_inside_tls_is_told_that_its_time_is_up() throws Exception {
        start(Origin.plain(client -> {}), "timeouts: {head: 2s}");
        try (RawClient client = tls("TLSv1.3")) {
            assertThat(client.answer().statusLine()).startsWith("HTTP/1.1 408 ");
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.HEAD_TIMEOUT);
        rig.awaitNoConnections();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_broken_record_in_an_open_tunnel_is_the_clients_fault_and_not_the_proxys(String version) throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        start(
                Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    open.countDown();
                    upstream.getInputStream().readAllBytes();
                }),
                "");
        try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), port());
                RawClient client = new RawClient(handshake(raw, Rig.CA.clientContext(), version))) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            assertThat(open.await(10, TimeUnit.SECONDS)).isTrue();
            byte[] record = random(5 + 64);
            System.arraycopy(new byte[] {23, 3, 3, 0, 64}, 0, record, 0, 5);
            raw.getOutputStream().write(record);
            assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.CLIENT_RESET);
        }
        rig.awaitNoConnections();
    }

    /** Up to TLS 1.2 nothing can be said any more to a client that has taken its leave. */
    @Test
    void dials_for_nobody_who_has_taken_his_leave_with_tls_1_2() throws Exception {
        trail = TestTrail.waiting();
        start(Origin.plain(client -> {}), "");
        try (RawClient client = tls("TLSv1.2")) {
            client.connect(Rig.HOST);
            CompletableFuture<Void> decision = trail.nextDecision();
            client.socket().shutdownOutput();
            rig.awaitNoConnections();
            decision.complete(null);
            assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.CLIENT_CLOSED);
        }
        assertThat(origin.accepted()).isZero();
    }

    /** To the JDK a second handshake of TLS 1.3 is the wish for new keys. */
    @Test
    void a_client_that_wants_new_keys_again_and_again_is_cut_and_one_that_does_so_now_and_then_is_not()
            throws Exception {
        start(Origin.plain(client -> {}), "");
        try (RawClient client = tls("TLSv1.3")) {
            for (int i = 0; i < 20; i++) {
                ((SSLSocket) client.socket()).startHandshake();
            }
            assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
        }
        try (RawClient client = tls("TLSv1.3")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            ((SSLSocket) client.socket()).startHandshake();
                        }
                        client.connect("evil.com").answer().status();
                    })
                    .isInstanceOf(Exception.class);
        }
        AuditRecord.Decision cut = trail.nextVerdict();
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.TLS_HANDSHAKE_FAILED);
        assertThat(refusal(cut)).isEqualTo(Refusal.HOST_NOT_KONNECT);
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(2);
    }

    @Test
    void passes_half_closes_on_in_both_directions() throws Exception {
        byte[] question = random(3_000_000);
        byte[] answer = random(5_000_000);
        start(
                Origin.plain(upstream -> {
                    byte[] seen = upstream.getInputStream().readAllBytes();
                    if (seen.length == HELLO.length + question.length) {
                        upstream.getOutputStream().write(answer);
                    }
                }),
                "");
        try (RawClient client = tls("TLSv1.3")) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO).say(question);
            client.socket().shutdownOutput();
            assertThat(client.rest()).isEqualTo(answer);
        }
        AuditRecord.TunnelEnd end = trail.nextEnd();
        assertThat(end.outcome()).isEqualTo(Outcome.Closed.CLIENT_CLOSED);
        assertThat(end.bytesUp()).isEqualTo(HELLO.length + question.length);
        assertThat(end.bytesDown()).isEqualTo(answer.length);
        rig.awaitNoConnections();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void an_upstreams_end_is_a_tls_end(String version) throws Exception {
        byte[] answer = random(2_000_000);
        start(
                Origin.plain(upstream -> {
                    upstream.getInputStream().readNBytes(HELLO.length);
                    upstream.getOutputStream().write(answer);
                }),
                "");
        try (RawClient client = tls(version)) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            // Without close_notify the JDK would throw at the end of the stream.
            assertThat(client.say(HELLO).rest()).isEqualTo(answer);
        }
        assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.UPSTREAM_CLOSED);
        rig.awaitNoConnections();
    }

    @Test
    void makes_a_client_wait_for_a_slow_upstream_and_loses_nothing() throws Exception {
        CountDownLatch readOn = new CountDownLatch(1);
        CountDownLatch complete = new CountDownLatch(1);
        int chunks = 40;
        byte[] chunk = random(1024 * 1024);
        start(
                Origin.plain(upstream -> {
                    readOn.await();
                    upstream.getInputStream().readNBytes(HELLO.length);
                    for (int i = 0; i < chunks; i++) {
                        if (!Arrays.equals(upstream.getInputStream().readNBytes(chunk.length), chunk)) {
                            return;
                        }
                    }
                    complete.countDown();
                }),
                "");
        try (RawClient client = tls("TLSv1.3")) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            CountDownLatch half = new CountDownLatch(chunks / 2);
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < chunks; i++) {
                        client.say(chunk);
                        half.countDown();
                    }
                } catch (IOException e) {
                    // The test sees what did not arrive.
                }
            });
            writer.start();
            assertThat(half.await(700, TimeUnit.MILLISECONDS))
                    .as("half of it taken though the upstream does not read")
                    .isFalse();
            readOn.countDown();
            assertThat(complete.await(60, TimeUnit.SECONDS)).isTrue();
            writer.join();
        }
    }

    private void start(Origin upstream, String timeouts) throws Exception {
        start(upstream, timeouts, List.of());
    }

    private void start(Origin upstream, String timeouts, List<Cidr> probes) throws Exception {
        origin = upstream;
        SslContext context = serverContext();
        rig = new TunnelRig(
                trail,
                origin.port(),
                timeouts,
                new Listener(
                        TunnelRig.SOMEWHERE,
                        Optional.of(() -> context),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        probes));
    }

    static SslContext serverContext() throws Exception {
        KeyStore store = Rig.CA.serverStore(List.of(PROXY));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return SslContextBuilder.forServer(keys).clientAuth(ClientAuth.NONE).build();
    }

    private int port() {
        return rig.server().addresses().get(0).getPort();
    }

    private RawClient tls(String version, String... protocols) throws Exception {
        return new RawClient(handshake(Rig.CA.clientContext(), version, protocols));
    }

    private SSLSocket handshake(SSLContext trust, String version, String... protocols) throws Exception {
        return handshake(new Socket(InetAddress.getLoopbackAddress(), port()), trust, version, protocols);
    }

    private SSLSocket handshake(Socket raw, SSLContext trust, String version, String... protocols) throws Exception {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(raw, PROXY, port(), true);
        socket.setSoTimeout(15_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Refusal refusal(AuditRecord.Decision decision) {
        return ((Verdict.Refused) decision.verdict()).refusal();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** A connection that remembers the bytes that came. */
    private static final class Recorder extends Socket {
        private final ByteArrayOutputStream came = new ByteArrayOutputStream();

        Recorder(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    throw new UnsupportedOperationException("the JDK reads into arrays");
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int read = super.read(into, from, length);
                    came.write(into, from, Math.max(0, read));
                    return read;
                }
            };
        }

        int lastRecordType() {
            ByteBuffer records = ByteBuffer.wrap(came.toByteArray());
            int type = -1;
            while (records.remaining() >= 5) {
                type = records.get();
                records.getShort();
                records.position(records.position() + 2 + records.getShort(records.position()));
            }
            return type;
        }
    }
}
