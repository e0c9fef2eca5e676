package io.konnectproxy.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Puts ClientHellos together by hand, well-formed unless told otherwise. */
final class HelloBytes {
    private static final byte[] DEFAULT_SUITES = hex("13011302c02fc030");

    private int legacyVersion = 0x0303;
    private byte[] sessionId = new byte[32];
    private byte[] suites = DEFAULT_SUITES;
    private byte[] compression = {0};
    private boolean extensionBlock = true;
    private byte[] behindExtensions = {};
    private final List<byte[]> extensions = new ArrayList<>();

    /** A hello without any extension. */
    static HelloBytes bare() {
        return new HelloBytes();
    }

    /** The hello of a modern client for this name. */
    static HelloBytes naming(String host) {
        return bare().extension(0, serverName(host))
                .extension(10, hex("0004001d0017"))
                .extension(13, hex("000404030804"))
                .extension(43, hex("0403040303"))
                .extension(51, concat(hex("0024001d0020"), new byte[32]));
    }

    HelloBytes legacyVersion(int version) {
        legacyVersion = version;
        return this;
    }

    HelloBytes sessionId(int length) {
        sessionId = new byte[length];
        return this;
    }

    HelloBytes suites(String hex) {
        suites = hex(hex);
        return this;
    }

    HelloBytes compression(String hex) {
        compression = hex(hex);
        return this;
    }

    HelloBytes withoutExtensionBlock() {
        extensionBlock = false;
        return this;
    }

    HelloBytes behindExtensions(String hex) {
        behindExtensions = hex(hex);
        return this;
    }

    HelloBytes extension(int type, byte[] data) {
        extensions.add(concat(uint16(type), vector16(data)));
        return this;
    }

    HelloBytes extension(int type, String hex) {
        return extension(type, hex(hex));
    }

    /** Bytes that stand where an extension should, whatever they are. */
    HelloBytes rawExtension(String hex) {
        extensions.add(hex(hex));
        return this;
    }

    /** The handshake message with its header. */
    byte[] message() {
        byte[] body =
                concat(uint16(legacyVersion), new byte[32], vector8(sessionId), vector16(suites), vector8(compression));
        if (extensionBlock) {
            body = concat(body, vector16(concat(extensions.toArray(byte[][]::new))));
        }
        return message(1, concat(body, behindExtensions));
    }

    /** The message in one record. */
    byte[] bytes() {
        return record(message());
    }

    static byte[] message(int type, byte[] body) {
        return concat(new byte[] {(byte) type, (byte) (body.length >> 16)}, uint16(body.length & 0xffff), body);
    }

    static byte[] record(byte[] fragment) {
        return concat(hex("160301"), vector16(fragment));
    }

    /** The message in records of these lengths, the rest in a last one. */
    static byte[] records(byte[] message, int... lengths) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int at = 0;
        for (int length : lengths) {
            all.writeBytes(record(Arrays.copyOfRange(message, at, at + length)));
            at += length;
        }
        if (at < message.length) {
            all.writeBytes(record(Arrays.copyOfRange(message, at, message.length)));
        }
        return all.toByteArray();
    }

    static byte[] serverName(String host) {
        return vector16(concat(new byte[] {0}, vector16(host.getBytes(StandardCharsets.ISO_8859_1))));
    }

    static byte[] alpn(String... protocols) {
        byte[] list = {};
        for (String protocol : protocols) {
            list = concat(list, vector8(protocol.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return vector16(list);
    }

    static byte[] vector8(byte[] data) {
        return concat(new byte[] {(byte) data.length}, data);
    }

    static byte[] vector16(byte[] data) {
        return concat(uint16(data.length), data);
    }

    static byte[] uint16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Lengths for {@link #records}: one byte each. */
    static int[] ones(int count) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, 1);
        return lengths;
    }
}
