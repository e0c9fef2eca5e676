package io.konnectproxy.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.TrustedCertificates;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the certificates of a client-ca let in, by real handshakes, and what is refused or warned of. */
class ClientAuthoritiesTest {
    private static final String NAME = "CN=Named";

    private static KeyPair keys;
    private static KeyPair issuer;
    private static KeyPair client;
    private static KeyPair server;
    private static X509Certificate own;

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void make() throws Exception {
        keys = KeyPairs.generate();
        issuer = KeyPairs.generate();
        client = KeyPairs.generate();
        server = KeyPairs.generate();
        own = Made.server(server).certificate();
    }

    /** What is named, and who comes in besides whoever has its own key. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        a root                                     | who has one of its certificates |
        a root of version 1                        | who has one of its certificates |
        an intermediate authority                  | who has one of its certificates |
        a root that may not sign certificates      | nobody                          | warned of
        a self-signed one without basicConstraints | nobody                          |
        a self-signed one for servers              | nobody                          | warned of
        a self-signed one for clients              | nobody                          |
        a self-signed one for encryption           | nobody                          | warned of
        a self-signed one that signs, and is no CA | nobody                          | warned of
        a server's                                 | nobody                          | warned of
        a server's without purposes                | nobody                          | warned of
        a server's that is for clients too         | nobody                          |
        a client's                                 | nobody                          |
        """)
    void lets_in(String named, String who, String said) throws Exception {
        X509Certificate certificate = certificate(named);
        X509Certificate issued = Made.self("CN=client", client)
                .issuedBy(NAME, keys)
                .purpose(KeyPurposeId.id_kp_clientAuth)
                .certificate();
        SslContext context = accepting(certificate);
        assertThat(comesIn(context, new IssuedCertificate(issued, client.getPrivate())))
                .isEqualTo(!who.equals("nobody"));
        assertThat(comesIn(context, new IssuedCertificate(certificate, keys.getPrivate())))
                .isTrue();

        TrustedCertificates trusted = new TrustedCertificates("clients.crt", List.of(certificate));
        ClientAuthorities.require(trusted, own);
        assertThat(ClientAuthorities.warnings(trusted))
                .isEqualTo(
                        said == null
                                ? List.of()
                                : List.of(
                                        "clients.crt holds no certificate of an authority (basicConstraints, keyUsage): only"
                                                + " who has the key of that very certificate can come in; name the authority's"
                                                + " certificate, such as ca.crt, unless that is meant."));
    }

    @Test
    void one_authority_among_others_is_enough() throws Exception {
        X509Certificate ofTheListener = certificate("a server's");
        TrustedCertificates trusted =
                new TrustedCertificates("clients.crt", List.of(ofTheListener, certificate("a root")));
        ClientAuthorities.require(trusted, ofTheListener);
        assertThat(ClientAuthorities.warnings(trusted)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a server's", "a server's without purposes", "a server's that is for clients too"})
    void the_listeners_own_certificate_in_place_of_the_authoritys_is_refused(String certificate) throws Exception {
        X509Certificate ofTheListener = certificate(certificate);
        assertThatThrownBy(() -> ClientAuthorities.require(
                        new TrustedCertificates("clients.crt", List.of(ofTheListener)), ofTheListener))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(
                        "clients.crt holds the listener's own certificate, which is no authority (basicConstraints), so"
                                + " no client could come in; name the authority's certificate, such as ca.crt.");
    }

    /** With a key that both ends share; whoever has it can come in. */
    @ParameterizedTest
    @ValueSource(strings = {"a self-signed one without basicConstraints", "a root", "a root of version 1"})
    void the_listeners_own_self_signed_certificate_is_not_refused(String certificate) throws Exception {
        X509Certificate ofTheListener = certificate(certificate);
        ClientAuthorities.require(new TrustedCertificates("clients.crt", List.of(ofTheListener)), ofTheListener);
    }

    @Test
    void an_identity_is_refused_and_warned_of() throws Exception {
        String certificate = Made.server(server)
                .issuedBy("CN=Authority", issuer)
                .purpose(KeyPurposeId.id_kp_serverAuth)
                .pem();
        ServerFiles files = Made.files(directory, certificate, Made.pkcs8(server.getPrivate()));
        assertThatThrownBy(() -> ServerIdentity.read(Made.withClientCa(files, directory, certificate)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageStartingWith(directory + "/clients.crt holds the listener's own certificate");
        assertThat(ServerIdentity.read(Made.withClientCa(files, directory, Made.pem(certificate("a server's"))))
                        .warnings())
                .anyMatch(
                        warning -> warning.startsWith(directory + "/clients.crt holds no certificate of an authority"));
    }

    private static X509Certificate certificate(String named) throws Exception {
        Made self = Made.self(NAME, keys);
        Made issued = Made.self(NAME, keys).issuedBy("CN=Authority", issuer);
        return switch (named) {
            case "a root" -> Made.authority(NAME, keys).certificate();
            case "a root of version 1" -> versionOne();
            case "an intermediate authority" ->
                issued.with(Extension.basicConstraints, true, new BasicConstraints(0))
                        .usage(KeyUsage.keyCertSign)
                        .certificate();
            case "a root that may not sign certificates" ->
                Made.authority(NAME, keys).usage(KeyUsage.cRLSign).certificate();
            case "a self-signed one for servers" ->
                self.purpose(KeyPurposeId.id_kp_serverAuth).certificate();
            case "a self-signed one for clients" ->
                self.purpose(KeyPurposeId.id_kp_clientAuth).certificate();
            case "a self-signed one for encryption" ->
                self.usage(KeyUsage.keyEncipherment).certificate();
            case "a self-signed one that signs, and is no CA" ->
                self.usage(KeyUsage.keyCertSign).certificate();
            case "a server's" -> issued.purpose(KeyPurposeId.id_kp_serverAuth).certificate();
            case "a server's without purposes" -> issued.dns("proxy.corp").certificate();
            case "a server's that is for clients too" ->
                issued.with(
                                Extension.extendedKeyUsage,
                                false,
                                new org.bouncycastle.asn1.x509.ExtendedKeyUsage(
                                        new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                                        }))
                        .certificate();
            case "a client's" -> issued.purpose(KeyPurposeId.id_kp_clientAuth).certificate();
            default -> self.certificate();
        };
    }

    private static X509Certificate versionOne() throws Exception {
        Instant now = Instant.now();
        X500Name name = new X500Name(NAME);
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v1CertificateBuilder(
                                name,
                                BigInteger.TEN,
                                Date.from(now.minus(Duration.ofHours(1))),
                                Date.from(now.plus(Duration.ofDays(1))),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    /** As a listener has it, without the check. */
    private static SslContext accepting(X509Certificate named) throws Exception {
        return SslContextBuilder.forServer(server.getPrivate(), own)
                .sslProvider(SslProvider.JDK)
                .trustManager(new TrustedCertificates("clients.crt", List.of(named)).trustManagers())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    private static boolean comesIn(SslContext listening, IssuedCertificate shown) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {new Insistent(shown)},
                new TrustedCertificates("test", List.of(own)).trustManagers().getTrustManagers(),
                null);
        try (TlsListener listener = new TlsListener(() -> listening);
                SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            socket.getOutputStream().write("?".getBytes(UTF_8));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
