package io.konnectproxy.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is kept of a version: files that its users have, what it made of them, and lists of what they may use. Those of a released
 * version never change.
 *
 * @param directory named after the version, {@code 0.1}
 */
record Samples(Path directory) {
    static final Path ALL = Path.of("src", "test", "resources", "compatibility");
    /** Is there from the release of the version on. */
    static final String CHECKSUMS = "SHA256SUMS";

    /** The latest are the last. */
    static List<Samples> all() {
        try (Stream<Path> directories = Files.list(ALL)) {
            return directories
                    .filter(Files::isDirectory)
                    .map(Samples::new)
                    .sorted(Comparator.comparing(samples -> ModuleDescriptor.Version.parse(samples.version())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return directory.getFileName().toString();
    }

    boolean released() {
        return Files.exists(file(CHECKSUMS));
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** The text, in which {@code FILES} stands for the directory of the files that a configuration names. */
    String text(String name) {
        return read(file(name)).replace("FILES", files());
    }

    String files() {
        return file("files").toAbsolutePath().toString();
    }

    SortedSet<String> list(String name) {
        return lines(file("lists").resolve(name + ".txt"));
    }

    /** Neither comments nor empty lines. */
    static SortedSet<String> lines(Path file) {
        return new TreeSet<>(read(file)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList());
    }

    static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return version();
    }
}
