package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyBytes.LOCAL;
import static io.konnectproxy.wire.ProxyBytes.PROXY;
import static io.konnectproxy.wire.ProxyBytes.TCP4;
import static io.konnectproxy.wire.ProxyBytes.TCP6;
import static io.konnectproxy.wire.ProxyBytes.addresses;
import static io.konnectproxy.wire.ProxyBytes.endpoint;
import static io.konnectproxy.wire.ProxyBytes.header;
import static io.konnectproxy.wire.ProxyBytes.summed;
import static io.konnectproxy.wire.ProxyBytes.vector;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** PROXY headers that are taken. */
public final class AcceptedProxyHeaders {
    private static final InetSocketAddress CLIENT = endpoint("10.0.0.7", 51234);
    private static final InetSocketAddress CLIENT6 = endpoint("fd00::7", 51234);
    private static final String FOUR = addresses(CLIENT, endpoint("10.0.0.10", 3128));
    private static final String SIX = addresses(CLIENT6, endpoint("fd00::10", 3128));
    private static final String MAPPED = "\0".repeat(10) + "\u00ff\u00ff";
    private static final String LONG_IPV6 = "FDff:FFFF:ffff:ffff:ffff:ffff:ffff:ffff";

    private AcceptedProxyHeaders() {}

    /** The arguments are a name, the bytes of the header, and the source, empty where the peer speaks for itself. */
    public static Stream<Arguments> all() {
        return Stream.of(lines(), linesOfPeers(), blocks(), blocksOfPeers()).flatMap(s -> s);
    }

    private static Stream<Arguments> lines() {
        return Stream.of(
                row("v1 IPv4", "PROXY TCP4 10.0.0.7 10.0.0.10 51234 3128\r\n", CLIENT),
                row("v1 IPv6", "PROXY TCP6 fd00::7 fd00::10 51234 3128\r\n", CLIENT6),
                row(
                        "v1 IPv6 in capitals and as long as it gets",
                        "PROXY TCP6 " + LONG_IPV6 + " " + LONG_IPV6 + " 65535 65535\r\n",
                        endpoint(LONG_IPV6, 65535)),
                row(
                        "v1 IPv6 that ends in IPv4",
                        "PROXY TCP6 fd00::1.2.3.4 fd00::1 1 1\r\n",
                        endpoint("fd00::102:304", 1)),
                row("v1 IPv4-mapped IPv6 is IPv4", "PROXY TCP6 ::ffff:10.0.0.7 ::1 51234 3128\r\n", CLIENT),
                row("v1 IPv4-mapped IPv6 in hexadecimal", "PROXY TCP6 ::FFFF:a00:7 ::1 51234 3128\r\n", CLIENT),
                row("v1 the lowest port", "PROXY TCP4 10.0.0.7 10.0.0.10 0 0\r\n", endpoint("10.0.0.7", 0)),
                row("v1 the highest port", "PROXY TCP4 10.0.0.7 1.2.3.4 65535 1\r\n", endpoint("10.0.0.7", 65535)),
                row("v1 loopback", "PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n", endpoint("127.0.0.1", 1)),
                row("v1 an unspecified destination", "PROXY TCP4 10.0.0.7 0.0.0.0 51234 3128\r\n", CLIENT));
    }

    private static Stream<Arguments> linesOfPeers() {
        return Stream.of(
                row("v1 UNKNOWN", "PROXY UNKNOWN\r\n"),
                row("v1 UNKNOWN with nothing behind its space", "PROXY UNKNOWN \r\n"),
                row("v1 UNKNOWN with addresses, which say nothing", "PROXY UNKNOWN 10.0.0.7 10.0.0.10 1 2\r\n"),
                row("v1 UNKNOWN with anything printable", "PROXY UNKNOWN CONNECT a:443 HTTP/1.1 ~!  \r\n"),
                row("v1 UNKNOWN as long as it gets", "PROXY UNKNOWN " + "f".repeat(91) + "\r\n"));
    }

    private static Stream<Arguments> blocks() {
        return Stream.of(
                row("v2 IPv4", header(PROXY, TCP4, FOUR), CLIENT),
                row("v2 IPv6", header(PROXY, TCP6, SIX), CLIENT6),
                row(
                        "v2 IPv4-mapped IPv6 is IPv4",
                        header(PROXY, TCP6, MAPPED + "\n\0\0\u0007" + SIX.substring(16)),
                        CLIENT),
                row(
                        "v2 an unspecified destination",
                        header(PROXY, TCP4, addresses(CLIENT, endpoint("0.0.0.0", 0))),
                        CLIENT),
                row(
                        "v2 what a cloud's load balancer sends behind the addresses",
                        header(PROXY, TCP4, FOUR + vector(0xea, "\u0001vpce-0123456789abcdef0") + vector(4, "")),
                        CLIENT),
                row("v2 a checksum that is right", summed(PROXY, TCP4, FOUR, 0), CLIENT),
                row(
                        "v2 a checksum of all, vectors too",
                        summed(PROXY, TCP6, SIX + vector(2, "a.b") + vector(4, "\0\0\0"), 0),
                        CLIENT6),
                row(
                        "v2 a vector with a vector in it that lies",
                        header(PROXY, TCP4, FOUR + vector(0x20, "\u0001\0\0\0\0!\u00ff\u00ff")),
                        CLIENT),
                row(
                        "v2 as long as it gets",
                        header(PROXY, TCP4, FOUR + vector(4, "\0".repeat(2048 - 12 - 3))),
                        CLIENT));
    }

    private static Stream<Arguments> blocksOfPeers() {
        return Stream.of(
                row("v2 LOCAL, a load balancer's own look", header(LOCAL, 0, "")),
                row("v2 LOCAL with addresses, which say nothing", header(LOCAL, TCP4, FOUR)),
                row("v2 LOCAL with an undefined family", header(LOCAL, 0xff, "")),
                row("v2 LOCAL with a block that means nothing", header(LOCAL, TCP6, "\u0003\u00ff")),
                row("v2 LOCAL with a checksum that is wrong", summed(LOCAL, 0, "", 1)),
                row("v2 LOCAL as long as it gets", header(LOCAL, 0, "\n".repeat(2048))));
    }

    private static Arguments row(String name, String bytes, InetSocketAddress source) {
        return arguments(name, bytes, Optional.of(source));
    }

    private static Arguments row(String name, String bytes) {
        return arguments(name, bytes, Optional.empty());
    }
}
