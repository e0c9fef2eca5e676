package io.konnectproxy.server.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks a file that the configuration names and other code reads or writes. */
final class NamedFile {
    private static final String DIRECTORY = "is a directory; a file is needed";

    private NamedFile() {}

    /** The name of a file that may be written, or made. */
    static String written(String text) {
        if (Files.isDirectory(Path.of(Values.path(text)))) {
            throw new IllegalArgumentException(DIRECTORY);
        }
        return text;
    }

    /** The name of a file that exists and is readable. */
    static String readable(String text) {
        Path file = Path.of(Values.path(text));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("does not exist"
                    + (file.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath()));
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(DIRECTORY);
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot be read; check its permissions");
        }
        return text;
    }
}
