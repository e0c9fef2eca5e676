package io.konnectproxy.trail;

import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Reads checkpoint lines that were kept outside the trail, for example by a mirror. */
public final class KeptCheckpoints {
    private static final int MAX_BYTES = 1 << 20;

    private KeptCheckpoints() {}

    /**
     * Reads files that have one or more such lines.
     *
     * @return the lines by their sequence numbers
     * @throws TrailException if a file cannot be read, or a line is not a checkpoint
     */
    public static NavigableMap<Long, String> read(List<Path> files) throws TrailException {
        NavigableMap<Long, String> kept = new TreeMap<>();
        read(files, (checkpoint, line) -> kept.put(checkpoint.seq(), line));
        return kept;
    }

    /**
     * The same for several trails.
     *
     * @return the lines of each trail by their sequence numbers; those of version 1, which has no names, have none
     */
    public static Map<Optional<String>, NavigableMap<Long, String>> byTrail(List<Path> files) throws TrailException {
        Map<Optional<String>, NavigableMap<Long, String>> kept = new HashMap<>();
        read(
                files,
                (checkpoint, line) -> kept.computeIfAbsent(checkpoint.trail(), any -> new TreeMap<>())
                        .put(checkpoint.seq(), line));
        return kept;
    }

    private static void read(List<Path> files, BiConsumer<TrailLine, String> kept) throws TrailException {
        for (Path file : files) {
            List<String> lines = text(file)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.isEmpty()) {
                throw new TrailException("There is no line in " + file + "; a checkpoint of the trail is needed.");
            }
            for (String line : lines) {
                kept.accept(checkpoint(line, file), line);
            }
        }
    }

    private static TrailLine checkpoint(String text, Path file) throws TrailException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TrailLine line = new TrailLine();
        if (!line.read(bytes, 0, bytes.length)) {
            throw new TrailException(file + " holds a line that is none of a trail: " + line.fault() + ".");
        }
        if (line.checkpoint().isEmpty()) {
            throw new TrailException(
                    file + " holds a line that is no checkpoint, but of the event " + line.event() + ".");
        }
        if (!line.hashFits()) {
            throw new TrailException(file + " holds a checkpoint that was edited: its hash is not that of its bytes.");
        }
        return line;
    }

    private static String text(Path file) throws TrailException {
        try (InputStream in = InputFile.open(file)) {
            return TextDecoding.of(in.readNBytes(MAX_BYTES));
        } catch (NotTextException e) {
            throw new TrailException(e.at(file) + " " + e.shown() + ".");
        } catch (IOException e) {
            throw FileWords.unreadable(file, e);
        }
    }
}
