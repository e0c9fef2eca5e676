package io.konnectproxy.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.KeyStores;
import io.konnectproxy.keys.TrustedCertificates;
import io.netty.buffer.ByteBufAllocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes with a listener that has such an identity, over real sockets. */
class HandshakeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static PrivateCa ca;
    private static PrivateCa other;

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void make() throws Exception {
        ca = PrivateCa.create(Instant.now(), DAY);
        other = PrivateCa.create(Instant.now(), DAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void serves(String protocol) throws Exception {
        try (TlsListener listener = listener(false);
                SSLSocket client = client(listener, clientContext(null))) {
            client.setEnabledProtocols(new String[] {protocol});

            assertThat(asks(client)).isEqualTo("nobody");
            assertThat(client.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(client.getSession().getCipherSuite()).matches(".*_(GCM_SHA\\d+|CHACHA20_POLY1305_SHA256)");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "RSA, TLSv1.2", "RSA, TLSv1.3", "secp384r1, TLSv1.2", "secp384r1, TLSv1.3",
        "secp521r1, TLSv1.2", "secp521r1, TLSv1.3", "Ed25519, TLSv1.2", "Ed25519, TLSv1.3"
    })
    void serves_with_keys_of_every_kind(String kind, String protocol) throws Exception {
        KeyPair keys = Made.keys(kind);
        X509Certificate made = Made.server(keys).certificate();
        ServerIdentity identity =
                ServerIdentity.read(Made.files(directory, Made.pem(made), Made.pkcs8(keys.getPrivate())));
        SSLContext trusting = new TrustedCertificates("test", List.of(made)).clientContext();
        try (TlsListener listener = new TlsListener(identity::serverContext);
                SSLSocket client = client(listener, trusting)) {
            client.setEnabledProtocols(new String[] {protocol});
            assertThat(asks(client)).isEqualTo("nobody");
        }
    }

    @Test
    void has_only_what_is_modern() throws Exception {
        SSLEngine engine = identity(false).serverContext().newEngine(ByteBufAllocator.DEFAULT);

        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(engine.getEnabledCipherSuites())
                .contains(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                .noneMatch(suite -> suite.contains("_CBC_") || suite.startsWith("TLS_RSA_") || suite.contains("_DHE_"));
    }

    @Test
    void refuses_a_client_that_has_nothing_modern() throws Exception {
        try (TlsListener listener = listener(false);
                SSLSocket client = client(listener, clientContext(null))) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});

            assertThatThrownBy(client::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "h2,http/1.1", "http/1.1"})
    void selects_no_protocol_whatever_is_offered(String offered) throws Exception {
        try (TlsListener listener = listener(false);
                SSLSocket client = client(listener, clientContext(null))) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setApplicationProtocols(offered.split(",", -1));
            client.setSSLParameters(parameters);

            assertThat(asks(client)).isEqualTo("nobody");
            assertThat(client.getApplicationProtocol()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource(delimiter = '|', textBlock = """
        the authority's client           | TLSv1.2 | [payments]
        the authority's client           | TLSv1.3 | [payments]
        no certificate                   | TLSv1.2 | refused
        no certificate                   | TLSv1.3 | refused
        another authority's client       | TLSv1.2 | refused
        another authority's client       | TLSv1.3 | refused
        the authority's server           | TLSv1.2 | refused
        the authority's server           | TLSv1.3 | refused
        the authority's expired client   | TLSv1.3 | refused
        """)
    void demands_a_certificate_of_the_authority(String shown, String protocol, String outcome) throws Exception {
        Instant now = Instant.now();
        Optional<IssuedCertificate> own = switch (shown) {
            case "the authority's client" -> Optional.of(ca.client("payments", now, DAY));
            case "another authority's client" -> Optional.of(other.client("payments", now, DAY));
            case "the authority's server" -> Optional.of(ca.server(SubjectNames.parse(List.of("payments")), now, DAY));
            case "the authority's expired client" ->
                Optional.of(ca.client("payments", now.minus(DAY), DAY.minusHours(1)));
            default -> Optional.empty();
        };
        try (TlsListener listener = listener(true);
                SSLSocket client = client(listener, clientContext(own.orElse(null)))) {
            client.setEnabledProtocols(new String[] {protocol});

            assertThat(outcome(client)).isEqualTo(outcome);
        }
    }

    @Test
    void a_second_handshake_on_a_connection_is_refused() throws Exception {
        try (TlsListener listener = listener(false);
                SSLSocket client = client(listener, clientContext(null))) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(asks(client)).isEqualTo("nobody");
            client.getSession().invalidate();

            assertThat(outcome(client)).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_session_is_taken_up_again_by_another_connection(String protocol) throws Exception {
        try (TlsListener listener = listener(true)) {
            SSLContext context = clientContext(ca.client("payments", Instant.now(), DAY));
            List<Long> begun = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (SSLSocket client = client(listener, context)) {
                    client.setEnabledProtocols(new String[] {protocol});
                    assertThat(asks(client)).isEqualTo("[payments]");
                    begun.add(client.getSession().getCreationTime());
                }
            }
            assertThat(begun.get(1)).isEqualTo(begun.get(0));
        }
    }

    @Test
    void no_other_identity_is_shown_to_a_client_that_asks_for_another_name() throws Exception {
        try (TlsListener listener = listener(false);
                SSLSocket client = client(listener, clientContext(null))) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("us.api.konghq.com")));
            client.setSSLParameters(parameters);

            assertThat(asks(client)).isEqualTo("nobody");
            assertThat(CertificateNames.of((X509Certificate) client.getSession().getPeerCertificates()[0]))
                    .containsExactly("proxy.corp");
        }
    }

    private static String outcome(SSLSocket client) {
        try {
            return asks(client);
        } catch (IOException e) {
            return "refused";
        }
    }

    private static String asks(SSLSocket client) throws IOException {
        client.startHandshake();
        client.getOutputStream().write('?');
        String answer = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8)).readLine();
        if (answer == null) {
            throw new IOException("closed");
        }
        return answer;
    }

    private ServerIdentity identity(boolean demandsCertificates) throws Exception {
        IssuedCertificate server = ca.server(SubjectNames.parse(List.of("proxy.corp")), Instant.now(), DAY);
        ServerFiles files = Made.files(directory, server.certificatePem(), server.keyPem());
        return ServerIdentity.read(
                demandsCertificates
                        ? Made.withClientCa(files, directory, ca.own().certificatePem())
                        : files);
    }

    private TlsListener listener(boolean demandsCertificates) throws Exception {
        return new TlsListener(identity(demandsCertificates)::serverContext);
    }

    private static SSLSocket client(TlsListener listener, SSLContext context) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static SSLContext clientContext(@Nullable IssuedCertificate own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStores.empty();
        if (own != null) {
            store.setKeyEntry("client", own.key(), new char[0], new Certificate[] {own.certificate()});
        }
        keys.init(store, new char[0]);
        context.init(
                // Its own managers would keep a certificate back that the server's list of authorities does not ask
                // for.
                Arrays.stream(keys.getKeyManagers())
                        .map(manager -> own == null ? manager : new Insistent(own))
                        .toArray(KeyManager[]::new),
                new TrustedCertificates("test", List.of(ca.certificate()))
                        .trustManagers()
                        .getTrustManagers(),
                null);
        return context;
    }
}
