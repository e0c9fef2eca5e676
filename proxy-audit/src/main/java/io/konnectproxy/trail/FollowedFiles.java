package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the finished files of a trail, one after the other, as they come into an archive. Not thread-safe. */
final class FollowedFiles implements FollowedTrail {
    private final String instance;
    private final Deque<SegmentSource> files = new ArrayDeque<>();
    private final Deque<String> begin = new ArrayDeque<>();
    private @Nullable LineReader lines;
    private String name = "";

    FollowedFiles(String instance) {
        this.instance = instance;
    }

    void add(SegmentSource file) {
        files.add(file);
    }

    /** Reads a file of which only the last lines are shown. */
    void begin(SegmentSource file, int last, Predicate<String> wanted) throws TrailException {
        add(file);
        if (last == Integer.MAX_VALUE) {
            // All are: none needs to be kept.
            return;
        }
        Deque<Boolean> isWanted = new ArrayDeque<>();
        int found = 0;
        for (Optional<String> line = read(); line.isPresent(); line = read()) {
            begin.add(line.get());
            isWanted.add(wanted.test(line.get()));
            found += isWanted.getLast() ? 1 : 0;
            while (found > last || (!isWanted.isEmpty() && !isWanted.getFirst())) {
                begin.remove();
                found -= isWanted.remove() ? 1 : 0;
            }
        }
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public Optional<String> next() throws TrailException {
        return begin.isEmpty() ? read() : Optional.of(begin.remove());
    }

    private Optional<String> read() throws TrailException {
        try {
            while (open()) {
                if (lines != null && lines.next()) {
                    return Optional.of(new String(
                            lines.bytes(), lines.from(), lines.end() - lines.from(), StandardCharsets.ISO_8859_1));
                }
                close();
            }
            return Optional.empty();
        } catch (IOException e) {
            close();
            throw FileWords.unreadable(name, e);
        }
    }

    private boolean open() throws IOException {
        if (lines == null && !files.isEmpty()) {
            SegmentSource file = files.remove();
            name = file.name();
            lines = LineReader.open(file.open());
        }
        return lines != null;
    }

    @Override
    public void close() {
        LineReader left = lines;
        lines = null;
        if (left != null) {
            try {
                left.close();
            } catch (IOException e) {
                // It was only read.
                return;
            }
        }
    }
}
