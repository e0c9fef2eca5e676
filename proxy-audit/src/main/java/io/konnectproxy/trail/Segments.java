package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a trail in the order of their lines, independently of their names.
 *
 * @param passedOver files that are not part of the trail
 */
public record Segments(List<Segment> inOrder, List<PassedOver> passedOver) {
    public Segments {
        inOrder = List.copyOf(inOrder);
        passedOver = List.copyOf(passedOver);
    }

    /**
     * A file that was not read.
     *
     * @param why the reason, as half a sentence
     */
    public record PassedOver(Path file, String why) {}

    /**
     * Finds the segments of a trail.
     *
     * @param arguments files and directories; subdirectories are not searched
     * @throws TrailException if a file cannot be read, or no file is one of a trail
     */
    public static Segments of(List<Path> arguments) throws TrailException {
        List<Segment> found = new ArrayList<>();
        List<PassedOver> passedOver = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (Path argument : arguments) {
            for (Path file : files(argument)) {
                if (seen.add(file.toAbsolutePath().normalize())) {
                    sort(file, found, passedOver);
                }
            }
        }
        if (found.isEmpty()) {
            throw new TrailException("There is no line of an audit trail in "
                    + String.join(", ", arguments.stream().map(Path::toString).toList()) + ".");
        }
        found.sort(Comparator.comparingLong(Segment::firstSeq)
                .thenComparing(segment -> segment.file().toString()));
        return new Segments(found, passedOver);
    }

    private static List<Path> files(Path argument) throws TrailException {
        if (!Files.isDirectory(argument)) {
            return List.of(argument);
        }
        try (Stream<Path> all = Files.list(argument)) {
            return all.filter(file -> !Files.isDirectory(file) && !isLock(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FileWords.unreadable(argument, e);
        }
    }

    /** Whether it is the lock file that the proxy creates beside the current file. */
    private static boolean isLock(Path file) {
        return file.toString().endsWith(".lock") && file.toFile().length() == 0;
    }

    private static void sort(Path file, List<Segment> found, List<PassedOver> passedOver) throws TrailException {
        String name = String.valueOf(file.getFileName());
        if (name.contains(".torn-")) {
            passedOver.add(new PassedOver(file, "what a crash left behind is kept there"));
        } else if (name.endsWith(".gz") && Files.exists(plain(file, name))) {
            passedOver.add(new PassedOver(file, "it is the compressed copy, perhaps unfinished, of a file beside it"));
        } else {
            OptionalLong first = firstSeq(file);
            if (first.isPresent()) {
                found.add(new Segment(file, first.getAsLong()));
            } else {
                passedOver.add(new PassedOver(
                        file, file.toFile().length() == 0 ? "it is empty" : "no line of it is one of a trail"));
            }
        }
    }

    private static Path plain(Path file, String name) {
        return file.resolveSibling(name.substring(0, name.length() - ".gz".length()));
    }

    private static OptionalLong firstSeq(Path file) throws TrailException {
        try {
            return Segment.firstSeqOf(file);
        } catch (EOFException e) {
            throw new TrailException(file + " cannot be read: it is compressed, and cut off before its first line.");
        } catch (IOException e) {
            throw FileWords.unreadable(file, e);
        }
    }
}
