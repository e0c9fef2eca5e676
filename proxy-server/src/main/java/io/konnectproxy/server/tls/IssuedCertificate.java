package io.konnectproxy.server.tls;

import io.konnectproxy.keys.PemFile;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/** A certificate and its private key, issued by a {@link PrivateCa}. */
public final class IssuedCertificate {
    private final X509Certificate certificate;
    private final PrivateKey key;

    IssuedCertificate(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** The last moment of its validity. */
    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** The certificate in PEM. The authority's own is left out: clients that trust the authority have it. */
    public String certificatePem() {
        try {
            return PemFile.text("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("certificate cannot be encoded", e);
        }
    }

    /** The private key in PEM (PKCS#8, not encrypted). */
    public String keyPem() {
        return PemFile.text("PRIVATE KEY", key.getEncoded());
    }

    /** Contains the serial number, and nothing of the key. */
    @Override
    public String toString() {
        return "certificate "
                + HexFormat.of().formatHex(certificate.getSerialNumber().toByteArray());
    }
}
