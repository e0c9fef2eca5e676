package io.konnectproxy.trail;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the last policy that a file of the trail records. */
public final class LastConfiguration {
    private LastConfiguration() {}

    /**
     * The policy of the last configuration line. An uncompressed file is read backwards, up to that line.
     *
     * @return empty if there is no file or no such line, or if the line cannot be parsed
     * @throws IOException if the file cannot be read
     */
    public static Optional<PolicySettings> of(Path file) throws IOException {
        return line(file).flatMap(LastConfiguration::read);
    }

    /** The last configuration line, without its line feed. */
    static Optional<String> line(Path file) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        return Compression.of(file) ? forwards(file) : backwards(file);
    }

    private static Optional<PolicySettings> read(String line) {
        try {
            return new EventReader().read(line).event() instanceof TrailEvent.Policy policy
                    ? Optional.of(policy.settings())
                    : Optional.empty();
        } catch (UnreadableLineException e) {
            // The next configuration line then records that the previous policy is unknown.
            return Optional.empty();
        }
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
