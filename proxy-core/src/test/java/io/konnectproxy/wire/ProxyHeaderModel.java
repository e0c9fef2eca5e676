package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** What a PROXY header must look like, said a second time over the whole text: slow, and unlike the reader it checks. */
final class ProxyHeaderModel {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";
    private static final String IPV6 = "(?=[^ ]*:)(?::|[0-9A-Fa-f]{1,4}(?=[: ])|" + IPV4 + "(?= ))+";
    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final Pattern LINE = Pattern.compile("PROXY (?:UNKNOWN(?: [ -~]*)?|"
            + "TCP4 (" + IPV4 + ") (" + IPV4 + ") " + PORT + " " + PORT + "|"
            + "TCP6 (" + IPV6 + ") (" + IPV6 + ") " + PORT + " " + PORT + ")\r\n");

    private ProxyHeaderModel() {}

    /**
     * A header at the beginning of some bytes.
     *
     * @param length 0 where there is none that may be taken, or not all of it
     */
    record Header(int length, Optional<InetSocketAddress> source) {
        static final Header NONE = new Header(0, Optional.empty());
    }

    static Header read(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        if (text.startsWith(ProxyBytes.SIGNATURE)) {
            return block(bytes);
        }
        Matcher line = LINE.matcher(text.substring(0, Math.min(text.length(), 107)));
        return line.lookingAt() ? line(line) : Header.NONE;
    }

    private static Header line(Matcher line) {
        int group = line.group(1) != null ? 1 : 5;
        if (line.group(group) == null) {
            return new Header(line.end(), Optional.empty());
        }
        Optional<InetAddress> source = address(line.group(group));
        Optional<InetAddress> destination = address(line.group(group + 1));
        int sourcePort = Integer.parseInt(line.group(group + 2));
        return destination.isPresent() && sourcePort <= 65535 && Integer.parseInt(line.group(group + 3)) <= 65535
                ? header(line.end(), source, sourcePort)
                : Header.NONE;
    }

    /** As the JDK reads it; it asks nobody about what has a colon or four numbers. */
    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Header block(byte[] bytes) {
        int length = bytes.length < 16 ? -1 : (bytes[14] & 255) * 256 + (bytes[15] & 255);
        if (length < 0 || length > 2048 || bytes.length < 16 + length) {
            return Header.NONE;
        }
        byte[] header = Arrays.copyOf(bytes, 16 + length);
        if (header[12] == 0x20) {
            return new Header(header.length, Optional.empty());
        }
        int size = header[13] == 0x11 ? 4 : header[13] == 0x21 ? 16 : -1;
        if (header[12] != 0x21 || size < 0 || length < 2 * size + 4 || !vectorsFit(header, 16 + 2 * size + 4)) {
            return Header.NONE;
        }
        int port = (header[16 + 2 * size] & 255) * 256 + (header[17 + 2 * size] & 255);
        try {
            InetAddress source = InetAddress.getByAddress(Arrays.copyOfRange(header, 16, 16 + size));
            return header(header.length, Optional.of(source), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean vectorsFit(byte[] header, int from) {
        int sumAt = 0;
        for (int at = from; at < header.length; ) {
            int end = at + 3 > header.length ? -1 : at + 3 + (header[at + 1] & 255) * 256 + (header[at + 2] & 255);
            if (end < 0 || end > header.length || (header[at] == 3 && (sumAt > 0 || end != at + 7))) {
                return false;
            }
            sumAt = header[at] == 3 ? at + 3 : sumAt;
            at = end;
        }
        return sumAt == 0 || sumFits(header, sumAt);
    }

    private static boolean sumFits(byte[] header, int at) {
        byte[] zero = header.clone();
        Arrays.fill(zero, at, at + 4, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(zero);
        return sum.getValue() == Long.parseLong(java.util.HexFormat.of().formatHex(header, at, at + 4), 16);
    }

    private static Header header(int length, Optional<InetAddress> source, int port) {
        return source.filter(ProxyHeaderModel::mayBeAClient)
                .map(address -> new Header(length, Optional.of(new InetSocketAddress(address, port))))
                .orElse(Header.NONE);
    }

    private static boolean mayBeAClient(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean thisNetwork = bytes.length == 4 && bytes[0] == 0;
        return !thisNetwork
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !Arrays.equals(bytes, new byte[] {-1, -1, -1, -1});
    }
}
