package io.konnectproxy.server.kong;

import io.konnectproxy.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The proxy as Kong and Go programs name it. Its text has letters, digits and {@code - . _ ~ : / @ %} in it and nothing
 * else, so that no file format or shell takes any of them for something of its own.
 *
 * @param host a name or an IPv4 address
 */
record ProxyUrl(boolean tls, String host, int port, Optional<Login> login) {
    /** In place of a password that was not given. */
    static final String PASSWORD = "PASSWORD";

    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?" + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final String UNRESERVED = "-._~";

    ProxyUrl {
        if (!isHost(host)) {
            throw new IllegalArgumentException("no host");
        }
    }

    /** Whether it is written like a host name or an IPv4 address. */
    static boolean isHost(String text) {
        return HOST.matcher(text).matches();
    }

    /**
     * Who comes in.
     *
     * @param password empty where it is to be filled in by hand
     */
    record Login(String user, Optional<Secret> password) {}

    /** With the password in it. */
    String text() {
        return (tls ? "https://" : "http://")
                + login.map(who -> encoded(who.user())
                                + ":"
                                + encoded(who.password().map(Secret::value).orElse(PASSWORD))
                                + "@")
                        .orElse("")
                + host + ":" + port;
    }

    /** The same without the password, for what is kept in files. */
    ProxyUrl withoutPassword() {
        return new ProxyUrl(tls, host, port, login.map(who -> new Login(who.user(), Optional.empty())));
    }

    /** Kong decodes {@code +} to a space and cuts at an {@code @} or {@code #}: all but the unreserved is encoded (RFC 3986). */
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

    /** Without credentials. */
    @Override
    public String toString() {
        return new ProxyUrl(tls, host, port, Optional.empty()).text();
    }
}
