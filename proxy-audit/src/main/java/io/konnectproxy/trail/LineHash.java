package io.konnectproxy.trail;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Computes the hash of a line, SHA-256 in lower-case hex. Allocates nothing for a line. Not thread-safe. */
public final class LineHash {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final MessageDigest digest;
    private final byte[] raw = new byte[LineForm.HASH_LENGTH / 2];
    private final byte[] hex = new byte[LineForm.HASH_LENGTH];

    public LineHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    /**
     * Writes the hash of a range of bytes as 64 hex characters.
     *
     * @param to the array to write to, from {@code at} on; may be {@code bytes} if the ranges do not overlap
     */
    public void write(byte[] bytes, int from, int end, byte[] to, int at) {
        digest.update(bytes, from, end - from);
        try {
            digest.digest(raw, 0, raw.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the SHA-256 digest cannot be written to 32 bytes", e);
        }
        for (int i = 0; i < raw.length; i++) {
            to[at + 2 * i] = DIGITS[(raw[i] >> 4) & 0xf];
            to[at + 2 * i + 1] = DIGITS[raw[i] & 0xf];
        }
    }

    /** The hash of a range of bytes as text. */
    public String of(byte[] bytes, int from, int end) {
        write(bytes, from, end, hex, 0);
        return new String(hex, StandardCharsets.US_ASCII);
    }

    /** Whether the 64 characters at {@code at} are the hash of the range of bytes. */
    boolean fits(byte[] bytes, int from, int end, int at) {
        write(bytes, from, end, hex, 0);
        return Arrays.equals(hex, 0, hex.length, bytes, at, at + hex.length);
    }
}
