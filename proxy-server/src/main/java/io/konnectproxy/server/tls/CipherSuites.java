package io.konnectproxy.server.tls;

import java.util.List;
import java.util.Set;

/**
 * What is offered of that which the JDK allows: keys that are agreed on anew for each session, and encryption that is
 * authenticated. That are all suites of TLS 1.3, and of TLS 1.2 those that every OpenSSL since 1.0.1 has.
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
