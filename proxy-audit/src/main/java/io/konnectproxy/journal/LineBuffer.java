package io.konnectproxy.journal;

import io.konnectproxy.trail.LineHash;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a batch of lines. The array is reused for each batch, so that no line needs an allocation. Not
 * thread-safe.
 */
final class LineBuffer extends OutputStream {
    private byte[] bytes = new byte[64 * 1024];
    private int size;

    @Override
    public void write(int b) {
        reserve(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Writes text that must be ASCII. */
    void write(String ascii) {
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    int size() {
        return size;
    }

    /** Drops everything after the first {@code length} bytes. */
    void cut(int length) {
        size = Math.min(size, length);
    }

    /** The content, not copied; valid until the next write. */
    ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    byte[] copy(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    /** The hash of everything from this offset on. */
    String hash(LineHash hash, int from) {
        return hash.of(bytes, from, size);
    }

    String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
