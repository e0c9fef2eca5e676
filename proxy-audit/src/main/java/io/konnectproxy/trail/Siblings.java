package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the files beside the current one that may be its earlier segments, by the names that the proxy and logrotate give to
 * rotated files. Only their lines determine which of them are part of the trail, and in which order.
 */
public final class Siblings {
    /** {@code .1}, {@code -20261122}, {@code -20261122-000000000123}, {@code -2026-11-22T1800}. */
    private static final String ROTATION = "(\\.\\d{1,9}|[-.]\\d{4}-?\\d{2}-?\\d{2}([-_.T:]?\\d+)*)";

    private Siblings() {}

    /**
     * The files, in no particular order.
     *
     * @throws IOException if the directory cannot be listed
     */
    public static List<Path> of(Path current) throws IOException {
        Path file = current.toAbsolutePath().normalize();
        Path directory = file.getParent();
        Path name = file.getFileName();
        if (directory == null || name == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        Pattern rotated = rotated(name.toString());
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(path -> rotated.matcher(path.getFileName().toString()).matches())
                    .filter(Files::isRegularFile)
                    .forEach(found::add);
        }
        return found;
    }

    private static Pattern rotated(String name) {
        int dot = name.lastIndexOf('.');
        String stem = Pattern.quote(dot > 0 ? name.substring(0, dot) : name);
        String extension = Pattern.quote(dot > 0 ? name.substring(dot) : "");
        return Pattern.compile(stem + "(" + extension + ROTATION + "|" + ROTATION + extension + ")(\\.gz)?");
    }
}
