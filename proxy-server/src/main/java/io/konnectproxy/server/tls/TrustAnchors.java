package io.konnectproxy.server.tls;

import io.konnectproxy.keys.TrustedCertificates;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Authorities that clients probably trust: that in the {@code ca.crt} beside a certificate, where the command
 * {@code certificate} and cert-manager put it, and those that this JVM trusts.
 */
final class TrustAnchors {
    private TrustAnchors() {}

    /** Whether one of them has issued a certificate. */
    static boolean haveIssuerOf(X509Certificate certificate, String file) {
        return all(file)
                .filter(each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .anyMatch(each -> CertificateChain.isSignedBy(certificate, each));
    }

    /** Whether one of them is the same authority, with this name and key. */
    static boolean have(X509Certificate certificate, String file) {
        return all(file)
                .anyMatch(each -> each.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                        && each.getPublicKey().equals(certificate.getPublicKey()));
    }

    /** The authorities that this JVM trusts; none if its trust store cannot be read. */
    static List<X509Certificate> ofTheJvm() {
        return OfTheJvm.ALL;
    }

    private static Stream<X509Certificate> all(String file) {
        return Stream.concat(beside(file).stream(), OfTheJvm.ALL.stream());
    }

    private static List<X509Certificate> beside(String file) {
        try {
            return TrustedCertificates.read(
                            Path.of(file).resolveSibling("ca.crt").toString())
                    .certificates();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Read when they are needed. */
    private static final class OfTheJvm {
        private static final List<X509Certificate> ALL = read();

        private static List<X509Certificate> read() {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                return Arrays.stream(factory.getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                        .toList();
            } catch (GeneralSecurityException e) {
                return List.of();
            }
        }
    }
}
