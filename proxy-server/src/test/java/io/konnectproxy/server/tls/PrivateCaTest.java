package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.KeyFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a private authority issues, and which files are none. */
class PrivateCaTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final Instant now = Instant.now();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void is_an_authority_that_signs_and_does_nothing_else() throws Exception {
        X509Certificate ca = PrivateCa.create(now, YEAR).certificate();

        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, false, false, false);
        assertThat(ca.getNotAfter().toInstant()).isEqualTo(now.plus(YEAR).truncatedTo(ChronoUnit.SECONDS));
        assertThat(CertificateChain.isSignedBy(ca, ca)).isTrue();
    }

    @Test
    void two_of_them_have_two_names() throws Exception {
        assertThat(PrivateCa.create(now, YEAR).certificate().getSubjectX500Principal())
                .isNotEqualTo(PrivateCa.create(now, YEAR).certificate().getSubjectX500Principal());
    }

    @Test
    void issues_to_a_server() throws Exception {
        PrivateCa ca = PrivateCa.create(now, YEAR);
        X509Certificate server = ca.server(
                        SubjectNames.parse(List.of("Proxy.corp", "10.0.0.5", "2001:DB8:0::1", "proxy")),
                        now,
                        Duration.ofDays(30))
                .certificate();

        assertThat(server.getSubjectX500Principal().getName()).isEqualTo("CN=proxy.corp");
        assertThat(server.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "proxy.corp"),
                        List.of(2, "proxy"),
                        List.of(7, "10.0.0.5"),
                        List.of(7, "2001:db8:0:0:0:0:0:1"));
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getKeyUsage()).containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getSerialNumber().bitLength()).isBetween(90, 128);
        assertThat(server.getNotAfter().toInstant())
                .isEqualTo(now.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS));
        assertThat(CertificateChain.isSignedBy(server, ca.certificate())).isTrue();
    }

    @Test
    void issues_to_a_client() throws Exception {
        X509Certificate client = PrivateCa.create(now, YEAR)
                .client("payments", now, Duration.ofDays(30))
                .certificate();

        assertThat(CertificateNames.of(client)).containsExactly("payments");
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void issues_nothing_that_outlives_it() throws Exception {
        PrivateCa ca = PrivateCa.create(now, Duration.ofDays(10));

        assertThat(ca.client("payments", now, YEAR).notAfter())
                .isEqualTo(ca.own().notAfter());
    }

    @Test
    void a_name_too_long_for_a_subject_is_an_alternative_name_all_the_same() throws Exception {
        String host = "a".repeat(63) + ".proxy.corp";
        X509Certificate server = PrivateCa.create(now, YEAR)
                .server(SubjectNames.parse(List.of(host)), now, YEAR)
                .certificate();

        assertThat(server.getSubjectX500Principal().getName()).isEmpty();
        assertThat(server.getCriticalExtensionOIDs()).contains("2.5.29.17");
        assertThat(server.getSubjectAlternativeNames()).containsExactly(List.of(2, host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "secp384r1", "RSA", "Ed25519"})
    void an_authority_of_another_program_issues_too(String kind) throws Exception {
        KeyPair keys = Made.keys(kind);
        write(Made.authority("CN=Corp", keys).pem(), Made.pkcs8(keys.getPrivate()));
        PrivateCa ca = PrivateCa.read(certificate(), key(), now);

        assertThat(CertificateChain.isSignedBy(ca.client("payments", now, YEAR).certificate(), ca.certificate()))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        another key             | The private key in KEY does not belong to the certificate in CRT.
        no authority            | The certificate in CRT is not that of an authority (basicConstraints, keyUsage); it cannot sign others.
        an authority for CRLs   | The certificate in CRT is not that of an authority (basicConstraints, keyUsage); it cannot sign others.
        an intermediate         | CRT is not the one certificate of a root; an authority that others sign is not trusted by itself.
        two certificates        | CRT is not the one certificate of a root; an authority that others sign is not trusted by itself.
        an expired one          | The certificate in CRT expired at END; it must be renewed.
        an encrypted key        | KEY is encrypted, and no password was given; name a key-password-file.
        """)
    void is_not_read_from(String content, String sentence) throws Exception {
        KeyPair keys = Made.keys("EC");
        Made root = Made.authority("CN=Corp", keys);
        Made made = switch (content) {
            case "no authority" -> Made.server(keys);
            case "an authority for CRLs" -> root.usage(KeyUsage.cRLSign);
            case "an intermediate" -> root.issuedBy("CN=Root", Made.keys("EC"));
            case "an expired one" -> root.valid(Duration.ofDays(-3), Duration.ofDays(-1));
            default -> root;
        };
        X509Certificate certificate = made.certificate();
        String key = content.equals("another key")
                ? Made.pkcs8(Made.keys("EC").getPrivate())
                : content.equals("an encrypted key")
                        ? KeyFormsTest.written(keys.getPrivate(), "PKCS#8, AES-256-CBC")
                        : Made.pkcs8(keys.getPrivate());
        write(Made.pem(certificate) + (content.equals("two certificates") ? Made.pem(certificate) : ""), key);

        assertThatThrownBy(() -> PrivateCa.read(certificate(), key(), now))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(sentence.replace("CRT", certificate().toString())
                        .replace("KEY", key().toString())
                        .replace("END", certificate.getNotAfter().toInstant().toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "https://proxy.corp", "proxy.corp:3129", "proxy.corp.", "*.proxy.corp", "proxy_corp",
                        "-a.corp",
                "10.0.0.256", "010.0.0.1", "10.0.0", "[2001:db8::1]", "fe80::1%eth0", "10.0.0.0/8", "pr\u00f6xy.corp",
                        "a\nb"
            })
    void no_name_is(String text) {
        assertThatThrownBy(() -> SubjectNames.parse(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text
                        + "' is neither a host name nor an IP address; write it as in proxy.corp or 10.0.0.5, without scheme,"
                        + " port or brackets.");
    }

    private void write(String certificate, String key) throws Exception {
        Files.writeString(certificate(), certificate);
        Files.writeString(key(), key);
    }

    private Path certificate() {
        return directory.resolve("ca.crt");
    }

    private Path key() {
        return directory.resolve("ca.key");
    }
}
