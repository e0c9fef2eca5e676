package io.konnectproxy.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket, and the beginning of all keys in it that are meant: {@code s3://bucket/prefix}.
 *
 * @param prefix without a slash at either end; empty for the whole bucket
 */
public record BucketUrl(String bucket, String prefix) {
    /** Amazon S3, "General purpose bucket naming rules"; other stores demand no less. */
    private static final String BUCKET = "[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]";

    /** The characters that every store and every tool takes for themselves, and no step up or nowhere. */
    private static final String PART = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.=-]+";

    private static final Pattern FORM =
            Pattern.compile("s3://(?<bucket>" + BUCKET + ")(?:/(?<prefix>" + PART + "(?:/" + PART + ")*)?/?)?");

    public static final String SCHEME = "s3://";

    /** Bytes. A key has at most 1,024, of which the proxy needs the rest. */
    private static final int LONGEST_PREFIX = 512;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none, with what it must be
     */
    public static BucketUrl parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || form.group("bucket").contains("..")) {
            throw new IllegalArgumentException(
                    "must be s3://bucket or s3://bucket/prefix: a bucket has 3 to 63 of a-z, 0-9, '-' and"
                            + " '.', a prefix letters, digits, '-', '_', '.', '=' and '/'");
        }
        String prefix = form.group("prefix") == null ? "" : form.group("prefix");
        if (prefix.length() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("must have a prefix of at most " + LONGEST_PREFIX + " characters");
        }
        return new BucketUrl(form.group("bucket"), prefix);
    }

    /** A key in the bucket. */
    public String key(String below) {
        return prefix.isEmpty() ? below : prefix + "/" + below;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
