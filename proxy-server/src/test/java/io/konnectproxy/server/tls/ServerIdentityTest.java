package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PemFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served, and every pair of files that is not. */
class ServerIdentityTest {
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();
    private static final String ROOT = "CN=Root";
    private static final String MIDDLE = "CN=Middle";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void says_what_it_is() throws Exception {
        Made made = Made.server(keys("EC"))
                .dns("*.proxy.corp")
                .named(new GeneralName(GeneralName.iPAddress, "10.0.0.5"))
                .named(new GeneralName(GeneralName.iPAddress, "2001:db8::1"))
                .dns("proxy.corp")
                .issuedBy("CN=Corp\\, Inc. CA,O=Corp", keys("root"));
        Files.writeString(
                directory.resolve("ca.crt"),
                Made.authority("CN=Corp\\, Inc. CA,O=Corp", keys("root")).pem());
        X509Certificate certificate = made.certificate();

        ServerIdentity identity = ServerIdentity.read(Made.files(
                directory, Made.pem(certificate), Made.pkcs8(keys("EC").getPrivate())));

        assertThat(identity.names()).containsExactly("proxy.corp", "*.proxy.corp", "10.0.0.5", "2001:db8::1");
        assertThat(identity.notAfter()).isEqualTo(certificate.getNotAfter().toInstant());
        assertThat(identity.issuer()).isEqualTo("Corp, Inc. CA");
        assertThat(identity.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaf", "leaf middle", "leaf middle root"})
    void serves_a_chain_with_or_without_its_root(String chain) throws Exception {
        ServerIdentity identity = read(chain(chain), "leaf");

        assertThat(identity.names()).containsExactly("proxy.corp");
    }

    @ParameterizedTest(name = "{0}, beside it {1}")
    @CsvSource(delimiter = '|', textBlock = """
        leaf             | nothing | Middle
        leaf             | root    | Middle
        leaf middle      | nothing | Root
        leaf             | middle  | -
        leaf middle      | root    | -
        leaf middle root | nothing | -
        """)
    void warns_of_a_chain_that_may_lack_an_intermediate(String chain, String beside, String issuer) throws Exception {
        if (!beside.equals("nothing")) {
            Files.writeString(directory.resolve("ca.crt"), chain(beside));
        }

        assertThat(read(chain(chain), "leaf").warnings())
                .containsExactlyElementsOf(
                        issuer.equals("-")
                                ? List.of()
                                : List.of("The chain in " + directory
                                        + "/tls.crt ends with a certificate issued by '" + issuer
                                        + "', whose own is not in it: if that is an intermediate authority, clients cannot verify the"
                                        + " chain; put its certificate at the end of the file."));
    }

    @Test
    void leaves_an_expired_root_out_and_warns() throws Exception {
        Made root = Made.authority(ROOT, keys("root")).valid(Duration.ofDays(-3), Duration.ofDays(-1));
        Files.writeString(directory.resolve("ca.crt"), chain("root"));
        ServerIdentity identity = read(chain("leaf middle") + root.pem(), "leaf");

        assertThat(identity.notAfter()).isAfter(Instant.now());
        assertThat(identity.warnings())
                .singleElement()
                .asString()
                .startsWith("Certificate 3 in " + directory + "/tls.crt expired at ")
                .endsWith(", and is not sent to clients, which do not need it; take it out of the file.");
    }

    @Test
    void leaves_an_expired_cross_certificate_of_a_trusted_authority_out() throws Exception {
        String crossed = Made.authority(ROOT, keys("root"))
                .issuedBy("CN=Older", keys("other"))
                .valid(Duration.ofDays(-3), Duration.ofDays(-1))
                .pem();

        assertThatThrownBy(() -> read(chain("leaf middle") + crossed, "leaf"))
                .hasMessageStartingWith("Certificate 3 in " + directory + "/tls.crt expired at ");
        Files.writeString(directory.resolve("ca.crt"), chain("root"));
        assertThat(read(chain("leaf middle") + crossed, "leaf").warnings()).hasSize(1);
    }

    @Test
    void expires_with_the_first_certificate_of_its_chain() throws Exception {
        Made middle = middle().valid(Duration.ofHours(-1), Duration.ofDays(3));
        X509Certificate first = middle.certificate();

        assertThat(read(leaf().pem() + Made.pem(first), "leaf").notAfter())
                .isEqualTo(first.getNotAfter().toInstant());
    }

    @Test
    void warns_of_an_authoritys_own_certificate_and_serves_it() throws Exception {
        ServerIdentity identity = read(
                Made.authority("CN=proxy.corp", keys("leaf")).dns("proxy.corp").pem(), "leaf");

        assertThat(identity.warnings())
                .containsExactly("The certificate in " + directory
                        + "/tls.crt is that of an authority: whoever has its key can pretend to be any server to those who"
                        + " trust it; have it issue another one for the listener.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        the key of another               | The private key in KEY does not belong to the certificate in CRT.
        the key of the issuer            | The private key in KEY belongs to certificate 2 in CRT; that certificate must come first there.
        the root before the middle       | The chain in CRT is not in order: certificate 1 is not signed by certificate 2; the server's own comes first, and then each the issuer of the one before it.
        an issuer of that name only      | The chain in CRT is not in order: certificate 1 is not signed by certificate 2; the server's own comes first, and then each the issuer of the one before it.
        another behind the root          | The chain in CRT is not in order: certificate 3 is not signed by certificate 4; the server's own comes first, and then each the issuer of the one before it.
        an issuer that is no authority   | The chain in CRT cannot be verified: certificate 2 is not that of an authority.
        no alternative names             | The certificate in CRT is for no DNS name and no address (subjectAltName); clients do not look at its common name.
        an email address                 | The certificate in CRT is for no DNS name and no address (subjectAltName); clients do not look at its common name.
        for clients                      | The certificate in CRT is not for servers (extendedKeyUsage without serverAuth).
        for encryption                   | The certificate in CRT is not for signatures (keyUsage without digitalSignature).
        RSA of 1024 bits                 | The private key in KEY has 1024 bits; clients accept RSA from 2048 bits on.
        an issuer with RSA of 1024 bits  | The key of certificate 2 in CRT has 1024 bits; clients accept RSA from 2048 bits on.
        SHA-1                            | The signature of the certificate in CRT is SHA1withRSA, which clients do not believe any more; it must be issued again with SHA-256.
        a DSA key                        | KEY holds a private key that TLS is not served with here; RSA, EC or Ed25519 is needed.
        an X25519 key                    | KEY holds a private key that TLS is not served with here; RSA, EC or Ed25519 is needed.
        files the wrong way round        | CRT holds a private key; certificates are needed, and nothing else. Was it exchanged with the key's file?
        both in the certificate's file   | CRT holds a certificate and a private key; certificates are needed, and nothing else.
        both in the key's file           | KEY holds a certificate and a private key; the private key is needed, alone.
        two keys                         | KEY holds more than one thing; the private key is needed, alone.
        a certificate for the key        | KEY holds a certificate; the private key is needed.
        a public key for the key         | KEY holds a public key; the private key is needed.
        a request for the certificate    | CRT holds a certificate request; certificates are needed, and nothing else.
        a key of OpenSSH's               | KEY holds a private key in OpenSSH's own form; PKCS#8 is needed, which 'ssh-keygen -p -m PKCS8' makes of it.
        a damaged certificate            | CRT:2 is not a PEM file: what stands between BEGIN and END is damaged.
        a certificate cut short          | CRT:1 is not a PEM file: the END of this BEGIN is missing.
        an indented certificate          | CRT:1 is not a PEM file: BEGIN and its dashes must be the first of the line.
        a damaged key                    | KEY holds a private key that is damaged, or of a curve that is none of P-256, P-384 and P-521.
        text for the certificate         | CRT is not a PEM file: nothing in it is between BEGIN and END.
        nothing for the key              | KEY is not a PEM file: nothing in it is between BEGIN and END.
        a huge certificate file          | The certificate file CRT has more than 256 KiB; it must be something else.
        a huge key file                  | The key file KEY has more than 64 KiB; it must be something else.
        """)
    void refuses(String content, String sentence) throws Exception {
        assertRefused(Made.files(directory, certificate(content), key(content)), sentence);
    }

    private String certificate(String content) throws Exception {
        return switch (content) {
            case "the key of the issuer" -> chain("leaf middle root");
            case "the root before the middle" -> chain("leaf root middle");
            case "an issuer of that name only" ->
                leaf().pem() + Made.authority(MIDDLE, keys("other")).pem();
            case "another behind the root" ->
                chain("leaf middle root")
                        + Made.authority("CN=Other", keys("other")).pem();
            case "an issuer that is no authority" ->
                leaf().pem()
                        + Made.self(MIDDLE, keys("middle"))
                                .issuedBy(ROOT, keys("root"))
                                .pem();
            case "no alternative names" ->
                Made.self("CN=proxy.corp", keys("leaf")).pem();
            case "an email address" ->
                Made.self("CN=proxy.corp", keys("leaf"))
                        .named(new GeneralName(GeneralName.rfc822Name, "proxy@proxy.corp"))
                        .pem();
            case "for clients" -> leaf().purpose(KeyPurposeId.id_kp_clientAuth).pem();
            case "for encryption" -> leaf().usage(KeyUsage.keyEncipherment).pem();
            case "RSA of 1024 bits" -> Made.server(keys("RSA-1024")).pem();
            case "an issuer with RSA of 1024 bits" ->
                Made.server(keys("leaf")).issuedBy(ROOT, keys("RSA-1024")).pem()
                        + Made.authority(ROOT, keys("RSA-1024")).pem();
            case "SHA-1" -> Made.server(keys("RSA")).signedWith("SHA1withRSA").pem();
            case "files the wrong way round" -> Made.pkcs8(keys("leaf").getPrivate());
            case "both in the certificate's file" ->
                leaf().pem() + Made.pkcs8(keys("leaf").getPrivate());
            case "a request for the certificate" ->
                Made.pem(new JcaPKCS10CertificationRequestBuilder(
                                new org.bouncycastle.asn1.x500.X500Name("CN=proxy.corp"),
                                keys("leaf").getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(keys("leaf").getPrivate())));
            case "a damaged certificate" -> leaf().pem().replace("MII", "!!!");
            case "a certificate cut short" -> leaf().pem().replace("-----END CERTIFICATE-----", "");
            case "an indented certificate" -> "  " + chain("leaf middle");
            case "text for the certificate" -> "the certificate";
            case "a huge certificate file" -> leaf().pem() + " ".repeat(256 * 1024);
            default -> leaf().pem();
        };
    }

    private String key(String content) throws Exception {
        String key = Made.pkcs8(keys("leaf").getPrivate());
        return switch (content) {
            case "the key of another" -> Made.pkcs8(keys("other").getPrivate());
            case "the key of the issuer" -> Made.pkcs8(keys("middle").getPrivate());
            case "RSA of 1024 bits" -> Made.pkcs8(keys("RSA-1024").getPrivate());
            case "SHA-1" -> Made.pkcs8(keys("RSA").getPrivate());
            case "a DSA key" -> Made.pkcs8(keys("DSA").getPrivate());
            case "an X25519 key" -> Made.pkcs8(keys("X25519").getPrivate());
            case "files the wrong way round", "a certificate for the key" -> leaf().pem();
            case "both in the key's file" -> leaf().pem() + key;
            case "two keys" -> key + key;
            case "a public key for the key" ->
                PemFile.text("PUBLIC KEY", keys("leaf").getPublic().getEncoded());
            case "a key of OpenSSH's" -> PemFile.text("OPENSSH PRIVATE KEY", new byte[40]);
            case "a damaged key" ->
                PemFile.text(
                        "PRIVATE KEY",
                        HexFormat.of().parseHex("301a020100300d06092a864886f70d01010105000406300402010002"));
            case "nothing for the key" -> "";
            case "a huge key file" -> key + " ".repeat(64 * 1024);
            default -> key;
        };
    }

    @ParameterizedTest(name = "{0} hours")
    @CsvSource(delimiter = '|', textBlock = """
        -2  | The certificate in CRT is not valid before BEGIN; is the clock right?
        100 | The certificate in CRT expired at END; it must be renewed.
        """)
    void refuses_at_another_time(int hours, String sentence) throws Exception {
        X509Certificate certificate =
                leaf().valid(Duration.ofHours(-1), Duration.ofHours(99)).certificate();
        ServerContent content = ServerContent.read(Made.files(
                directory, Made.pem(certificate), Made.pkcs8(keys("leaf").getPrivate())));
        Instant then = Instant.now().plus(Duration.ofHours(hours));

        assertThat(ServerIdentity.of(content, InstantSource.system()).names()).containsExactly("proxy.corp");
        assertThatThrownBy(() -> ServerIdentity.of(content, InstantSource.fixed(then)))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(sentence.replace("CRT", directory + "/tls.crt")
                        .replace("BEGIN", certificate.getNotBefore().toInstant().toString())
                        .replace("END", certificate.getNotAfter().toInstant().toString()));
    }

    @Test
    void refuses_a_chain_of_which_one_has_expired() throws Exception {
        String expired =
                middle().valid(Duration.ofDays(-3), Duration.ofDays(-1)).pem();

        assertThatThrownBy(() -> read(leaf().pem() + expired, "leaf"))
                .hasMessageStartingWith("Certificate 2 in " + directory + "/tls.crt expired at ")
                .hasMessageEndingWith("; it must be renewed.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        encrypted, without a password    | KEY is encrypted, and no password was given; name a key-password-file.
        encrypted, with another password | The password does not open KEY.
        of old, with another password    | The password does not open KEY.
        of old, without a password       | KEY is encrypted, and no password was given; name a key-password-file.
        not encrypted, with a password   | KEY is not encrypted, but a password was given for it.
        with two lines for a password    | PWD must hold the password alone in one line.
        with no password file            | There is no key password file PWD.
        """)
    void refuses_a_key(String content, String sentence) throws Exception {
        KeyPair keys = keys("leaf");
        String key = content.startsWith("not")
                ? Made.pkcs8(keys.getPrivate())
                : content.startsWith("of old")
                        ? KeyFormsTest.written(keys.getPrivate(), "its own form, AES-128-CBC")
                        : KeyFormsTest.written(keys.getPrivate(), "PKCS#8, AES-256-CBC");
        ServerFiles files = Made.files(directory, leaf().pem(), key);
        if (!content.contains("without")) {
            files = Made.withPassword(files, directory, content.contains("two lines") ? "two\nlines" : "wrong");
        }
        if (content.contains("no password file")) {
            Files.delete(directory.resolve("password"));
        }
        assertRefused(files, sentence);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        text    | CA has something else than certificates in PEM in it.
        nothing | CA has no certificate in it.
        """)
    void refuses_authorities_of_clients(String content, String sentence) throws Exception {
        ServerFiles files =
                Made.files(directory, leaf().pem(), Made.pkcs8(keys("leaf").getPrivate()));
        assertRefused(Made.withClientCa(files, directory, content.equals("text") ? "the authorities" : ""), sentence);
    }

    @Test
    void refuses_files_that_are_none() throws Exception {
        ServerFiles files =
                Made.files(directory, leaf().pem(), Made.pkcs8(keys("leaf").getPrivate()));

        assertRefused(with(directory + "/none", files.key()), "There is no certificate file " + directory + "/none.");
        assertRefused(with(files.certificate(), directory + "/none"), "There is no key file " + directory + "/none.");
        assertRefused(
                with(files.certificate(), directory.toString()),
                "The key file " + directory + " cannot be read: it is a directory.");
        assertRefused(
                with(files.certificate(), "/dev/zero"),
                "The key file /dev/zero is a device or a pipe; a plain file is needed.");
    }

    @Test
    void no_sentence_has_the_password_or_the_key_in_it() throws Exception {
        String key = Made.pkcs8(keys("leaf").getPrivate());
        ServerFiles files = Made.withPassword(Made.files(directory, leaf().pem(), key), directory, "s3cret-w0rd");

        assertThatThrownBy(() -> ServerIdentity.read(files)).satisfies(e -> {
            assertThat(e.toString()).doesNotContain("s3cret").doesNotContain(key.substring(30, 60));
            assertThat(e.getCause()).isNull();
        });
        assertThat(ServerContent.read(files).toString()).doesNotContain("s3cret");
    }

    private static ServerFiles with(String certificate, String key) {
        return new ServerFiles(certificate, key, Optional.empty(), Optional.empty());
    }

    private void assertRefused(ServerFiles files, String sentence) {
        assertThatThrownBy(() -> ServerIdentity.read(files))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(sentence.replace("CRT", directory + "/tls.crt")
                        .replace("KEY", directory + "/tls.key")
                        .replace("PWD", directory + "/password")
                        .replaceFirst("^CA ", directory + "/clients.crt "));
    }

    private ServerIdentity read(String certificates, String key) throws Exception {
        return ServerIdentity.read(
                Made.files(directory, certificates, Made.pkcs8(keys(key).getPrivate())));
    }

    private static Made leaf() {
        return Made.server(keys("leaf")).issuedBy(MIDDLE, keys("middle"));
    }

    private static Made middle() {
        return Made.authority(MIDDLE, keys("middle")).issuedBy(ROOT, keys("root"));
    }

    private static String chain(String names) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String name : names.split(" ", -1)) {
            text.append(
                    switch (name) {
                        case "leaf" -> leaf().pem();
                        case "middle" -> middle().pem();
                        default -> Made.authority(ROOT, keys("root")).pem();
                    });
        }
        return text.toString();
    }

    /** One pair a name; what is no kind of key is a name for one on P-256. */
    private static KeyPair keys(String name) {
        return KEYS.computeIfAbsent(name, wanted -> {
            try {
                return Made.keys(wanted.matches("[a-z]+") ? "EC" : wanted);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
