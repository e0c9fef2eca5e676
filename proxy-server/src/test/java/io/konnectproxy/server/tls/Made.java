package io.konnectproxy.server.tls;

import io.konnectproxy.keys.PemFile;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that says whatever a test wants it to say, right or wrong. */
final class Made {
    private final X500Name subject;
    private final KeyPair keys;
    private final List<GeneralName> names = new ArrayList<>();
    private final List<Added> more = new ArrayList<>();

    private X500Name issuer;
    private PrivateKey issuerKey;
    private final Instant now = Instant.now();
    private Instant from = now.minus(Duration.ofHours(1));
    private Instant until = now.plus(Duration.ofDays(90));
    private Optional<String> algorithm = Optional.empty();

    private record Added(ASN1ObjectIdentifier what, boolean critical, ASN1Encodable value) {}

    private Made(X500Name subject, KeyPair keys) {
        this.subject = subject;
        this.keys = keys;
        this.issuer = subject;
        this.issuerKey = keys.getPrivate();
    }

    static Made self(String subject, KeyPair keys) {
        return self(new X500Name(subject), keys);
    }

    static Made self(X500Name subject, KeyPair keys) {
        return new Made(subject, keys);
    }

    static Made server(KeyPair keys) {
        return self("CN=proxy.corp", keys).dns("proxy.corp");
    }

    static Made authority(String subject, KeyPair keys) {
        return self(subject, keys).with(Extension.basicConstraints, true, new BasicConstraints(true));
    }

    Made issuedBy(String name, KeyPair issuerKeys) {
        issuer = new X500Name(name);
        issuerKey = issuerKeys.getPrivate();
        return this;
    }

    Made dns(String name) {
        return named(new GeneralName(GeneralName.dNSName, name));
    }

    Made named(GeneralName name) {
        names.add(name);
        return this;
    }

    Made valid(Duration begin, Duration end) {
        from = now.plus(begin);
        until = now.plus(end);
        return this;
    }

    Made purpose(KeyPurposeId purpose) {
        return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }

    Made usage(int usage) {
        return with(Extension.keyUsage, true, new KeyUsage(usage));
    }

    Made signedWith(String name) {
        algorithm = Optional.of(name);
        return this;
    }

    Made with(ASN1ObjectIdentifier what, boolean critical, ASN1Encodable value) {
        more.add(new Added(what, critical, value));
        return this;
    }

    X509Certificate certificate() throws Exception {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer, BigInteger.TEN, Date.from(from), Date.from(until), subject, keys.getPublic());
        if (!names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        for (Added each : more) {
            builder.addExtension(each.what(), each.critical(), each.value());
        }
        String signature = algorithm.orElseGet(() -> KeyPairs.signatureAlgorithm(issuerKey));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(issuerKey)));
    }

    String pem() throws Exception {
        return pem(certificate());
    }

    /** What Bouncy Castle writes of it: keys in the forms from before PKCS#8. */
    static String pem(Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }

    static String pkcs8(PrivateKey key) {
        return PemFile.text("PRIVATE KEY", key.getEncoded());
    }

    /** {@code RSA}, {@code RSA-1024}, {@code EC}, {@code secp384r1}, {@code Ed25519}. */
    static KeyPair keys(String kind) throws GeneralSecurityException {
        if (kind.startsWith("secp")) {
            KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
            curve.initialize(new ECGenParameterSpec(kind));
            return curve.generateKeyPair();
        }
        if (kind.startsWith("RSA")) {
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(kind.equals("RSA") ? 2048 : Integer.parseInt(kind.substring(4)));
            return rsa.generateKeyPair();
        }
        return kind.equals("EC")
                ? KeyPairs.generate()
                : KeyPairGenerator.getInstance(kind).generateKeyPair();
    }

    static ServerFiles files(Path directory, String certificate, String key) throws IOException {
        return new ServerFiles(
                Files.writeString(directory.resolve("tls.crt"), certificate).toString(),
                Files.writeString(directory.resolve("tls.key"), key).toString(),
                Optional.empty(),
                Optional.empty());
    }

    static ServerFiles withPassword(ServerFiles files, Path directory, String password) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), password + "\n");
        return new ServerFiles(files.certificate(), files.key(), Optional.of(file.toString()), files.clientCa());
    }

    static ServerFiles withClientCa(ServerFiles files, Path directory, String authorities) throws IOException {
        Path file = Files.writeString(directory.resolve("clients.crt"), authorities);
        return new ServerFiles(files.certificate(), files.key(), files.keyPasswordFile(), Optional.of(file.toString()));
    }
}
