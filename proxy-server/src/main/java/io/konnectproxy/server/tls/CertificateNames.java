package io.konnectproxy.server.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/** STUB. */
public final class CertificateNames {
    private CertificateNames() {}

    public static List<String> of(X509Certificate certificate) {
        return List.of(certificate.getSubjectX500Principal().getName());
    }
}
