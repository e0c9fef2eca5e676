package io.konnectproxy.keys;

import java.io.IOException;
import java.io.StringReader;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;

/**
 * Recognises EC keys with explicit curve parameters instead of a named curve. RFC 5480, section 2.1.1, forbids them in
 * certificates, and the JDK and most clients reject them even where the curve is a standard one.
 */
public final class ExplicitCurve {
    /** The end of an error message about a certificate. */
    public static final String OF_A_CERTIFICATE =
            "whose EC key has explicit curve parameters, which clients refuse; it must be issued for a key with a named"
                    + " curve";

    private ExplicitCurve() {}

    public static boolean isIn(AlgorithmIdentifier algorithm) {
        return algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                && algorithm.getParameters() instanceof ASN1Sequence;
    }

    public static boolean isIn(X509CertificateHolder certificate) {
        return isIn(certificate.getSubjectPublicKeyInfo().getAlgorithm());
    }

    /** Whether one of the certificates in a PEM text has explicit curve parameters. */
    static boolean isInCertificates(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof X509CertificateHolder certificate && isIn(certificate)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // The text is damaged, which the caller reports.
        }
        return false;
    }
}
