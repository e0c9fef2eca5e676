package io.konnectproxy.mirror;

/**
 * Where copies of audit lines go and how they are carried, {@code syslog+tls://logs.corp:6514}.
 *
 * @param host a name or an IP address, without brackets
 * @param path begins with a slash; empty for syslog
 */
public record MirrorUrl(Carriage carriage, String host, int port, String path) {
    /** Where collectors take logs unless they say otherwise (OTLP 1.0, "OTLP/HTTP Request"). */
    public static final String OTLP_PATH = "/v1/logs";

    /** How lines are carried. */
    public enum Carriage {
        /** Syslog (RFC 5424) over TCP, octet counting (RFC 6587). */
        SYSLOG_TCP("syslog+tcp"),
        /** Syslog (RFC 5424) over TLS (RFC 5425). */
        SYSLOG_TLS("syslog+tls"),
        /** OpenTelemetry's logs, protobuf over HTTP. */
        OTLP_HTTP("otlp+http"),
        /** OpenTelemetry's logs, protobuf over HTTPS. */
        OTLP_HTTPS("otlp+https");

        private final String scheme;

        Carriage(String scheme) {
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

    /** The way to carry the same with TLS. */
    public Carriage encrypted() {
        return carriage.isSyslog() ? Carriage.SYSLOG_TLS : Carriage.OTLP_HTTPS;
    }

    /** The host as it stands in a URL. */
    String bracketedHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** The usual path is left out: one destination is written one way. */
    @Override
    public String toString() {
        return carriage + "://" + bracketedHost() + ":" + port + (path.equals(OTLP_PATH) ? "" : path);
    }
}
