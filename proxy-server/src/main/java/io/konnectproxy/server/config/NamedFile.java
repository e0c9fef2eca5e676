package io.konnectproxy.server.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks a file that the configuration names and other code reads. */
final class NamedFile {
    private NamedFile() {}

    /** The name of a file that exists and is readable. */
    static String readable(String text) {
        Path file = Path.of(Values.path(text));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("does not exist"
                    + (file.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath()));
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("is a directory; a file is needed");
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot be read; check its permissions");
        }
        return text;
    }
}
