package io.konnectproxy.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts addresses to text and back. The JDK's parser is not used: it asks DNS if the text is not an address. */
public final class AddressText {
    private AddressText() {}

    /** The 4 or 16 bytes of a dotted quad or of an IPv6 address (RFC 4291, section 2.2); empty for anything else. */
    public static Optional<byte[]> read(String text) {
        return text.indexOf(':') < 0 ? quad(text) : Optional.ofNullable(ipv6(text));
    }

    /** The address of 4 or 16 bytes, without a name. Like the JDK, it makes IPv4 of an IPv4-mapped IPv6 address. */
    public static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    private static Optional<byte[]> quad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return Optional.of(bytes);
    }

    private static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        byte[] bytes = new byte[16];
        if (gap < 0) {
            return groups(text, bytes) == 16 ? bytes : null;
        }
        byte[] tail = new byte[16];
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        int leftLength = left.isEmpty() ? 0 : left.indexOf('.') >= 0 ? -1 : groups(left, bytes);
        int rightLength = right.isEmpty() ? 0 : groups(right, tail);
        if (leftLength < 0 || rightLength < 0 || leftLength + rightLength > 14) {
            return null;
        }
        System.arraycopy(tail, 0, bytes, 16 - rightLength, rightLength);
        return bytes;
    }

    /** Writes the groups to the front of {@code bytes}. Returns how many bytes were written, or -1 if a group is malformed. */
    private static int groups(String text, byte[] bytes) {
        String[] parts = text.split(":", -1);
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = i == parts.length - 1 && parts[i].indexOf('.') >= 0;
            Optional<byte[]> group = dotted ? quad(parts[i]) : group(parts[i]);
            if (group.isEmpty() || at + group.get().length > 16) {
                return -1;
            }
            System.arraycopy(group.get(), 0, bytes, at, group.get().length);
            at += group.get().length;
        }
        return at;
    }

    private static Optional<byte[]> group(String text) {
        if (!text.matches("[0-9a-fA-F]{1,4}")) {
            return Optional.empty();
        }
        int value = Integer.parseInt(text, 16);
        return Optional.of(new byte[] {(byte) (value >> 8), (byte) value});
    }

    /** The canonical text (RFC 5952), without a zone. */
    public static String of(InetAddress address) {
        return write(address.getAddress());
    }

    /** The canonical text (RFC 5952): lower case, the longest run of zero groups as {@code ::}. */
    static String write(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
        }
        int gapStart = -1;
        int gapLength = 1; // a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && value(bytes, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(value(bytes, i)));
            }
        }
        return text.toString();
    }

    private static int value(byte[] bytes, int group) {
        return (bytes[2 * group] & 255) << 8 | (bytes[2 * group + 1] & 255);
    }
}
