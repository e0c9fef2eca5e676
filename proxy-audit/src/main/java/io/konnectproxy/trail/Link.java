package io.konnectproxy.trail;

import java.util.Optional;

/**
 * The link from a line of the trail to the line before it.
 *
 * @param seq the sequence number of the line before; 0 if there is none
 * @param hash the hash of the line before, 64 lower-case hex characters
 * @param trail the trail of the line before; empty if that line is of version 1, or there is none
 */
public record Link(long seq, String hash, Optional<String> trail) {
    /** The link of the first line of a trail. */
    public static final Link NONE = new Link(0, "0".repeat(LineForm.HASH_LENGTH));

    /** The link to a line of version 1. */
    public Link(long seq, String hash) {
        this(seq, hash, Optional.empty());
    }

    public Link {
        if (seq < 0 || hash.length() != LineForm.HASH_LENGTH) {
            throw new IllegalArgumentException("not a sequence number and a SHA-256 hash: " + seq + " " + hash);
        }
    }
}
