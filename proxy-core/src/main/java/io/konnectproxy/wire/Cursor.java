package io.konnectproxy.wire;

import java.nio.charset.StandardCharsets;

/** A position in bytes of TLS's presentation language (RFC 8446, section 3). Reading past the end is a {@link MalformedHello}. */
final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Cursor(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    boolean atEnd() {
        return at == end;
    }

    int length() {
        return end - at;
    }

    int uint8() throws MalformedHello {
        return bytes[take(1)] & 0xff;
    }

    int uint16() throws MalformedHello {
        return uint8() << 8 | uint8();
    }

    void skip(int length) throws MalformedHello {
        take(length);
    }

    /** A vector with a length field of one byte. */
    Cursor vector8() throws MalformedHello {
        return slice(uint8());
    }

    /** A vector with a length field of two bytes. */
    Cursor vector16() throws MalformedHello {
        return slice(uint16());
    }

    /** The remaining bytes, one character for each byte. */
    String text() {
        String text = new String(bytes, at, length(), StandardCharsets.ISO_8859_1);
        at = end;
        return text;
    }

    private Cursor slice(int length) throws MalformedHello {
        int start = take(length);
        return new Cursor(bytes, start, start + length);
    }

    private int take(int length) throws MalformedHello {
        if (length > length()) {
            throw new MalformedHello("A length in the ClientHello reaches beyond what contains it.");
        }
        int start = at;
        at += length;
        return start;
    }
}
