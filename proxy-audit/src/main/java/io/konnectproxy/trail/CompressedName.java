package io.konnectproxy.trail;

import java.nio.file.Files;
import java.nio.file.Path;

/** The names of a file's compressed copy: {@code .gz}, and {@code .gz.part} until it is whole. */
public final class CompressedName {
    private static final String GZIP = ".gz";
    private static final String UNFINISHED = ".part";

    private CompressedName() {}

    public static boolean isCompressed(Path file) {
        return file.toString().endsWith(GZIP);
    }

    public static boolean isUnfinished(Path file) {
        return file.toString().endsWith(GZIP + UNFINISHED);
    }

    /** The compressed copy of a file. */
    public static Path of(Path plain) {
        return plain.resolveSibling(plain.getFileName() + GZIP);
    }

    /** The compressed copy while it is made. */
    public static Path unfinished(Path plain) {
        return plain.resolveSibling(plain.getFileName() + GZIP + UNFINISHED);
    }

    /** The file that a compressed one is a copy of. */
    public static Path plain(Path compressed) {
        return without(compressed, GZIP);
    }

    /** The compressed copy that an unfinished one is to become. */
    public static Path whole(Path unfinished) {
        return without(unfinished, UNFINISHED);
    }

    private static Path without(Path file, String end) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, name.length() - end.length()));
    }

    /** Whether it is the compressed copy, perhaps unfinished, of a file beside it. */
    public static boolean isCopy(Path file) {
        return isCompressed(file) && Files.isRegularFile(plain(file));
    }
}
