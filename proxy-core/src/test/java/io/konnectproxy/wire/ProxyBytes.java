package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.zip.CRC32C;

/** Writes headers of version 2 of the PROXY protocol, right ones and wrong ones; a character a byte. */
public final class ProxyBytes {
    public static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    public static final int LOCAL = 0x20;
    public static final int PROXY = 0x21;
    public static final int TCP4 = 0x11;
    public static final int TCP6 = 0x21;

    private ProxyBytes() {}

    /** A header of the one thing that is asked of most: this client, seen at this proxy. */
    public static String binary(InetSocketAddress source, InetSocketAddress destination, String... vectors) {
        int family = source.getAddress().getAddress().length == 4 ? TCP4 : TCP6;
        return header(PROXY, family, addresses(source, destination) + String.join("", vectors));
    }

    /** Version and command, family and protocol, the length of what follows, and that. */
    static String header(int command, int family, String behind) {
        return SIGNATURE + (char) command + (char) family + uint16(behind.length()) + behind;
    }

    static String addresses(InetSocketAddress source, InetSocketAddress destination) {
        return text(source.getAddress().getAddress())
                + text(destination.getAddress().getAddress())
                + uint16(source.getPort())
                + uint16(destination.getPort());
    }

    public static String vector(int type, String value) {
        return (char) type + uint16(value.length()) + value;
    }

    /** The same with its last vector being the checksum of it all, some bits of which may be turned. */
    static String summed(int command, int family, String behind, int turned) {
        String zero = header(command, family, behind + vector(3, "\0\0\0\0"));
        CRC32C sum = new CRC32C();
        sum.update(zero.getBytes(ISO_8859_1));
        int value = (int) sum.getValue() ^ turned;
        return zero.substring(0, zero.length() - 4) + uint16(value >>> 16) + uint16(value & 0xffff);
    }

    static String uint16(int value) {
        return "" + (char) (value >> 8) + (char) (value & 0xff);
    }

    static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** An address and port without a look at DNS. */
    static InetSocketAddress endpoint(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
