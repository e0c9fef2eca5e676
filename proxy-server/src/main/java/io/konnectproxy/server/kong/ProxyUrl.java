package io.konnectproxy.server.kong;

import io.konnectproxy.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The URL of the proxy for Kong and Go programs. Its text has only letters, digits and {@code - . _ ~ : / @ %}, so that
 * no character has a special meaning in a file format or a shell.
 *
 * @param host a name or an IPv4 address
 */
record ProxyUrl(boolean tls, String host, int port, Optional<Login> login) {
    /** The placeholder for a password that was not given. */
    static final String PASSWORD = "PASSWORD";

    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?" + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final String UNRESERVED = "-._~";

    ProxyUrl {
        if (!isHost(host)) {
            throw new IllegalArgumentException("no host");
        }
    }

    /** Whether a text has the form of a host name or an IPv4 address. */
    static boolean isHost(String text) {
        return HOST.matcher(text).matches();
    }

    /**
     * The user information of the URL.
     *
     * @param password empty where the user must fill it in
     */
    record Login(String user, Optional<Secret> password) {}

    /** The URL with the password. */
    String text() {
        return (tls ? "https://" : "http://")
                + login.map(who -> encoded(who.user())
                                + ":"
                                + encoded(who.password().map(Secret::value).orElse(PASSWORD))
                                + "@")
                        .orElse("")
                + host + ":" + port;
    }

    /** The URL without the password, for files that are kept. */
    ProxyUrl withoutPassword() {
        return new ProxyUrl(tls, host, port, login.map(who -> new Login(who.user(), Optional.empty())));
    }

    /**
     * Encodes everything except the unreserved characters (RFC 3986), because Kong decodes {@code +} to a space and
     * cuts at an {@code @} or {@code #}.
     */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(hex(c >> 4)).append(hex(c & 0xf));
            }
        }
        return encoded.toString();
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    /** The URL without credentials. */
    @Override
    public String toString() {
        return new ProxyUrl(tls, host, port, Optional.empty()).text();
    }
}
