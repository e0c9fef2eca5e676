package io.konnectproxy.server.tls;

import io.konnectproxy.keys.FileContent;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PemFile;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A private certificate authority: for trial, closed networks, the demonstration and tests. It issues certificates for
 * either servers or clients, never for both. Any thread.
 */
public final class PrivateCa {
    /** The longest common name (RFC 5280, ub-common-name). */
    private static final int MAX_COMMON_NAME = 64;

    /** Enough for unpredictable and unique serial numbers. */
    private static final int SERIAL_BITS = 127;

    /** How long before now certificates become valid, for clients with a slow clock. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private final IssuedCertificate own;

    private PrivateCa(IssuedCertificate own) {
        this.own = own;
    }

    /** Creates an authority with a new key and a name of its own, so that two authorities can be distinguished. */
    public static PrivateCa create(Instant now, Duration validity) throws GeneralSecurityException {
        KeyPair keys = KeyPairs.generate();
        SubjectKeyIdentifier id = identifier(keys.getPublic());
        X500Name name = commonName("konnect-proxy CA " + HexFormat.of().formatHex(id.getKeyIdentifier(), 0, 4));
        Draft draft = new Draft(name, name, keys.getPublic(), now, now.plus(validity));
        draft.add(Extension.basicConstraints, true, new BasicConstraints(0));
        draft.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        draft.add(Extension.subjectKeyIdentifier, false, id);
        return new PrivateCa(new IssuedCertificate(draft.signedBy(keys.getPrivate()), keys.getPrivate()));
    }

    /**
     * Reads an authority that this or another program made.
     *
     * @throws KeyFileException if clients would not accept its certificates; one sentence
     */
    public static PrivateCa read(Path certificate, Path key, Instant now) throws KeyFileException {
        CertificateChain chain =
                CertificateChain.read(FileContent.read("certificate file", certificate, PemFile.MAX_BYTES));
        PrivateKey read = ServerKey.read(FileContent.read("key file", key, PemFile.MAX_BYTES), Optional.empty());
        KeyPairs.requireMatch(read, key.toString(), chain);
        X509Certificate first = chain.first();
        boolean[] usage = first.getKeyUsage();
        if (chain.certificates().size() > 1 || !CertificateChain.isSignedBy(first, first)) {
            throw new KeyFileException(certificate
                    + " is not the one certificate of a root; an authority that others sign is not trusted by itself.");
        }
        if (first.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
            throw new KeyFileException("The certificate in " + certificate
                    + " is not that of an authority (basicConstraints, keyUsage); it cannot sign others.");
        }
        chain.requireOrder();
        chain.requireValidAt(now);
        return new PrivateCa(new IssuedCertificate(first, read));
    }

    /**
     * The names of a certificate that this authority has issued, for its renewal; it may have expired.
     *
     * @return none if there is no such file, or the certificate is of another authority
     */
    public SubjectNames namesOf(Path certificate) {
        try {
            X509Certificate found = CertificateChain.read(
                            FileContent.read("certificate file", certificate, PemFile.MAX_BYTES))
                    .first();
            return CertificateChain.isSignedBy(found, certificate())
                    ? SubjectNames.of(found)
                    : new SubjectNames(List.of(), List.of());
        } catch (KeyFileException e) {
            return new SubjectNames(List.of(), List.of());
        }
    }

    /** The certificate of the authority, which clients trust, and its private key. */
    public IssuedCertificate own() {
        return own;
    }

    public X509Certificate certificate() {
        return own.certificate();
    }

    /** Issues a server certificate, which is valid no longer than the authority itself. */
    public IssuedCertificate server(SubjectNames names, Instant now, Duration validity)
            throws GeneralSecurityException {
        List<String> all = names.all();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a server certificate needs a subject alternative name");
        }
        KeyPair keys = KeyPairs.generate();
        boolean named = all.get(0).length() <= MAX_COMMON_NAME;
        X500Name subject = named ? commonName(all.get(0)) : new X500Name(new RDN[0]);
        Draft draft = issue(subject, keys.getPublic(), KeyPurposeId.id_kp_serverAuth, now, validity);
        // Where the subject is empty the names must be critical (RFC 5280, section 4.1.2.6).
        draft.add(Extension.subjectAlternativeName, !named, names.alternativeNames());
        return new IssuedCertificate(draft.signedBy(own.key()), keys.getPrivate());
    }

    /** Issues a client certificate with this common name. */
    public IssuedCertificate client(String name, Instant now, Duration validity) throws GeneralSecurityException {
        KeyPair keys = KeyPairs.generate();
        Draft draft = issue(commonName(name), keys.getPublic(), KeyPurposeId.id_kp_clientAuth, now, validity);
        return new IssuedCertificate(draft.signedBy(own.key()), keys.getPrivate());
    }

    private Draft issue(X500Name subject, PublicKey key, KeyPurposeId purpose, Instant now, Duration validity)
            throws GeneralSecurityException {
        JcaX509CertificateHolder issuer = new JcaX509CertificateHolder(own.certificate());
        Instant wanted = now.plus(validity);
        Draft draft = new Draft(
                issuer.getSubject(), subject, key, now, wanted.isBefore(own.notAfter()) ? wanted : own.notAfter());
        draft.add(Extension.basicConstraints, true, new BasicConstraints(false));
        draft.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        draft.add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        draft.add(Extension.subjectKeyIdentifier, false, identifier(key));
        // An authority of another program may derive its identifier differently, or have none.
        SubjectKeyIdentifier id = SubjectKeyIdentifier.fromExtensions(issuer.getExtensions());
        if (id != null) {
            draft.add(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(id.getKeyIdentifier()));
        }
        return draft;
    }

    private static SubjectKeyIdentifier identifier(PublicKey key) throws GeneralSecurityException {
        return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    }

    /** A certificate that is not signed yet. */
    private static final class Draft {
        private final X509v3CertificateBuilder builder;

        private Draft(X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant notAfter) {
            BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
            this.builder = new JcaX509v3CertificateBuilder(
                    issuer, serial, Date.from(now.minus(EARLY)), Date.from(notAfter), subject, key);
        }

        private void add(ASN1ObjectIdentifier what, boolean critical, ASN1Encodable value)
                throws GeneralSecurityException {
            try {
                builder.addExtension(what, critical, value);
            } catch (CertIOException e) {
                throw new GeneralSecurityException(e);
            }
        }

        private X509Certificate signedBy(PrivateKey issuer) throws GeneralSecurityException {
            try {
                return new JcaX509CertificateConverter()
                        .getCertificate(builder.build(
                                new JcaContentSignerBuilder(KeyPairs.signatureAlgorithm(issuer)).build(issuer)));
            } catch (OperatorCreationException e) {
                throw new GeneralSecurityException(e);
            }
        }
    }
}
