package io.konnectproxy.server.file;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * The content of files at one moment. Digest and value are of the same bytes.
 *
 * @param digest identifies the content without containing its secrets
 * @param value parses the content; throws IllegalArgumentException with a sentence if it is invalid
 */
public record Snapshot<T>(String digest, Supplier<T> value) {

    /** A snapshot of files that could not be read; the sentence has the reason. */
    public static <T> Snapshot<T> unreadable(String sentence) {
        return new Snapshot<>("unreadable: " + sentence, () -> {
            throw new IllegalArgumentException(sentence);
        });
    }

    /** The SHA-256 of contents, each prefixed with its length. */
    public static String digest(List<byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] each : contents) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, each.length));
                digest.update(each);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK does not support SHA-256", e);
        }
    }
}
