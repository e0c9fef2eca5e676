package io.konnectproxy.server.config;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and formats socket addresses, {@code 127.0.0.1:3128} or {@code [::1]:3128}. Names are never resolved;
 * {@code localhost} is 127.0.0.1, regardless of the hosts file.
 */
public final class SocketAddresses {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    /** Text that {@link InetAddress#getByName} never resolves as a name. */
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9a-fA-F:.]{2,45}");

    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final Pattern SPLIT = Pattern.compile("(\\[(?<v6>[^\\]]*)\\]|(?<host>[^:\\[\\]]+))(:(?<port>.*))?");

    static final InetAddress LOOPBACK = literal("127.0.0.1", false);

    private SocketAddresses() {}

    /** Parses an address to listen on; port 0 lets the system choose. */
    static InetSocketAddress listening(String text) {
        String meant = Meant.listening(text);
        if (!meant.isEmpty()) {
            throw new IllegalArgumentException("is no address and port" + meant);
        }
        Matcher matcher = split(text);
        if (matcher.group("port") == null) {
            throw new IllegalArgumentException("has no port: write host:port, like 127.0.0.1:3128");
        }
        InetAddress address = "localhost".equals(matcher.group("host")) ? LOOPBACK : address(matcher);
        return new InetSocketAddress(address, port(matcher.group("port"), 0));
    }

    /** Parses the address of a name server; the default port is 53. */
    static InetSocketAddress nameServer(String text) {
        Matcher matcher = split(text);
        String port = matcher.group("port");
        return new InetSocketAddress(address(matcher), port == null ? 53 : port(port, 1));
    }

    /** Formats an address as in the file. */
    public static String text(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    /** Whether two addresses cannot both be bound. Port 0 never collides. */
    public static boolean collide(InetSocketAddress a, InetSocketAddress b) {
        return a.getPort() != 0
                && a.getPort() == b.getPort()
                && (a.getAddress().equals(b.getAddress())
                        || a.getAddress().isAnyLocalAddress()
                        || b.getAddress().isAnyLocalAddress());
    }

    private static Matcher split(String text) {
        if (IPV6.matcher(text).matches() && text.indexOf(':') != text.lastIndexOf(':')) {
            throw new IllegalArgumentException("must have its IPv6 address in brackets, like [::1]:3128");
        }
        Matcher matcher = SPLIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be an address and a port, like 127.0.0.1:3128 or [::1]:3128");
        }
        return matcher;
    }

    private static InetAddress address(Matcher matcher) {
        String v6 = matcher.group("v6");
        return v6 == null ? literal(matcher.group("host"), false) : literal(v6, true);
    }

    private static InetAddress literal(String text, boolean v6) {
        if (!(v6 ? IPV6 : IPV4).matcher(text).matches()) {
            throw new IllegalArgumentException("must begin with an IP address; names are not resolved here");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("has no IPv6 address in its brackets", e);
        }
    }

    /** Parses an address without brackets and port. */
    static InetAddress address(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        InetAddress address;
        try {
            address = literal(text, v6);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be an IP address alone, like 10.0.0.5 or fd00::5", e);
        }
        if (v6 && address instanceof Inet4Address) {
            throw new IllegalArgumentException("has an IPv4 address in it; write " + address.getHostAddress());
        }
        return address;
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Parses the text between brackets. */
    static InetAddress ipv6(String text) {
        return literal(text, true);
    }

    static int port(String text, int min) {
        if (PORT.matcher(text).matches()) {
            int port = Integer.parseInt(text);
            if (port >= min && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException("must end in a port from " + min + " to 65535");
    }
}
