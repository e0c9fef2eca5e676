package io.konnectproxy.server.config;

import io.konnectproxy.keys.Secret;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a parent proxy is, and how it is spoken to. There is one accepted form, {@code http://user:password@proxy.corp:3128}.
 *
 * @param host a name, or an IP address without brackets
 * @param credentials {@code user:password}, percent-decoded; empty where the parent demands none
 */
public record ParentUrl(boolean tls, String host, int port, Optional<Secret> credentials) {
    private static final String EXAMPLE = "http://proxy.corp:3128";
    private static final Pattern FORM =
            Pattern.compile("(?<host>\\[[^\\]]*\\]|[^:\\[\\]]*)(:(?<port>.*))?", Pattern.DOTALL);

    /**
     * Reads the one accepted form. Nothing of the text is in what is thrown.
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
        // A password that holds a bare '@' is told from a host by nobody; the last one is the host's in every reading.
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
        // Programs differ in what they take a missing port for; Kong takes 443.
        if (parts.group("port") == null) {
            throw new IllegalArgumentException("has no port; write it out, like " + EXAMPLE);
        }
        return new ParentUrl(tls, host, SocketAddresses.port(parts.group("port"), 1), credentials);
    }

    ParentUrl with(Secret others) {
        return new ParentUrl(tls, host, port, Optional.of(others));
    }

    /** Its address, where no name must be resolved to know it. */
    Optional<InetAddress> address() {
        return UrlHost.address(host);
    }

    /** Whether nothing of it leaves this machine, as far as can be told without asking anybody. */
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
