package io.konnectproxy.server.tls;

import io.konnectproxy.keys.ExplicitCurve;
import io.konnectproxy.keys.FileContent;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PemFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * The certificates of a file: the server's own, then each the issuer of the one before it.
 *
 * @param file the name of the file
 * @param certificates at least one
 */
record CertificateChain(String file, List<X509Certificate> certificates) {
    CertificateChain {
        certificates = List.copyOf(certificates);
    }

    /** Reads a file with certificates and nothing else. */
    static CertificateChain read(FileContent file) throws KeyFileException {
        List<Object> contents = PemFile.contents(file);
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object each : contents) {
            if (!(each instanceof X509CertificateHolder certificate)) {
                String found = PemFile.names(contents);
                throw new KeyFileException(
                        file.file() + " holds " + found + "; certificates are needed, and nothing else"
                                + (found.equals("a private key") ? ". Was it exchanged with the key's file?" : "."));
            }
            if (ExplicitCurve.isIn(certificate)) {
                throw new KeyFileException(
                        file.file() + " holds a certificate " + ExplicitCurve.OF_A_CERTIFICATE + ".");
            }
            certificates.add(ofJdk(certificate, file.file()));
        }
        return new CertificateChain(file.file(), certificates);
    }

    private static X509Certificate ofJdk(X509CertificateHolder certificate, String file) throws KeyFileException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.getEncoded()));
        } catch (CertificateException | IOException | RuntimeException e) {
            throw new KeyFileException(file + " holds a certificate that is damaged.");
        }
    }

    X509Certificate first() {
        return certificates.get(0);
    }

    /** When the first certificate of the chain expires; the chain fails verification from then on. */
    Instant notAfter() {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Requires that each certificate is signed by the next one, with keys and digests that clients accept. */
    void requireOrder() throws KeyFileException {
        for (int i = 0; i < certificates.size(); i++) {
            X509Certificate each = certificates.get(i);
            KeyStrength.require(each.getPublicKey(), "The key of " + name(i));
            if (i + 1 < certificates.size()) {
                requireIssuer(i);
            }
            requireSignature(i);
        }
    }

    private void requireIssuer(int i) throws KeyFileException {
        X509Certificate issuer = certificates.get(i + 1);
        if (!isSignedBy(certificates.get(i), issuer)) {
            throw new KeyFileException("The chain in " + file + " is not in order: certificate " + (i + 1)
                    + " is not signed by certificate " + (i + 2)
                    + "; the server's own comes first, and then each the issuer of the one before it.");
        }
        if (issuer.getBasicConstraints() < 0) {
            throw new KeyFileException("The chain in " + file + " cannot be verified: certificate " + (i + 2)
                    + " is not that of an authority.");
        }
    }

    /** Rejects digests that clients reject. The signature of a root is exempt, since it is not verified. */
    private void requireSignature(int i) throws KeyFileException {
        String algorithm = certificates.get(i).getSigAlgName();
        boolean root = i > 0 && isSignedBy(certificates.get(i), certificates.get(i));
        if (!root && algorithm.toUpperCase(Locale.ROOT).matches("(MD2|MD5|SHA1|SHA-1)WITH.*")) {
            throw new KeyFileException("The signature of " + name(i) + " is " + algorithm
                    + ", which clients do not believe any more; it must be issued again with SHA-256.");
        }
    }

    /**
     * The chain up to the first certificate that has expired and that clients do not need: a root's, since they look at their
     * own copy, or that of an authority which they trust by itself. Some clients would stumble over it.
     */
    CertificateChain withoutExpiredExtras(Instant now) {
        for (int i = 1; i < certificates.size(); i++) {
            X509Certificate each = certificates.get(i);
            if (now.isAfter(each.getNotAfter().toInstant())) {
                return isSignedBy(each, each) || TrustAnchors.have(each, file)
                        ? new CertificateChain(file, certificates.subList(0, i))
                        : this;
            }
        }
        return this;
    }

    X509Certificate last() {
        return certificates.get(certificates.size() - 1);
    }

    void requireValidAt(Instant now) throws KeyFileException {
        for (int i = 0; i < certificates.size(); i++) {
            Instant from = certificates.get(i).getNotBefore().toInstant();
            Instant until = certificates.get(i).getNotAfter().toInstant();
            if (now.isAfter(until)) {
                throw new KeyFileException(capital(name(i)) + " expired at " + until + "; it must be renewed.");
            }
            if (now.isBefore(from)) {
                throw new KeyFileException(capital(name(i)) + " is not valid before " + from + "; is the clock right?");
            }
        }
    }

    /** As in {@code "the certificate in FILE"}. */
    private String name(int i) {
        return (certificates.size() == 1 ? "the certificate" : "certificate " + (i + 1)) + " in " + file;
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
