package io.konnectproxy.suggest;

import io.konnectproxy.trail.Defect;
import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailVisitor;
import io.konnectproxy.trail.TrailWalk;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * Reads the files of trails for a suggestion, and verifies each trail meanwhile. As in a report, the verification of a trail stops at its
 * first defect and the reading goes on: the suggestion says so.
 */
public final class SuggestionReading {
    private SuggestionReading() {}

    /** Reads all files, in the order of their lines. The suggestion says what is broken, and what could not be read to its end. */
    public static void of(Trails trails, SuggestionBuilder builder) {
        trails.passedOver(Segments.PassedOver.Kind.UNREAD).forEach(place -> builder.unread(place.sentence()));
        for (Trail trail : trails.all()) {
            if (trail.segments().inOrder().isEmpty()) {
                builder.unread("Of trail " + trail.id().orElse("(version 1)")
                        + " the archive has checkpoints, and none of its files.");
            } else {
                new VerifiedReading(trail, trails.all().size() > 1 ? whose(trail) : "", builder).read();
            }
        }
    }

    /** {@code of edge-1 }. */
    private static String whose(Trail trail) {
        return trail.instance()
                .or(trail::id)
                .map(name -> "of " + Printable.of(name) + " ")
                .orElse("");
    }

    /** The reading of one trail, and its verification. */
    private static final class VerifiedReading implements TrailVisitor {
        private final Trail trail;
        private final String whose;
        private final SuggestionBuilder builder;
        private final TrailCheck check;
        private String file = "";
        private boolean unreadable;

        VerifiedReading(Trail trail, String whose, SuggestionBuilder builder) {
            this.trail = trail;
            this.whose = whose;
            this.builder = builder;
            this.check = new TrailCheck(List.of(), Collections.emptyNavigableMap(), trail);
        }

        void read() {
            new TrailWalk((bytes, lines) -> {}).over(trail.segments(), this);
            try {
                // A torn end has been said.
                if (check.result() instanceof VerifyResult.Broken broken && broken.defect() != Defect.TORN) {
                    builder.unread(sentence(broken));
                }
            } catch (TrailException e) {
                if (!unreadable) {
                    builder.unread(String.valueOf(e.getMessage()));
                }
            }
        }

        private String sentence(VerifyResult.Broken broken) {
            String name = broken.segment().substring(broken.segment().lastIndexOf('/') + 1);
            return "The trail " + whose + "is broken at " + Printable.of(name)
                    + (broken.line().isPresent() ? ":" + broken.line().getAsLong() : "") + ": "
                    + broken.defect().sentence()
                    + ". What comes from there on was not verified, and is in the suggestion.";
        }

        @Override
        public void twins(Segment one, Segment other) {
            check.twins(one, other);
        }

        @Override
        public void begins(Segment segment) {
            file = Printable.of(segment.fileName());
            check.begins(segment);
        }

        @Override
        public void line(byte[] bytes, int from, int end, long number) {
            check.line(bytes, from, end, number);
            builder.line(bytes, from, end, file + ":" + number);
        }

        @Override
        public void unfinished(long number, long bytes) {
            check.unfinished(number, bytes);
            builder.unread(file + " ends in a line that is still being written, or torn.");
        }

        @Override
        public void unreadable(long number, IOException reason) {
            check.unreadable(number, reason);
            unreadable = true;
            builder.unread(file + " cannot be read beyond line " + (number - 1) + ": "
                    + Printable.of(FileWords.reason(reason)) + ".");
        }

        @Override
        public void ended(long lines) {
            check.ended(lines);
        }
    }
}
