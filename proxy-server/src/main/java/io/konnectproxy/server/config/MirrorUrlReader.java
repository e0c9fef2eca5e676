package io.konnectproxy.server.config;

import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.mirror.MirrorUrl.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the URL of a mirror of the audit trail, {@code syslog+tls://logs.corp:6514}. There is one accepted form. */
final class MirrorUrlReader {
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>[a-z+]+)://(?<host>\\[[^\\]/@?#]*\\]|[^:/@?#\\[\\]]*)(:(?<port>[0-9]*))?(?<path>/.*)?");

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    private MirrorUrlReader() {}

    /**
     * Parses the one accepted form.
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
        Protocol protocol = protocol(parts.group("scheme"));
        String host = UrlHost.parse(parts.group("host"));
        int port = port(parts.group("port"), protocol);
        return new MirrorUrl(protocol, host, port, path(Optional.ofNullable(parts.group("path")), protocol));
    }

    private static Protocol protocol(String scheme) {
        return Values.oneOf("way to carry audit lines", List.of(Protocol.values()))
                .apply(scheme);
    }

    private static int port(String text, Protocol protocol) {
        if (text == null) {
            throw new IllegalArgumentException("has no port; write one, like :" + usualPort(protocol));
        }
        return SocketAddresses.port(text, 1);
    }

    private static int usualPort(Protocol protocol) {
        return switch (protocol) {
            case SYSLOG_TCP -> 601;
            case SYSLOG_TLS -> 6514;
            case OTLP_HTTP, OTLP_HTTPS -> 4318;
        };
    }

    private static String path(Optional<String> text, Protocol protocol) {
        if (protocol.isSyslog()) {
            if (text.isPresent()) {
                throw new IllegalArgumentException("must end with its port; syslog knows no paths");
            }
            return "";
        }
        if (text.isPresent() && !PATH.matcher(text.get()).matches()) {
            throw new IllegalArgumentException("must have a plain path, like " + MirrorUrl.OTLP_PATH + ", or none");
        }
        return text.orElse(MirrorUrl.OTLP_PATH);
    }
}
