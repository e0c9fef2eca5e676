package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The time of a line of the trail, and what the trail says of the clock at that line.
 *
 * @param line what the clock said
 * @param ahead by how much the clock was ahead of the time that the trail had seen pass; negative if it was behind
 */
public record RecordedTime(Instant line, Duration ahead) {
    /** A configuration is the first line of a file, and a clock that is ahead or behind is the next. */
    private static final int HEAD = 2;

    /** The time as the trail had seen it pass. */
    public Instant counted() {
        return line.minus(ahead);
    }

    /**
     * Of the first line.
     *
     * @return empty if there is no file, or no line in it
     * @throws IOException if the file cannot be read
     */
    public static Optional<RecordedTime> atHead(Path file) throws IOException {
        Reader reader = new Reader();
        Optional<Instant> first = Optional.empty();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.number() < HEAD && lines.next()) {
                if (reader.read(lines.bytes(), lines.from(), lines.end())) {
                    first = first.or(reader::time);
                }
            }
        }
        return first.map(reader::recorded);
    }

    /**
     * Of the last line. An uncompressed file is read backwards, up to the last configuration, behind which the trail repeats what
     * the clock is ahead or behind.
     *
     * @return empty if there is no file, or no line in it
     * @throws IOException if the file cannot be read
     */
    public static Optional<RecordedTime> atEnd(Path file) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        return Compression.of(file) ? forwards(file) : backwards(file);
    }

    private static Optional<RecordedTime> backwards(Path file) throws IOException {
        Reader reader = new Reader();
        Optional<Instant> last = Optional.empty();
        try (BackwardLines lines = new BackwardLines(file)) {
            while (!reader.isSettled() && lines.previous()) {
                if (reader.read(lines.line(), 0, lines.length())) {
                    last = last.or(reader::time);
                }
            }
        }
        return last.map(reader::recorded);
    }

    private static Optional<RecordedTime> forwards(Path file) throws IOException {
        Reader reader = new Reader();
        Optional<Instant> last = Optional.empty();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.next()) {
                if (reader.read(lines.bytes(), lines.from(), lines.end())) {
                    last = reader.time();
                }
            }
        } catch (EOFException | ZipException e) {
            // Damaged: as far as it goes.
        }
        return last.map(reader::recorded);
    }

    /** Reads lines one after the other. */
    private static final class Reader {
        private final TrailLine line = new TrailLine();
        private final EventReader events = new EventReader();
        private Optional<Duration> ahead = Optional.empty();
        private boolean configured;

        /** Returns whether it is a line of the trail. */
        boolean read(byte[] bytes, int from, int end) {
            if (!line.read(bytes, from, end)) {
                return false;
            }
            configured = line.isEvent(LineForm.CONFIGURATION);
            if (line.isEvent(LineForm.CLOCK)) {
                readClock();
            }
            return true;
        }

        private void readClock() {
            try {
                if (events.read(line.text()).event() instanceof TrailEvent.ClockJump jump) {
                    ahead = Optional.of(Duration.ofNanos(Math.multiplyExact(jump.ahead(), 1_000L)));
                }
            } catch (UnreadableLineException | ArithmeticException e) {
                // As if it were not there: then files stay that could go, or a jump is found that was known.
                return;
            }
        }

        Optional<Instant> time() {
            return Optional.of(Micros.instant(Micros.parse(line.time())));
        }

        RecordedTime recorded(Instant line) {
            return new RecordedTime(line, ahead.orElse(Duration.ZERO));
        }

        boolean isSettled() {
            return configured || ahead.isPresent();
        }
    }
}
