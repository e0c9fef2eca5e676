package io.konnectproxy.server.config;

import io.konnectproxy.keys.Secret;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a parent proxy. There is one accepted form, {@code http://user:password@proxy.corp:3128}.
 *
 * @param host a name, or an IP address without brackets
 * @param credentials {@code user:password}, percent-decoded; empty if the parent requires none
 */
public record ParentUrl(boolean tls, String host, int port, Optional<Secret> credentials) {
    private static final String EXAMPLE = "http://proxy.corp:3128";
    private static final Pattern FORM =
            Pattern.compile("(?<host>\\[[^\\]]*\\]|[^:\\[\\]]*)(:(?<port>.*))?", Pattern.DOTALL);

    /**
     * Parses the one accepted form. Exceptions contain no part of the text.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with "the URL"
     */
    static ParentUrl parse(String text) {
        boolean tls = text.startsWith("https://");
        if (!tls && !text.startsWith("http://")) {
            throw new IllegalArgumentException("must begin with http:// or https://, like " + EXAMPLE
                    + "; parents of other kinds, SOCKS among them, cannot be used");
        }
        String authority = text.substring(text.indexOf("://") + 3);
        // The last '@' ends the userinfo. Parsers disagree about an earlier one, so ParentCredentials rejects it.
        int at = authority.lastIndexOf('@');
        Optional<Secret> credentials =
                at < 0 ? Optional.empty() : Optional.of(ParentCredentials.ofUrl(authority.substring(0, at)));
        String place = authority.substring(at + 1);
        if (place.chars().anyMatch(c -> c == '/' || c == '?' || c == '#')) {
            throw new IllegalArgumentException(
                    "must end with its port; leave out the '/', '?' or '#' and all behind it");
        }
        Matcher parts = FORM.matcher(place);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be like " + EXAMPLE + " or http://[fd00::1]:3128");
        }
        String host = UrlHost.parse(parts.group("host"));
        // Programs have different default ports; Kong's is 443.
        if (parts.group("port") == null) {
            throw new IllegalArgumentException("has no port; write it out, like " + EXAMPLE);
        }
        return new ParentUrl(tls, host, SocketAddresses.port(parts.group("port"), 1), credentials);
    }

    ParentUrl with(Secret others) {
        return new ParentUrl(tls, host, port, Optional.of(others));
    }

    /** The address, if the host is an IP address or {@code localhost}. */
    Optional<InetAddress> address() {
        return UrlHost.address(host);
    }

    /** Whether the host is this machine, as far as is known without a DNS query. */
    boolean isOnThisMachine() {
        return UrlHost.isOnThisMachine(host);
    }

    boolean isAtThePlaceOf(ParentUrl other) {
        return tls == other.tls && host.equals(other.host) && port == other.port;
    }

    /** Without credentials, {@code http://proxy.corp:3128}. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + UrlHost.written(host) + ":" + port;
    }
}
