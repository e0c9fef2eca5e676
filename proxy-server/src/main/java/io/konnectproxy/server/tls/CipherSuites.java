package io.konnectproxy.server.tls;

import java.util.List;
import java.util.Set;

/**
 * Selects cipher suites of the JDK: forward secrecy and AEAD only. Those are all suites of TLS 1.3 and, of TLS 1.2, suites
 * that every OpenSSL since 1.0.1 supports.
 */
final class CipherSuites {
    private CipherSuites() {}

    /** A {@link io.netty.handler.ssl.CipherSuiteFilter}. */
    static String[] modern(Iterable<String> wanted, List<String> defaults, Set<String> supported) {
        return defaults.stream()
                .filter(supported::contains)
                .filter(suite -> !suite.contains("_WITH_") || suite.startsWith("TLS_ECDHE_"))
                .filter(suite -> suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_"))
                .toArray(String[]::new);
    }
}
