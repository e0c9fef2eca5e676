package io.konnectproxy.target;

import java.util.List;

/**
 * The target of a CONNECT request (RFC 9110, section 9.3.6: {@code host ":" port}). Every text is exactly one of the four
 * cases; only an {@link Authority} can be permitted.
 */
public sealed interface ConnectTarget
        permits Authority, ConnectTarget.RootedName, ConnectTarget.IpLiteral, ConnectTarget.Malformed {

    /** A well-formed name with a dot at its end, {@code cloud.konghq.com.:443}. This is not the canonical form. */
    record RootedName(HostName host, int port) implements ConnectTarget {}

    /**
     * An address instead of a name: IPv6 in brackets, or anything that a client library might parse as IPv4. The URL standard
     * ("ends in a number") has the widest definition of that: the last label is all digits, or begins with {@code 0x}.
     */
    record IpLiteral(int port) implements ConnectTarget {}

    /** Not a well-formed target. {@code problem} is a sentence that contains nothing of the text. */
    record Malformed(String problem) implements ConnectTarget {}

    /**
     * Parses the text of a request target. ASCII letters are folded to lower case; nothing else is normalized.
     *
     * @param text the target as sent; a character outside printable ASCII makes it {@link Malformed}
     */
    static ConnectTarget parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return new Malformed("The target has a character that no host name has.");
            }
        }
        return text.startsWith("[") ? bracketed(text) : named(text);
    }

    private static ConnectTarget bracketed(String text) {
        int end = text.indexOf(']');
        if (end < 0 || !Ipv6Text.isAddress(text.substring(1, end))) {
            return new Malformed("The target has brackets without an IPv6 address in them.");
        }
        String behind = text.substring(end + 1);
        if (!behind.startsWith(":")) {
            return new Malformed("The target has no port: write host:443.");
        }
        int port = port(behind.substring(1));
        return port < 0 ? malformedPort() : new IpLiteral(port);
    }

    private static ConnectTarget named(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new Malformed("The target has no port: write host:443.");
        }
        if (text.indexOf(':', colon + 1) >= 0) {
            return new Malformed("The target has more than one colon; it must be host:port.");
        }
        int port = port(text.substring(colon + 1));
        if (port < 0) {
            return malformedPort();
        }
        String name = text.substring(0, colon);
        boolean rooted = name.endsWith(".");
        HostNameReading reading = HostName.read(rooted ? name.substring(0, name.length() - 1) : name);
        if (reading instanceof HostNameReading.Unreadable unreadable) {
            return new Malformed(unreadable.problem());
        }
        HostName host = (HostName) reading;
        if (endsInNumber(host.labels())) {
            return new IpLiteral(port);
        }
        return rooted ? new RootedName(host, port) : new Authority(host, port);
    }

    private static boolean endsInNumber(List<String> labels) {
        String last = labels.get(labels.size() - 1);
        return last.startsWith("0x") || last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Malformed malformedPort() {
        return new Malformed("The port must be a plain decimal number from 1 to 65535.");
    }

    /** The port, or -1. RFC 9110 allows {@code *DIGIT}; here each number has only one accepted form. */
    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || digits.charAt(0) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= 65535 ? value : -1;
    }
}
