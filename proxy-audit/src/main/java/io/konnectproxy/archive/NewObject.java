package io.konnectproxy.archive;

import io.konnectproxy.archive.ObjectWriter.Retention;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * An object to put.
 *
 * @param key whole, with the prefix of the bucket
 * @param size bytes
 * @param sha256 of the bytes, in Base64; the store refuses others
 * @param metadata names in lower case
 * @param source opened once for each attempt
 */
public record NewObject(
        String key,
        String contentType,
        long size,
        String sha256,
        Map<String, String> metadata,
        Optional<Retention> retention,
        Source source) {
    /** The most bytes that one PUT takes. */
    public static final long MAX_SIZE = 5L << 30;

    public NewObject {
        metadata = Map.copyOf(metadata);
    }

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** A small one, from memory. */
    public static NewObject of(
            String key, String contentType, byte[] bytes, Map<String, String> metadata, Optional<Retention> retention) {
        String sha256 = Base64.getEncoder().encodeToString(digest().digest(bytes));
        return new NewObject(
                key, contentType, bytes.length, sha256, metadata, retention, () -> new ByteArrayInputStream(bytes));
    }

    /** What the checksum is made with. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
