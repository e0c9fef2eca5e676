package io.konnectproxy.server.config;

import java.util.Optional;

/**
 * Where a parent proxy is, and how it is spoken to.
 *
 * @param host a name, or an IP address without brackets
 * @param credentials {@code user:password}, percent-decoded; empty where the parent demands none
 */
public record ParentUrl(boolean tls, String host, int port, Optional<Secret> credentials) {
    /** Without credentials, {@code http://proxy.corp:3128}. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
