package io.konnectproxy.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that sign and verify, and every file that holds none. */
class SigningKeyTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();
    private static final byte[] TEXT = "what is signed".getBytes(US_ASCII);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void what_it_signs_the_jdk_verifies() throws GeneralSecurityException {
        Signature jdk = Signature.getInstance("Ed25519");
        jdk.initVerify(jdkKey(KEY.verificationKey()));
        jdk.update(TEXT, 5, 2);

        assertThat(jdk.verify(KEY.sign(TEXT, 5, 7))).isTrue();
    }

    @Test
    void the_fingerprint_is_that_of_the_encoded_public_key() throws GeneralSecurityException {
        byte[] encoded = jdkKey(KEY.verificationKey()).getEncoded();

        assertThat(KEY.verificationKey().fingerprint())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)));
    }

    @Test
    void a_signature_is_good_for_its_bytes_and_its_key_only() {
        byte[] signature = KEY.sign(TEXT, 0, TEXT.length);
        byte[] other = signature.clone();
        other[10] ^= 1;

        assertThat(KEY.verificationKey().verifies(TEXT, signature)).isTrue();
        assertThat(KEY.verificationKey().verifies("what is singed".getBytes(US_ASCII), signature))
                .isFalse();
        assertThat(KEY.verificationKey().verifies(TEXT, other)).isFalse();
        assertThat(KEY.verificationKey().verifies(TEXT, new byte[0])).isFalse();
        assertThat(SigningKey.generate().verificationKey().verifies(TEXT, signature))
                .isFalse();
    }

    @Test
    void a_pair_is_read_back() throws Exception {
        Path plain = write("plain", KEY.pem(Optional.empty()));
        Path encrypted = write("encrypted", KEY.pem(Optional.of("p\u00e4ss wort".toCharArray())));
        Path publicKey = write("public", KEY.verificationKey().pem());
        String fingerprint = KEY.verificationKey().fingerprint();

        assertThat(VerificationKey.read(publicKey).fingerprint()).isEqualTo(fingerprint);
        assertThat(fingerprintOf(plain, null)).isEqualTo(fingerprint);
        assertThat(fingerprintOf(encrypted, "p\u00e4ss wort")).isEqualTo(fingerprint);
        assertThat(Files.readString(encrypted)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
        a private key      | x | FILE is not encrypted, but a password was given for it.
        an encrypted key   | - | FILE is encrypted, and no password was given; name a key-password-file, or set KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD.
        an encrypted key   | x | The password does not open FILE.
        an encrypted key   | `` | The password does not open FILE.
        a public key       | - | FILE holds a public key; what signs is an Ed25519 private key (audit keygen makes one).
        an RSA key         | - | FILE holds a private key that is not Ed25519; what signs is an Ed25519 private key (audit keygen makes one).
        an X25519 key      | - | FILE holds a private key that is not Ed25519; what signs is an Ed25519 private key (audit keygen makes one).
        a certificate      | - | FILE holds a certificate; what signs is an Ed25519 private key (audit keygen makes one).
        two keys           | - | FILE holds more than one key or certificate; one key is needed.
        a damaged key      | - | FILE:2 is not a PEM file: what stands between BEGIN and END is damaged.
        a short key        | - | FILE holds a private key that is damaged.
        some text          | - | FILE is not a PEM file: nothing in it is between BEGIN and END.
        an RSA key as DER   | - | FILE is not a PEM file: it is DER or PKCS#12. 'openssl x509 -inform DER' makes PEM of a certificate, 'openssl pkey -inform DER' of a key, 'openssl pkcs12 -nodes' of a .p12 or .pfx.
        its own key as DER  | - | FILE is not a PEM file: it is DER or PKCS#12. 'openssl x509 -inform DER' makes PEM of a certificate, 'openssl pkey -inform DER' of a key, 'openssl pkcs12 -nodes' of a .p12 or .pfx.
        a certificate as DER | - | FILE is not a PEM file: it is DER or PKCS#12. 'openssl x509 -inform DER' makes PEM of a certificate, 'openssl pkey -inform DER' of a key, 'openssl pkcs12 -nodes' of a .p12 or .pfx.
        a letter from 0     | - | FILE is not a PEM file: nothing in it is between BEGIN and END.
        nothing            | - | FILE is not a PEM file: nothing in it is between BEGIN and END.
        a directory        | - | The key file FILE cannot be read: it is a directory.
        no file            | - | There is no key file FILE.
        """)
    void what_does_not_sign_is_named(String content, String password, String sentence) throws Exception {
        Path file = content(content);

        assertThatThrownBy(() ->
                        SigningKey.read(file, Optional.ofNullable(password).map(String::toCharArray)))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(sentence.replace("FILE", file.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        a private key    | FILE holds a private key; what verifies is the Ed25519 public key (of audit keygen: the file that ends in .pub).
        an encrypted key | FILE holds an encrypted private key; what verifies is the Ed25519 public key (of audit keygen: the file that ends in .pub).
        a certificate    | FILE holds a certificate; what verifies is the Ed25519 public key (of audit keygen: the file that ends in .pub).
        an RSA public key | FILE holds a public key that is not Ed25519; what verifies is the Ed25519 public key (of audit keygen: the file that ends in .pub).
        some text        | FILE is not a PEM file: nothing in it is between BEGIN and END.
        no file          | There is no key file FILE.
        """)
    void what_does_not_verify_is_named(String content, String sentence) throws Exception {
        Path file = content(content);

        assertThatThrownBy(() -> VerificationKey.read(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(sentence.replace("FILE", file.toString()));
    }

    private Path content(String what) throws Exception {
        String key = KEY.pem(Optional.empty());
        return switch (what) {
            case "a private key" -> write("key", key);
            case "an encrypted key" -> write("key", KEY.pem(Optional.of("secret".toCharArray())));
            case "a public key" -> write("key", KEY.verificationKey().pem());
            case "an RSA key" ->
                write("key", pem("PRIVATE KEY", pair("RSA").getPrivate().getEncoded()));
            case "an RSA public key" ->
                write("key", pem("PUBLIC KEY", pair("RSA").getPublic().getEncoded()));
            case "an X25519 key" ->
                write("key", pem("PRIVATE KEY", pair("X25519").getPrivate().getEncoded()));
            case "a certificate" ->
                write(
                        "key",
                        pem("CERTIFICATE", new TestAuthority().certificate().getEncoded()));
            case "two keys" -> write("key", key + key);
            case "a damaged key" -> write("key", key.replace("MC4", "!!!"));
            case "a short key" ->
                write("key", pem("PRIVATE KEY", HexFormat.of().parseHex("300c020100300506032b65700400")));
            case "an RSA key as DER" ->
                Files.write(
                        directory.resolve("key.der"), pair("RSA").getPrivate().getEncoded());
            case "its own key as DER" ->
                Files.write(
                        directory.resolve("key.der"),
                        pair("Ed25519").getPrivate().getEncoded());
            case "a certificate as DER" ->
                Files.write(
                        directory.resolve("key.der"),
                        new TestAuthority().certificate().getEncoded());
            case "a letter from 0" -> write("key", "0123");
            case "some text" -> write("key", "hello");
            case "nothing" -> write("key", "");
            case "a directory" -> directory;
            default -> directory.resolve("none.pem");
        };
    }

    /** One of each: RSA takes half a second. */
    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPair pair = PAIRS.get(algorithm);
        if (pair == null) {
            pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            PAIRS.put(algorithm, pair);
        }
        return pair;
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name + ".pem"), text);
    }

    private static String fingerprintOf(Path file, String password) throws KeyFileException {
        return SigningKey.read(file, Optional.ofNullable(password).map(String::toCharArray))
                .verificationKey()
                .fingerprint();
    }

    private static PublicKey jdkKey(VerificationKey key) throws GeneralSecurityException {
        String base64 = key.pem().replaceAll("-----[A-Z ]*-----|\n", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
