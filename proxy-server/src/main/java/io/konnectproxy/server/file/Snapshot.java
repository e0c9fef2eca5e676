package io.konnectproxy.server.file;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * What files held at one moment. What is judged and what is compared with it later are the same bytes.
 *
 * @param digest tells one content from another, without keeping what is secret in it
 * @param value makes of the content what it means; throws IllegalArgumentException with a sentence where it means nothing
 */
public record Snapshot<T>(String digest, Supplier<T> value) {

    /** Of files that could not be read; the sentence says why. */
    public static <T> Snapshot<T> unreadable(String sentence) {
        return new Snapshot<>("unreadable: " + sentence, () -> {
            throw new IllegalArgumentException(sentence);
        });
    }

    /** The SHA-256 of contents, with the length of each in front. */
    public static String digest(List<byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] each : contents) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, each.length));
                digest.update(each);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
