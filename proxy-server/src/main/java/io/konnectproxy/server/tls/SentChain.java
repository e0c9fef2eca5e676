package io.konnectproxy.server.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The certificates that a server has sent, which nobody has verified. All texts may be hostile.
 *
 * @param certificates at least one, the server's own first
 */
public record SentChain(List<X509Certificate> certificates) {
    public SentChain {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    private X509Certificate first() {
        return certificates.get(0);
    }

    /** Who has issued the server's own certificate. */
    public String issuer() {
        return ServerCertificate.issuer(first());
    }

    /** The DNS names in the server's certificate. */
    public List<String> names() {
        return CertificateNames.alternatives(first(), CertificateNames.DNS);
    }

    /** Whether the server's certificate is for a host; a wildcard stands for the whole first label (RFC 6125). */
    public boolean isFor(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot < 0 ? host : "*" + host.substring(dot);
        return names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(host) || name.equals(wildcard));
    }

    public Instant notBefore() {
        return first().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return first().getNotAfter().toInstant();
    }
}
