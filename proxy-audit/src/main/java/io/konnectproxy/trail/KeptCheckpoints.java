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

/**
 * Checkpoint lines that were kept outside the trails, for example by a mirror.
 *
 * @param byTrail the lines of each trail by their sequence numbers; those of version 1, which has no names, have none
 */
public record KeptCheckpoints(Map<Optional<String>, NavigableMap<Long, String>> byTrail) {
    private static final int MAX_BYTES = 1 << 20;

    public static KeptCheckpoints none() {
        return new KeptCheckpoints(Map.of());
    }

    /**
     * Reads files that have one or more such lines, each once: it may be a pipe.
     *
     * @throws TrailException if a file cannot be read, or a line is not a checkpoint
     */
    public static KeptCheckpoints read(List<Path> files) throws TrailException {
        Map<Optional<String>, NavigableMap<Long, String>> kept = new HashMap<>();
        read(
                files,
                (checkpoint, line) -> kept.computeIfAbsent(checkpoint.trail(), any -> new TreeMap<>())
                        .put(checkpoint.seq(), line));
        return new KeptCheckpoints(kept);
    }

    /** Those that a trail must contain. Of a trail that is alone, whatever they are of, so that one of another trail shows. */
    public NavigableMap<Long, String> of(Trail trail, boolean alone) {
        NavigableMap<Long, String> own = new TreeMap<>();
        byTrail.forEach((id, lines) -> {
            if (alone || id.equals(trail.id())) {
                own.putAll(lines);
            }
        });
        return own;
    }

    /**
     * A sentence for each trail of which there is a checkpoint and nothing else. Where all are of one trail, and one trail is here,
     * the comparison with its lines says it. Two could have the same number, and one of them would not be compared.
     */
    public List<String> ofAbsentTrails(List<Trail> here) {
        if (here.size() == 1 && byTrail.size() == 1) {
            return List.of();
        }
        return byTrail.keySet().stream()
                .filter(id -> here.size() > 1 || id.isPresent())
                .filter(id -> here.stream().noneMatch(trail -> trail.id().equals(id)))
                .map(id -> "A checkpoint that was kept elsewhere is of "
                        + id.map(name -> "trail " + name).orElse("a trail of version 1")
                        + ", of which nothing is here.")
                .sorted()
                .toList();
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
