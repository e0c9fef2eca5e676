package io.konnectproxy.trail;

/**
 * What the next line of the trail is bound to.
 *
 * @param seq the number of a line; 0 for what comes before the first one
 * @param hash its hash, 64 lower-case hex characters
 */
public record Link(long seq, String hash) {
    /** What the first line of a trail is bound to. */
    public static final Link NONE = new Link(0, "0".repeat(LineForm.HASH_LENGTH));

    public Link {
        if (seq < 0 || hash.length() != LineForm.HASH_LENGTH) {
            throw new IllegalArgumentException("no link: " + seq + " " + hash);
        }
    }
}
