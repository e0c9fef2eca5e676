package io.konnectproxy.report;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.CheckThread;
import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailVisitor;
import io.konnectproxy.trail.TrailWalk;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a trail once, adds them up in the builder of a report, and verifies them meanwhile. The verification stops
 * at the first defect; the report goes on.
 */
public final class TrailReading {
    private final ReportBuilder builder;
    private final List<VerificationKey> keys;
    private final NavigableMap<Long, String> kept;

    /**
     * @param keys the public keys for signatures; if empty, signatures are not verified
     * @param kept checkpoint lines that must be in the trail, by their sequence numbers
     */
    public TrailReading(ReportBuilder builder, List<VerificationKey> keys, NavigableMap<Long, String> kept) {
        this.builder = builder;
        this.keys = keys;
        this.kept = kept;
    }

    /**
     * Reads all files, in the order of their lines. A file that cannot be read to its end is reported as far as it was
     * read.
     *
     * @param arguments files and directories
     * @return a sentence for each trouble: a file that could not be read to its end, a verification that failed
     * @throws TrailException when there is nothing to report on
     */
    public List<String> of(List<Path> arguments) throws TrailException {
        try (Segments segments = Segments.of(arguments);
                CheckThread check = new CheckThread(new TrailCheck(keys, kept))) {
            segments.passedOver().forEach(file -> builder.passedOver(file.name(), file.why()));
            Adding adding = new Adding(builder, check);
            new TrailWalk((bytes, lines) -> {}).over(segments, adding);
            List<String> troubles = new ArrayList<>(adding.troubles);
            verified(check, troubles);
            return troubles;
        }
    }

    private void verified(CheckThread check, List<String> troubles) {
        try {
            TrailVerification result = TrailVerification.of(check.result(), !keys.isEmpty(), !kept.isEmpty());
            builder.verified(result);
            result.broken()
                    .ifPresent(broken -> troubles.add("The verification of the trail failed at " + broken.place()
                            + ": " + broken.sentence() + "; expected " + broken.expected() + ", found " + broken.found()
                            + "."));
        } catch (TrailException e) {
            if (troubles.isEmpty()) {
                troubles.add("The trail could not be verified: " + e.getMessage());
            }
        }
    }

    /** Shows each line to the builder and to the check. */
    private static final class Adding implements TrailVisitor {
        private final ReportBuilder builder;
        private final TrailVisitor check;
        private final List<String> troubles = new ArrayList<>();
        private @Nullable Segment segment;
        private String name = "";

        Adding(ReportBuilder builder, TrailVisitor check) {
            this.builder = builder;
            this.check = check;
        }

        @Override
        public void begins(Segment next) {
            segment = next;
            name = next.fileName();
            check.begins(next);
        }

        @Override
        public void line(byte[] bytes, int from, int end, long number) {
            check.line(bytes, from, end, number);
            builder.line(bytes, from, end, name, number);
        }

        @Override
        public void unfinished(long number, long bytes) {
            check.unfinished(number, bytes);
            builder.unfinished(name, number, bytes);
        }

        @Override
        public void unreadable(long number, IOException reason) {
            check.unreadable(number, reason);
            builder.brokenOff(name, number);
            troubles.add(Printable.of(segment == null ? name : segment.name())
                    + " could not be read beyond line " + (number - 1)
                    + ", so the report lacks what follows: "
                    + Printable.of(FileWords.reason(reason)) + ".");
        }

        @Override
        public void ended(long lines) {
            check.ended(lines);
            builder.segment(name, lines);
        }
    }
}
