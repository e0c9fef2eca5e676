package io.konnectproxy.server.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The host of a URL: a DNS name, an IPv4 address, or an IPv6 address in brackets. Names are never resolved here. */
final class UrlHost {
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    /** Text that some parsers take for an IPv4 address in another notation. */
    private static final Pattern NUMBER_AT_THE_END = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)");

    private UrlHost() {}

    /** Parses a host; the result is in lower case and has no brackets. */
    static String parse(String text) {
        if (text.startsWith("[")) {
            return ipv6(text.substring(1, text.length() - 1));
        }
        boolean number = NUMBER_AT_THE_END.matcher(text).matches();
        if (number ? !SocketAddresses.isIpv4(text) : !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("must have a host name or an IP address before its port");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static String ipv6(String text) {
        try {
            return NetUtil.toAddressString(SocketAddresses.ipv6(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has no IPv6 address in its brackets", e);
        }
    }

    /** The address of a parsed host; empty for a name that must be resolved. */
    static Optional<InetAddress> address(String host) {
        if (host.equals("localhost")) {
            return Optional.of(SocketAddresses.LOOPBACK);
        }
        return host.indexOf(':') >= 0 || SocketAddresses.isIpv4(host)
                ? Optional.of(SocketAddresses.address(host))
                : Optional.empty();
    }

    /** Whether a host is this machine, as far as is known without a DNS query. */
    static boolean isOnThisMachine(String host) {
        return address(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    static String written(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
