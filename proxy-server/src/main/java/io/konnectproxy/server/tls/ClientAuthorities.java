package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.TrustedCertificates;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Whom the certificates of a {@code client-ca} let in, as the JDK decides it: an authority lets in whoever has a certificate of
 * it, and any certificate, whatever it is for, whoever has its own key.
 */
final class ClientAuthorities {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CERTIFICATE_SIGNATURE = 5;
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String ANYTHING = "2.5.29.37.0";

    private ClientAuthorities() {}

    /**
     * Refuses a file that lets in nobody but the listener itself: its own certificate in place of the authority's.
     *
     * @param own the listener's certificate
     */
    static void require(TrustedCertificates trusted, X509Certificate own) throws KeyFileException {
        if (trusted.certificates().stream().allMatch(each -> isIssued(each) && hasTheKeyOf(own, each))) {
            throw new KeyFileException(trusted.file()
                    + " holds the listener's own certificate, which is no authority (basicConstraints), so no client could come"
                    + " in; name the authority's certificate, such as ca.crt.");
        }
    }

    private static boolean isIssued(X509Certificate certificate) {
        return !isAuthority(certificate) && !CertificateChain.isSignedBy(certificate, certificate);
    }

    private static boolean hasTheKeyOf(X509Certificate own, X509Certificate certificate) {
        return own.getPublicKey().equals(certificate.getPublicKey());
    }

    /** A sentence if there is neither an authority nor a certificate that is meant to let in its own holder. */
    static List<String> warnings(TrustedCertificates trusted) {
        return trusted.certificates().stream().anyMatch(each -> isAuthority(each) || isPinned(each))
                ? List.of()
                : List.of(trusted.file()
                        + " holds no certificate of an authority (basicConstraints, keyUsage): only who has the key of that"
                        + " very certificate can come in; name the authority's certificate, such as ca.crt, unless that is"
                        + " meant.");
    }

    /** Certificates of version 1 have no extensions that could say so, and are taken for roots. */
    private static boolean isAuthority(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getVersion() < 3
                || (certificate.getBasicConstraints() >= 0 && (usage == null || usage[CERTIFICATE_SIGNATURE]));
    }

    /** A client's, or a self-signed one that a client may have. */
    private static boolean isPinned(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() < 0
                && (usage == null || usage[DIGITAL_SIGNATURE])
                && isForClients(certificate);
    }

    private static boolean isForClients(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null
                    ? CertificateChain.isSignedBy(certificate, certificate)
                    : purposes.stream().anyMatch(Set.of(CLIENT, ANYTHING)::contains);
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
