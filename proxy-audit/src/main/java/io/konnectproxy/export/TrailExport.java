package io.konnectproxy.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.report.Period;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailVisitor;
import io.konnectproxy.trail.TrailWalk;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.EventReader.EventLine;
import io.konnectproxy.trail.event.Printable;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Exports the lines of trails. Each trail is verified as it is read, and only verified lines are exported: at its first defect the export
 * of a trail ends, and that of the next one begins. It needs memory for one line and what the format needs. Not thread-safe.
 */
public final class TrailExport {
    private final ExportFormat format;
    private final Period period;
    private final List<VerificationKey> keys;

    /**
     * @param period the times of the lines that are exported; all are verified
     * @param keys the public keys for signatures; if empty, signatures are not verified
     */
    public TrailExport(ExportFormat format, Period period, List<VerificationKey> keys) {
        this.format = format;
        this.period = period;
        this.keys = List.copyOf(keys);
    }

    /**
     * What an export lacks, as a sentence.
     *
     * @param since when the last of the lines was written that a checkpoint of the archive proves and that are not there; empty where a
     *     trail is broken, or something could not be read
     */
    public record Lack(String sentence, Optional<Instant> since) {}

    /**
     * Exports all trails, one after the other.
     *
     * @param out gets the whole export; it should be buffered, and is not closed
     * @return what the export lacks of each trail that is not whole, of lines that could not be read, and of places that may have
     *     lines and were not read
     * @throws IOException if it cannot be written
     */
    public List<Lack> of(Trails trails, OutputStream out) throws IOException {
        ExportSink sink = format.to(out);
        List<Lack> troubles = new ArrayList<>();
        try {
            for (Trail trail : trails.all()) {
                troubles.addAll(new OneTrail(trail, sink).export());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Segments.PassedOver place : trails.passedOver(Segments.PassedOver.Kind.UNREAD)) {
            troubles.add(new Lack(place.sentence() + " The export lacks what it may have.", Optional.empty()));
        }
        sink.end(troubles.isEmpty());
        return troubles;
    }

    /** The export of one trail. */
    private final class OneTrail implements TrailVisitor {
        private final EventReader reader = new EventReader();
        private final Trail trail;
        private final ExportSink sink;
        private final TrailCheck check;
        private Optional<String> instance;
        private String file = "";
        private long lastSeq;
        private long unread;
        private @Nullable String firstUnread;

        OneTrail(Trail trail, ExportSink sink) {
            this.trail = trail;
            this.sink = sink;
            this.check = new TrailCheck(keys, Collections.emptyNavigableMap(), trail);
            this.instance = trail.instance();
        }

        List<Lack> export() {
            List<Lack> troubles = new ArrayList<>();
            if (trail.segments().inOrder().isEmpty()) {
                return List.of(lack(name() + " has no line here, only checkpoints; nothing of it is exported."));
            }
            new TrailWalk((bytes, lines) -> {}).over(trail.segments(), this);
            try {
                VerifyResult result = check.result();
                if (result instanceof VerifyResult.Broken broken) {
                    troubles.add(lack(sentence(broken)));
                } else if (result instanceof VerifyResult.Intact intact) {
                    intact.notHere().ifPresent(lines -> troubles.add(missing(lines)));
                }
            } catch (TrailException e) {
                troubles.add(lack(e.getMessage() + " " + extent()));
            }
            if (unread > 0) {
                troubles.add(lack(name() + " has " + unread + (unread == 1 ? " line" : " lines")
                        + " that could not be read and that the export lacks; the first is " + firstUnread + "."));
            }
            return troubles;
        }

        private static Lack lack(String sentence) {
            return new Lack(sentence, Optional.empty());
        }

        private Lack missing(VerifyResult.NotHere lines) {
            return new Lack(
                    name() + ": the lines " + lines.from() + " to " + lines.to() + " were written by " + lines.until()
                            + " and are not here; the export lacks them.",
                    Optional.of(Instant.parse(lines.until())));
        }

        private String sentence(VerifyResult.Broken broken) {
            String line = broken.line().isPresent() ? ":" + broken.line().getAsLong() : "";
            return name() + " is broken at " + Printable.of(broken.segment()) + line + ": "
                    + broken.defect().sentence() + "; expected " + Printable.of(broken.expected()) + ", found "
                    + Printable.of(broken.found()) + ". " + extent();
        }

        private String extent() {
            return lastSeq == 0
                    ? "Nothing of it is exported."
                    : "The export has its lines up to number " + lastSeq + ", and none after it.";
        }

        private String name() {
            return "Trail " + trail.id().map(Printable::of).orElse("of version 1")
                    + instance.map(of -> " of " + Printable.of(of)).orElse("");
        }

        @Override
        public void begins(Segment segment) {
            file = Printable.of(segment.name());
            check.begins(segment);
        }

        @Override
        public void line(byte[] bytes, int from, int end, long number) {
            long before = check.verified();
            check.line(bytes, from, end, number);
            if (check.verified() == before) {
                return;
            }
            try {
                EventLine event = reader.read(bytes, from, end);
                lastSeq = event.seq();
                if (event.event() instanceof TrailEvent.Start start) {
                    instance = start.instance().or(() -> instance);
                } else if (event.event() instanceof TrailEvent.Policy policy) {
                    instance = policy.instance().or(() -> instance);
                }
                if (period.contains(event.event().time())) {
                    sink.line(new String(bytes, from, end - from, ISO_8859_1), event, instance);
                }
            } catch (UnreadableLineException e) {
                unread++;
                firstUnread = firstUnread == null ? file + ":" + number + ": " + e.getMessage() : firstUnread;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void unfinished(long number, long bytes) {
            check.unfinished(number, bytes);
        }

        @Override
        public void unreadable(long number, IOException reason) {
            check.unreadable(number, reason);
        }

        @Override
        public void ended(long lines) {
            check.ended(lines);
        }

        @Override
        public boolean isDone() {
            return check.isDone();
        }
    }
}
