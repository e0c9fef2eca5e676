package io.konnectproxy.archive;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an object of the archive, below the prefix of the bucket: {@code edge-1/3fa9c2d01b7e/000000000123.jsonl.gz} is a finished
 * file, {@code edge-1/3fa9c2d01b7e/checkpoints/000000000456.jsonl} a signed checkpoint, the line alone. A number has at least twelve
 * digits, so that keys are in the order of lines.
 *
 * @param instance the proxy that put it there
 * @param seq of the first line of the file, or of the checkpoint
 */
public record ArchiveKey(String instance, String trail, Kind kind, long seq) {
    private static final Pattern FORM =
            Pattern.compile("(?<instance>(?!\\.{1,2}/)[A-Za-z0-9._-]{1,63})/(?<trail>[0-9a-f]{12})/"
                    + "(?:(?<file>[0-9]{12,18})\\.jsonl(?<gz>\\.gz)?|checkpoints/(?<checkpoint>[0-9]{12,18})\\.jsonl)");

    /** What an object is. */
    public enum Kind {
        FILE(".jsonl"),
        COMPRESSED_FILE(".jsonl.gz"),
        CHECKPOINT(".jsonl");

        private final String extension;

        Kind(String extension) {
            this.extension = extension;
        }

        public boolean isFile() {
            return this != CHECKPOINT;
        }
    }

    /** Reads a key without the prefix of the bucket; empty for an object that is none of the archive's. */
    public static Optional<ArchiveKey> parse(String key) {
        Matcher form = FORM.matcher(key);
        if (!form.matches()) {
            return Optional.empty();
        }
        String file = form.group("file");
        Kind kind = file == null ? Kind.CHECKPOINT : form.group("gz") == null ? Kind.FILE : Kind.COMPRESSED_FILE;
        ArchiveKey read = new ArchiveKey(
                form.group("instance"),
                form.group("trail"),
                kind,
                Long.parseLong(file == null ? form.group("checkpoint") : file));
        // One name an object: 0012 written with more zeros is another key.
        return Optional.of(read).filter(same -> same.toString().equals(key));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s/%s/%s%012d%s",
                instance,
                trail,
                kind == Kind.CHECKPOINT ? "checkpoints/" : "",
                seq,
                kind.extension);
    }
}
