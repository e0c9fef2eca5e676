package io.konnectproxy.mirror;

/**
 * The destination and the protocol of copies of audit lines, {@code syslog+tls://logs.corp:6514}.
 *
 * @param host a name or an IP address, without brackets
 * @param path begins with a slash; empty for syslog
 */
public record MirrorUrl(Protocol protocol, String host, int port, String path) {
    /** The default path of a collector (OTLP 1.0, "OTLP/HTTP Request"). */
    public static final String OTLP_PATH = "/v1/logs";

    /** The protocol that carries the lines; its name is the scheme of the URL. */
    public enum Protocol {
        /** Syslog (RFC 5424) over TCP, octet counting (RFC 6587). */
        SYSLOG_TCP("syslog+tcp"),
        /** Syslog (RFC 5424) over TLS (RFC 5425). */
        SYSLOG_TLS("syslog+tls"),
        /** OpenTelemetry's logs, protobuf over HTTP. */
        OTLP_HTTP("otlp+http"),
        /** OpenTelemetry's logs, protobuf over HTTPS. */
        OTLP_HTTPS("otlp+https");

        private final String scheme;

        Protocol(String scheme) {
            this.scheme = scheme;
        }

        public boolean isEncrypted() {
            return this == SYSLOG_TLS || this == OTLP_HTTPS;
        }

        public boolean isSyslog() {
            return this == SYSLOG_TCP || this == SYSLOG_TLS;
        }

        @Override
        public String toString() {
            return scheme;
        }
    }

    /** The same protocol over TLS. */
    public Protocol encrypted() {
        return protocol.isSyslog() ? Protocol.SYSLOG_TLS : Protocol.OTLP_HTTPS;
    }

    /** The host as in a URL, an IPv6 address in brackets. */
    String bracketedHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Without the default path, so that each destination has one spelling. */
    @Override
    public String toString() {
        return protocol + "://" + bracketedHost() + ":" + port + (path.equals(OTLP_PATH) ? "" : path);
    }
}
