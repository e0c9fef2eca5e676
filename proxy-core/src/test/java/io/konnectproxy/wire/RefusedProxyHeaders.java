package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyBytes.LOCAL;
import static io.konnectproxy.wire.ProxyBytes.PROXY;
import static io.konnectproxy.wire.ProxyBytes.SIGNATURE;
import static io.konnectproxy.wire.ProxyBytes.TCP4;
import static io.konnectproxy.wire.ProxyBytes.TCP6;
import static io.konnectproxy.wire.ProxyBytes.addresses;
import static io.konnectproxy.wire.ProxyBytes.endpoint;
import static io.konnectproxy.wire.ProxyBytes.header;
import static io.konnectproxy.wire.ProxyBytes.summed;
import static io.konnectproxy.wire.ProxyBytes.uint16;
import static io.konnectproxy.wire.ProxyBytes.vector;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What bounces off where a PROXY header must stand, each cut behind the byte that decides. */
public final class RefusedProxyHeaders {
    private static final String FOUR = addresses(endpoint("10.0.0.7", 51234), endpoint("10.0.0.10", 3128));
    private static final String MAPPED = "\0".repeat(10) + "\u00ff\u00ff";

    private RefusedProxyHeaders() {}

    /** The arguments are a name and the bytes up to and with the one that decides. */
    public static Stream<Arguments> all() {
        return Stream.of(beginnings(), families(), addressTexts(), ports(), ends(), blocks(), blockSources(), vectors())
                .flatMap(s -> s);
    }

    private static Stream<Arguments> beginnings() {
        return Stream.of(
                arguments("a request without a header", "C"),
                arguments("a ClientHello without a header", "\u0016"),
                arguments("lower-case proxy", "p"),
                arguments("a space first", " "),
                arguments("a line feed first", "\n"),
                arguments("NUL first", "\0"),
                arguments("PROPFIND", "PROP"),
                arguments("mixed case", "PRo"),
                arguments("an HTTP/2 preface", "PRI"),
                arguments("a tab behind PROXY", "PROXY\t"),
                arguments("PROXY alone", "PROXY\r"),
                arguments("half a signature, then a request", "\r\nC"),
                arguments("a signature with a wrong last byte", SIGNATURE.substring(0, 11) + "\r"),
                arguments("a line of version 1 behind an empty one", "\r\nP"));
    }

    private static Stream<Arguments> families() {
        return Stream.of(
                arguments("v1 two spaces before the family", "PROXY  "),
                arguments("v1 lower-case tcp4", "PROXY t"),
                arguments("v1 TCP without a number", "PROXY TCP "),
                arguments("v1 TCP5", "PROXY TCP5"),
                arguments("v1 TCP44", "PROXY TCP44"),
                arguments("v1 UDP4", "PROXY UD"),
                arguments("v1 UNIX", "PROXY UNI"),
                arguments("v1 UNKNOWNS", "PROXY UNKNOWNS"),
                arguments("v1 UNKNOWN with a tab", "PROXY UNKNOWN\t"),
                arguments("v1 TCP4 with nothing behind it", "PROXY TCP4\r"),
                arguments("v1 a tab behind TCP4", "PROXY TCP4\t"));
    }

    private static Stream<Arguments> addressTexts() {
        return Stream.of(
                arguments("v1 two spaces before the source", "PROXY TCP4  "),
                arguments("v1 two spaces between the addresses", "PROXY TCP4 10.0.0.7  "),
                arguments("v1 IPv6 behind TCP4", "PROXY TCP4 fd00::7 "),
                arguments("v1 IPv4-mapped IPv6 behind TCP4", "PROXY TCP4 ::ffff:10.0.0.7 "),
                arguments("v1 IPv4 behind TCP6", "PROXY TCP6 10.0.0.7 "),
                arguments("v1 families mixed", "PROXY TCP4 10.0.0.7 fd00::10 "),
                arguments("v1 families mixed the other way", "PROXY TCP6 fd00::7 10.0.0.10 "),
                arguments("v1 a leading zero", "PROXY TCP4 010.0.0.7 "),
                arguments("v1 an octet of 256", "PROXY TCP4 10.0.0.256 "),
                arguments("v1 three octets", "PROXY TCP4 10.0.7 "),
                arguments("v1 five octets", "PROXY TCP4 10.0.0.0.7 "),
                arguments("v1 one number", "PROXY TCP4 167772167 "),
                arguments("v1 an octet in hexadecimal", "PROXY TCP4 0x"),
                arguments("v1 a trailing dot", "PROXY TCP4 10.0.0.7. "),
                arguments("v1 a name", "PROXY TCP4 l"),
                arguments("v1 a name in hexadecimal letters", "PROXY TCP4 dead.beef "),
                arguments("v1 a zone", "PROXY TCP6 fe80::1%"),
                arguments("v1 brackets", "PROXY TCP6 ["),
                arguments("v1 a prefix length", "PROXY TCP4 10.0.0.0/"),
                arguments("v1 nine groups", "PROXY TCP6 1:2:3:4:5:6:7:8:9 "),
                arguments("v1 two gaps", "PROXY TCP6 1::2::3 "),
                arguments("v1 a gap of nothing", "PROXY TCP6 1:2:3:4:5:6:7::8 "),
                arguments("v1 five digits in a group", "PROXY TCP6 fd00::00007 "),
                arguments("v1 digits of another script", "PROXY TCP4 \u00b2"),
                arguments("v1 an unspecified source", "PROXY TCP4 0.0.0.0 "),
                arguments("v1 a source in this network", "PROXY TCP4 0.0.0.7 "),
                arguments("v1 a multicast source", "PROXY TCP4 224.0.0.1 "),
                arguments("v1 a broadcast source", "PROXY TCP4 255.255.255.255 "),
                arguments("v1 an unspecified IPv6 source", "PROXY TCP6 :: "),
                arguments("v1 a multicast IPv6 source", "PROXY TCP6 ff02::1 "),
                arguments("v1 an unspecified source, IPv4-mapped", "PROXY TCP6 ::ffff:0.0.0.0 "),
                arguments("v1 a broadcast source, IPv4-mapped", "PROXY TCP6 ::ffff:ffff:ffff "));
    }

    private static Stream<Arguments> ports() {
        String addresses = "PROXY TCP4 10.0.0.7 10.0.0.10 ";
        return Stream.of(
                arguments("v1 two spaces before a port", addresses + " "),
                arguments("v1 a port with a leading zero", addresses + "05"),
                arguments("v1 two zeros", addresses + "00"),
                arguments("v1 port 65536", addresses + "65536"),
                arguments("v1 a port of six digits", addresses + "512341"),
                arguments("v1 a sign", addresses + "+"),
                arguments("v1 a minus", addresses + "-"),
                arguments("v1 a port in hexadecimal", addresses + "1a"),
                arguments("v1 no second port", addresses + "51234\r"),
                arguments("v1 an empty second port", addresses + "51234 \r"),
                arguments("v1 a second port of 65536", addresses + "51234 65536"),
                arguments("v1 a space behind the ports", addresses + "51234 3128 "),
                arguments("v1 no ports", "PROXY TCP4 10.0.0.7 10.0.0.10\r"));
    }

    private static Stream<Arguments> ends() {
        String whole = "PROXY TCP4 10.0.0.7 10.0.0.10 51234 3128";
        return Stream.of(
                arguments("v1 bare LF", whole + "\n"),
                arguments("v1 bare CR", whole + "\rC"),
                arguments("v1 two CRs", whole + "\r\r"),
                arguments("v1 NUL at the end", whole + "\0"),
                arguments("v1 UNKNOWN with bare LF", "PROXY UNKNOWN\n"),
                arguments("v1 UNKNOWN with bare CR", "PROXY UNKNOWN\r "),
                arguments("v1 a line feed in what is ignored", "PROXY UNKNOWN a\n"),
                arguments("v1 a CR in what is ignored", "PROXY UNKNOWN a\rb"),
                arguments("v1 NUL in what is ignored", "PROXY UNKNOWN a\0"),
                arguments("v1 a high byte in what is ignored", "PROXY UNKNOWN \u0085"),
                arguments("v1 a byte too long", "PROXY UNKNOWN " + "f".repeat(92) + "\r\n"),
                arguments("v1 a line that never ends", "PROXY UNKNOWN " + "f".repeat(94)),
                arguments("v1 an address that never ends", "PROXY TCP6 " + "0".repeat(97)));
    }

    private static Stream<Arguments> blocks() {
        String proxy = SIGNATURE + (char) PROXY;
        return Stream.of(
                arguments("v2 version 1", SIGNATURE + (char) 0x11),
                arguments("v2 version 3", SIGNATURE + (char) 0x31),
                arguments("v2 version 0", SIGNATURE + "\0"),
                arguments("v2 a command beyond PROXY", SIGNATURE + (char) 0x22),
                arguments("v2 PROXY for an unspecified family", proxy + (char) 0x00),
                arguments("v2 an unspecified protocol", proxy + (char) 0x10),
                arguments("v2 UDP over IPv4", proxy + (char) 0x12),
                arguments("v2 UDP over IPv6", proxy + (char) 0x22),
                arguments("v2 a UNIX stream", proxy + (char) 0x31),
                arguments("v2 an undefined family", proxy + (char) 0x41),
                arguments("v2 an undefined protocol", proxy + (char) 0x13),
                arguments("v2 no addresses", proxy + (char) TCP4 + uint16(0)),
                arguments("v2 IPv4 addresses cut by a byte", proxy + (char) TCP4 + uint16(11)),
                arguments("v2 IPv6 with the length of IPv4", proxy + (char) TCP6 + uint16(12)),
                arguments("v2 IPv6 addresses cut by a byte", proxy + (char) TCP6 + uint16(35)),
                arguments("v2 a byte over 2 KiB", proxy + (char) TCP4 + uint16(2049)),
                arguments("v2 a claim of 64 KiB", proxy + (char) TCP4 + uint16(0xffff)),
                arguments("v2 LOCAL with a claim of 64 KiB", SIGNATURE + (char) LOCAL + "\0" + uint16(0xffff)));
    }

    private static Stream<Arguments> blockSources() {
        String four = SIGNATURE + (char) PROXY + (char) TCP4 + uint16(12);
        String six = SIGNATURE + (char) PROXY + (char) TCP6 + uint16(36);
        return Stream.of(
                arguments("v2 an unspecified source", four + "\0\0\0\0"),
                arguments("v2 a multicast source", four + "\u00ef\1\2\3"),
                arguments("v2 a broadcast source", four + "\u00ff\u00ff\u00ff\u00ff"),
                arguments("v2 an unspecified IPv6 source", six + "\0".repeat(16)),
                arguments("v2 a multicast IPv6 source", six + "\u00ff\2" + "\0".repeat(13) + "\1"),
                arguments("v2 an unspecified source, IPv4-mapped", six + MAPPED + "\0\0\0\0"),
                arguments("v2 a multicast source, IPv4-mapped", six + MAPPED + "\u00e0\0\0\1"));
    }

    private static Stream<Arguments> vectors() {
        return Stream.of(
                arguments("v2 one byte behind the addresses", header(PROXY, TCP4, FOUR + "\4")),
                arguments("v2 half a length", headOf(FOUR + "\4\0", 1)),
                arguments("v2 a vector beyond the header", header(PROXY, TCP4, FOUR + "\4\0\1")),
                arguments("v2 a vector that claims 64 KiB", headOf(FOUR + "\4\u00ff\u00ffab", 2)),
                arguments("v2 a second vector beyond the header", header(PROXY, TCP4, FOUR + "\4\0\1a\4\0\1")),
                arguments("v2 two bytes behind a vector", headOf(FOUR + "\4\0\1a\4\0", 1)),
                arguments("v2 a checksum that is wrong", summed(PROXY, TCP4, FOUR, 1)),
                arguments("v2 a checksum with its first bit turned", summed(PROXY, TCP4, FOUR, 1 << 31)),
                arguments("v2 a checksum of zero", header(PROXY, TCP4, FOUR + vector(3, "\0\0\0\0"))),
                arguments("v2 a checksum of three bytes", headOf(FOUR + vector(3, "abc"), 3)),
                arguments("v2 a checksum of no bytes", header(PROXY, TCP4, FOUR + vector(3, ""))),
                arguments("v2 two checksums", headOf(FOUR + vector(3, "abcd") + vector(3, "abcd"), 4)));
    }

    /** A header without its last bytes, which come too late to decide anything. */
    private static String headOf(String behind, int without) {
        String whole = header(PROXY, TCP4, behind);
        return whole.substring(0, whole.length() - without);
    }
}
