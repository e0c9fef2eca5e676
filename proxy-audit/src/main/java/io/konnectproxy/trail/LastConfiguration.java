package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a file of the trail says last of what was permitted. */
public final class LastConfiguration {
    private LastConfiguration() {}

    /**
     * The last configuration line. A plain file is read from its end, and no further than there.
     *
     * @return the whole line, without its line feed; empty where there is none, or no file
     * @throws IOException when the file cannot be read
     */
    public static Optional<String> of(Path file) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        return Compression.of(file) ? forwards(file) : backwards(file);
    }

    private static Optional<String> backwards(Path file) throws IOException {
        TrailLine line = new TrailLine();
        try (BackwardLines lines = new BackwardLines(file)) {
            while (lines.previous()) {
                if (line.read(lines.line(), 0, lines.length()) && isConfiguration(line)) {
                    return Optional.of(line.text());
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<String> forwards(Path file) throws IOException {
        TrailLine line = new TrailLine();
        Optional<String> last = Optional.empty();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.next()) {
                if (line.read(lines.bytes(), lines.from(), lines.end()) && isConfiguration(line)) {
                    last = Optional.of(line.text());
                }
            }
        }
        return last;
    }

    private static boolean isConfiguration(TrailLine line) {
        return line.isEvent(LineForm.CONFIGURATION) && line.hashFits();
    }
}
