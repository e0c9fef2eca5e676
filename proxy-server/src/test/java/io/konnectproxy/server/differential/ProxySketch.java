package io.konnectproxy.server.differential;

import static io.konnectproxy.server.differential.Drawn.oneFrom;
import static io.konnectproxy.server.differential.Drawn.oneOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.random.RandomGenerator;

/** A PROXY header and what comes right behind it, in parts that can be changed one by one; a character a byte. */
final class ProxySketch {
    static final int FAMILY = 2;
    static final int SOURCE = 4;
    static final int DESTINATION = 6;
    static final int SOURCE_PORT = 8;
    static final int DESTINATION_PORT = 10;
    static final int END = 11;

    static final int SIGNATURE = 0;
    static final int COMMAND = 1;
    static final int FAMILY_BYTE = 2;
    static final int LENGTH = 3;
    static final int ADDRESSES = 4;
    static final int PORTS = 5;
    static final int VECTORS = 6;

    private static final List<String> IPV4 = List.of("10.0.0.7", "127.0.0.1", "203.0.113.255", "1.2.3.4", "240.0.0.1");
    private static final List<String> IPV6 =
            List.of("fd00::7", "::1", "2001:DB8:0:0:8:800:200C:417A", "::ffff:10.0.0.7", "1::", "64:ff9b::102:304");
    private static final List<String> BEHIND =
            List.of("", "CONNECT a.b:443 HTTP/1.1\r\n", "\u0016\u0003\u0001", "\r\n", "PROXY UNKNOWN\r\n", "\0");

    final String[] parts;

    private ProxySketch(String... parts) {
        this.parts = parts;
    }

    static ProxySketch line(RandomGenerator random) {
        boolean four = random.nextBoolean();
        List<String> addresses = four ? IPV4 : IPV6;
        return new ProxySketch(
                "PROXY",
                " ",
                four ? "TCP4" : "TCP6",
                " ",
                oneFrom(addresses, random),
                " ",
                oneFrom(addresses, random),
                " ",
                "" + oneOf(random, 1, 65535, 1 + random.nextInt(65535)),
                " ",
                "" + oneOf(random, 3128, 1 + random.nextInt(65535)),
                "\r\n",
                oneFrom(BEHIND, random));
    }

    static ProxySketch block(RandomGenerator random) {
        boolean four = random.nextBoolean();
        List<String> addresses = four ? IPV4 : IPV6;
        StringBuilder vectors = new StringBuilder();
        for (int count = random.nextInt(4); count > 0; count--) {
            // Not 3, which must be right, and not 32, which Netty looks into.
            vectors.append(vector(oneOf(random, 1, 2, 4, 5, 0x30, 0xea), random.nextInt(20)));
        }
        String ports = uint16(random.nextInt(65536)) + uint16(random.nextInt(65536));
        ProxySketch sketch = new ProxySketch(
                "\r\n\r\n\0\r\nQUIT\n",
                "!",
                four ? "\u0011" : "!",
                "",
                bytes(oneFrom(addresses, random), four) + bytes(oneFrom(addresses, random), four),
                ports,
                vectors.toString(),
                oneFrom(BEHIND, random));
        sketch.measure(0);
        return sketch;
    }

    /** Writes the length of what the block holds now, or one beside it. */
    void measure(int beside) {
        int length = parts[ADDRESSES].length() + parts[PORTS].length() + parts[VECTORS].length();
        parts[LENGTH] = uint16(Math.max(0, length + beside));
    }

    static String vector(int type, int length) {
        return (char) type + uint16(length) + "v".repeat(length);
    }

    static String uint16(int value) {
        return "" + (char) (value >> 8 & 0xff) + (char) (value & 0xff);
    }

    private static String bytes(String address, boolean four) {
        byte[] bytes = literal(address).getAddress();
        boolean mapped = !four && bytes.length == 4;
        return (mapped ? "\0".repeat(10) + "\u00ff\u00ff" : "") + new String(bytes, ISO_8859_1);
    }

    /** As the JDK reads it; it asks nobody about what is an address. */
    static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    byte[] bytes() {
        return String.join("", parts).getBytes(ISO_8859_1);
    }
}
