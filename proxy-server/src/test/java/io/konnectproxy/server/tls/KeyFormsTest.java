package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.TrustedCertificates;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form that private keys come in. */
class KeyFormsTest {
    private static final String PASSWORD = "p\u00e4ss wort";
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        RSA       | PKCS#8
        EC        | PKCS#8
        secp384r1 | PKCS#8
        secp521r1 | PKCS#8
        Ed25519   | PKCS#8
        RSA       | its own form
        EC        | its own form
        secp384r1 | its own form
        RSA       | its own form, AES-256-CBC
        EC        | its own form, AES-128-CBC
        RSA       | its own form, DES-EDE3-CBC
        RSA       | PKCS#8, AES-256-CBC
        EC        | PKCS#8, AES-256-CBC
        Ed25519   | PKCS#8, AES-256-CBC
        EC        | PKCS#8, 3DES
        """)
    void reads_what_bouncy_castle_writes(String kind, String form) throws Exception {
        KeyPair keys = keys(kind);
        ServerFiles files = Made.files(directory, Made.server(keys).pem(), written(keys.getPrivate(), form));

        assertServes(form.contains(",") ? Made.withPassword(files, directory, PASSWORD) : files);
    }

    static String written(PrivateKey key, String form) throws Exception {
        if (form.equals("PKCS#8")) {
            return Made.pkcs8(key);
        }
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            String encryption = form.substring(form.indexOf(',') + 1).strip();
            if (form.equals("its own form")) {
                pem.writeObject(withCurve(key));
            } else if (form.startsWith("its own form")) {
                pem.writeObject(new JcaMiscPEMGenerator(
                        withCurve(key),
                        new JcePEMEncryptorBuilder(encryption).setProvider(BC).build(PASSWORD.toCharArray())));
            } else {
                ASN1ObjectIdentifier algorithm = encryption.equals("3DES")
                        ? PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC
                        : PKCS8Generator.AES_256_CBC;
                pem.writeObject(new JcaPKCS8Generator(
                        key,
                        new JceOpenSSLPKCS8EncryptorBuilder(algorithm)
                                .setProvider(BC)
                                .setPassword(PASSWORD.toCharArray())
                                .build()));
            }
        }
        return text.toString();
    }

    /** The JDK leaves the name of the curve out of the key itself, where it has to be in this form. */
    private static PrivateKey withCurve(PrivateKey key) throws GeneralSecurityException {
        return key.getAlgorithm().equals("EC")
                ? KeyFactory.getInstance("EC", BC).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()))
                : key;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        genpkey RSA                      | genpkey -algorithm RSA -out KEY
        genpkey EC                       | genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out KEY
        genpkey Ed25519                  | genpkey -algorithm ED25519 -out KEY
        genrsa, in its own form          | genrsa -traditional -out KEY 2048
        ecparam, with EC PARAMETERS      | ecparam -name prime256v1 -genkey -out KEY
        ecparam, without                 | ecparam -name secp521r1 -genkey -noout -out KEY
        with the key in words around it  | ecparam -name prime256v1 -genkey -noout -text -out KEY
        a public half left out           | ecparam -name prime256v1 -genkey -noout -out TEMP ; ec -in TEMP -no_public -out KEY
        PKCS#8, AES-256-CBC              | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -in TEMP -passout file:PASSWORD -out KEY
        PKCS#8, 3DES with PBKDF2         | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -v2 des3 -in TEMP -passout file:PASSWORD -out KEY
        PKCS#8, AES with SHA-1           | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -v2prf hmacWithSHA1 -in TEMP -passout file:PASSWORD -out KEY
        PKCS#8, scrypt                   | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -scrypt -in TEMP -passout file:PASSWORD -out KEY
        PKCS#8, 3DES as in PKCS#12       | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -v1 PBE-SHA1-3DES -in TEMP -passout file:PASSWORD -out KEY
        PKCS#8, DES with MD5             | ecparam -name prime256v1 -genkey -noout -out TEMP ; pkcs8 -topk8 -v1 PBE-MD5-DES -provider legacy -provider default -in TEMP -passout file:PASSWORD -out KEY
        Ed25519 in PKCS#8, AES-256-CBC   | genpkey -algorithm ED25519 -aes-256-cbc -pass file:PASSWORD -out KEY
        RSA in its own form, AES-256-CBC | genrsa -traditional -aes256 -passout file:PASSWORD -out KEY 2048
        RSA in its own form, 3DES        | genrsa -traditional -des3 -passout file:PASSWORD -out KEY 2048
        EC in its own form, AES-128-CBC  | ecparam -name prime256v1 -genkey -noout -out TEMP ; ec -in TEMP -aes128 -passout file:PASSWORD -out KEY
        """)
    void reads_what_openssl_writes(String form, String commands) throws Exception {
        assumeTrue(Openssl.isThere(), "there is no openssl here");
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        boolean encrypted = commands.contains("PASSWORD");
        for (String command : commands.split(" ; ", -1)) {
            openssl(command);
        }
        openssl(
                "req -x509 -new -key KEY -passin file:PASSWORD -subj /CN=proxy.corp -addext subjectAltName=DNS:proxy.corp"
                        + " -days 2 -text -out CRT"
                        + (commands.contains("legacy") ? " -provider legacy -provider default" : ""));
        ServerFiles files = new ServerFiles(
                directory.resolve("tls.crt").toString(),
                directory.resolve("tls.key").toString(),
                encrypted ? Optional.of(password.toString()) : Optional.empty(),
                Optional.empty());

        assertServes(files);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ecparam -name prime256v1 -param_enc explicit -genkey -out KEY",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out KEY"
            })
    void a_curve_that_is_spelled_out_is_refused(String command) throws Exception {
        assumeTrue(Openssl.isThere(), "there is no openssl here");
        openssl(command);
        String certificate = Made.server(keys("EC")).pem();
        ServerFiles files = Made.files(directory, certificate, Files.readString(directory.resolve("tls.key")));

        assertThatThrownBy(() -> ServerIdentity.read(files))
                .isInstanceOf(KeyFileException.class)
                .hasMessage(files.key()
                        + " holds an EC key with explicit curve parameters; TLS needs a named curve, which 'openssl ec -in"
                        + " OLD -param_enc named_curve -out NEW' makes of it.");
        openssl("ec -in KEY -param_enc named_curve -out TEMP");
        openssl("req -x509 -new -key TEMP -subj /CN=proxy.corp -addext subjectAltName=DNS:proxy.corp -days 2 -out CRT");
        assertServes(new ServerFiles(
                files.certificate(), directory.resolve("temp.key").toString(), Optional.empty(), Optional.empty()));
    }

    @Test
    void a_certificate_whose_curve_is_spelled_out_is_refused() throws Exception {
        assumeTrue(Openssl.isThere(), "there is no openssl here");
        openssl("ecparam -name prime256v1 -param_enc explicit -genkey -out KEY");
        openssl("req -x509 -new -key KEY -subj /CN=proxy.corp -addext subjectAltName=DNS:proxy.corp -days 2 -out CRT");
        String certificate = directory + "/tls.crt";

        assertThatThrownBy(() -> ServerIdentity.read(
                        new ServerFiles(certificate, directory + "/tls.key", Optional.empty(), Optional.empty())))
                .hasMessageStartingWith(
                        certificate + " holds a certificate whose EC key has explicit curve parameters");
        assertThatThrownBy(() -> TrustedCertificates.read(certificate))
                .hasMessageStartingWith("has a certificate whose EC key has explicit curve parameters");
    }

    private static void assertServes(ServerFiles files) throws KeyFileException {
        ServerIdentity identity = ServerIdentity.read(files);
        assertThat(identity.names()).containsExactly("proxy.corp");
        assertThat(identity.serverContext().isServer()).isTrue();
    }

    private static KeyPair keys(String kind) {
        return KEYS.computeIfAbsent(kind, wanted -> {
            try {
                return Made.keys(wanted);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void openssl(String command) throws IOException, InterruptedException {
        Openssl.run(command.replace("KEY", directory + "/tls.key")
                .replace("CRT", directory + "/tls.crt")
                .replace("TEMP", directory + "/temp.key")
                .replace("PASSWORD", directory + "/password"));
    }
}
