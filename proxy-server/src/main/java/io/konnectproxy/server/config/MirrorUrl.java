package io.konnectproxy.server.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where copies of audit lines go and how they are carried, {@code syslog+tls://logs.corp:6514}. There is one accepted form.
 *
 * @param host a name or an IP address, without brackets
 * @param path begins with a slash; empty for syslog
 */
public record MirrorUrl(Carriage carriage, String host, int port, String path) {
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>[a-z+]+)://(?<host>\\[[^\\]/@?#]*\\]|[^:/@?#\\[\\]]*)(:(?<port>[0-9]*))?(?<path>/.*)?");

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
    private static final String OTLP_PATH = "/v1/logs";

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

    /**
     * Reads the one accepted form.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the text
     */
    static MirrorUrl parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.indexOf('@') >= 0) {
            throw new IllegalArgumentException("must not have a user or a password in it");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("must end with its port or path, without '?' or '#'");
        }
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "must be like syslog+tls://logs.corp:6514 or otlp+https://logs.corp:4318");
        }
        Carriage carriage = carriage(parts.group("scheme"));
        String host = UrlHost.parse(parts.group("host"));
        int port = port(parts.group("port"), carriage);
        return new MirrorUrl(carriage, host, port, path(Optional.ofNullable(parts.group("path")), carriage));
    }

    private static Carriage carriage(String scheme) {
        return Values.oneOf("way to carry audit lines", List.of(Carriage.values()))
                .apply(scheme);
    }

    private static int port(String text, Carriage carriage) {
        if (text == null) {
            throw new IllegalArgumentException("has no port; write one, like :" + usualPort(carriage));
        }
        return SocketAddresses.port(text, 1);
    }

    private static int usualPort(Carriage carriage) {
        return switch (carriage) {
            case SYSLOG_TCP -> 601;
            case SYSLOG_TLS -> 6514;
            case OTLP_HTTP, OTLP_HTTPS -> 4318;
        };
    }

    private static String path(Optional<String> text, Carriage carriage) {
        if (carriage.isSyslog()) {
            if (text.isPresent()) {
                throw new IllegalArgumentException("must end with its port; syslog knows no paths");
            }
            return "";
        }
        if (text.isPresent() && !PATH.matcher(text.get()).matches()) {
            throw new IllegalArgumentException("must have a plain path, like " + OTLP_PATH + ", or none");
        }
        return text.orElse(OTLP_PATH);
    }

    /** Whether nothing of it leaves this machine, as far as can be told without asking anybody. */
    boolean isOnThisMachine() {
        return UrlHost.isOnThisMachine(host);
    }

    /** The way to carry the same with TLS. */
    Carriage encrypted() {
        return carriage.isSyslog() ? Carriage.SYSLOG_TLS : Carriage.OTLP_HTTPS;
    }

    /** The usual path is left out: one destination is written one way. */
    @Override
    public String toString() {
        return carriage + "://" + UrlHost.written(host) + ":" + port + (path.equals(OTLP_PATH) ? "" : path);
    }
}
