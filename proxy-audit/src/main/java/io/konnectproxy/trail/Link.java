package io.konnectproxy.trail;

/**
 * The link from a line of the trail to the line before it.
 *
 * @param seq the sequence number of the line before; 0 if there is none
 * @param hash the hash of the line before, 64 lower-case hex characters
 */
public record Link(long seq, String hash) {
    /** The link of the first line of a trail. */
    public static final Link NONE = new Link(0, "0".repeat(LineForm.HASH_LENGTH));

    public Link {
        if (seq < 0 || hash.length() != LineForm.HASH_LENGTH) {
            throw new IllegalArgumentException("not a sequence number and a SHA-256 hash: " + seq + " " + hash);
        }
    }
}
