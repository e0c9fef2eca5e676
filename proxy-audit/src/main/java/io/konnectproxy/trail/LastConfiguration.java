package io.konnectproxy.trail;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a file of the trail says last of what was permitted. */
public final class LastConfiguration {
    private LastConfiguration() {}

    /**
     * What the last configuration line says. A plain file is read from its end, and no further than there.
     *
     * @return empty where there is no such line, it can't be read, or there is no file
     * @throws IOException when the file cannot be read
     */
    public static Optional<PolicySettings> of(Path file) throws IOException {
        return line(file).flatMap(LastConfiguration::read);
    }

    /** The whole line, without its line feed. */
    static Optional<String> line(Path file) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        return Compression.of(file) ? forwards(file) : backwards(file);
    }

    /** Empty where the line has none in the form that is written. */
    private static Optional<PolicySettings> read(String line) {
        try {
            return new EventReader().read(line).event() instanceof TrailEvent.Policy policy
                    ? Optional.of(policy.settings())
                    : Optional.empty();
        } catch (UnreadableLineException e) {
            // Then nothing is known of what was before, which is what the next line will say.
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
