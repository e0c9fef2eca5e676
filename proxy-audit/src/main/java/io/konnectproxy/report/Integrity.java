package io.konnectproxy.report;

import io.konnectproxy.report.IntegrityClaim.Aspect;
import io.konnectproxy.report.IntegrityClaim.Assurance;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of the integrity of all lines that were read, in the period or not: four claims, each with its ground. Nobody
 * can sum them up in one word.
 */
public final class Integrity {
    private static final int KEYS = 20;
    private static final int SHORT = 16;

    private final Set<String> keys = new TreeSet<>();
    private long checkpoints;
    private long newest;
    private long newestTime;
    private long lost;
    private long gaps;
    private long torn;
    private long endsWithoutStop;
    private Optional<TrailVerification> verification = Optional.empty();

    void checkpoint(long seq, TrailEvent.Checkpoint checkpoint) {
        checkpoints++;
        newest = seq;
        newestTime = checkpoint.time();
        if (keys.size() < KEYS) {
            keys.add(checkpoint.key());
        }
    }

    void gap(TrailEvent.Gap gap) {
        gaps++;
        lost = Tally.sum(lost, gap.lost());
    }

    /** A start found the end of a file that was no line. */
    void torn() {
        torn++;
    }

    /** A process of the proxy ended without a stop. */
    void endedWithoutStop() {
        endsWithoutStop++;
    }

    void verified(TrailVerification result) {
        verification = Optional.of(result);
    }

    /** Empty where a file could not be read, or nothing was verified. */
    public Optional<TrailVerification> verification() {
        return verification;
    }

    /** The number of the newest checkpoint's line; 0 without any. */
    public long newest() {
        return newest;
    }

    /** Whether no line is a checkpoint. */
    boolean isUnsigned() {
        return checkpoints == 0;
    }

    /** The four claims, in the order of {@link Aspect}. */
    List<IntegrityClaim> claims(Numbering numbering, long unreadable) {
        return List.of(authentic(), unaltered(), complete(numbering, unreadable), anchored(numbering));
    }

    private IntegrityClaim authentic() {
        if (verification.isEmpty()) {
            return claim(Aspect.AUTHENTIC, Assurance.NOT_CHECKED, "The files could not be verified to their end.");
        }
        TrailVerification found = verification.get();
        if (checkpoints == 0) {
            return found.keyGiven()
                    ? claim(Aspect.AUTHENTIC, Assurance.FAILS, "No line is signed, so the given key proves nothing.")
                    : claim(
                            Aspect.AUTHENTIC,
                            Assurance.NOT_CHECKED,
                            "No line is signed (audit.sign): whoever can write the files can have written all of them.");
        }
        if (!found.keyGiven()) {
            return claim(
                    Aspect.AUTHENTIC,
                    Assurance.NOT_CHECKED,
                    "Not checked: give --key. " + count(checkpoints, "checkpoint") + " "
                            + (checkpoints == 1 ? "names" : "name") + " the key "
                            + keys.stream().map(Integrity::shortened).collect(Collectors.joining(", ")) + ".");
        }
        if (found.broken().isPresent()) {
            TrailVerification.FirstDefect broken = found.broken().get();
            if (broken.ofSignatures()) {
                return claim(Aspect.AUTHENTIC, Assurance.FAILS, at(broken));
            }
            return found.signedTo().isEmpty()
                    ? claim(
                            Aspect.AUTHENTIC,
                            Assurance.NOT_CHECKED,
                            "No signature covers the lines before the first defect.")
                    : claim(
                            Aspect.AUTHENTIC,
                            Assurance.IN_PART,
                            "Lines " + number(found.first()) + " to "
                                    + number(found.signedTo().getAsLong())
                                    + " were signed with your key. What follows was not checked.");
        }
        long to = found.signedTo().orElse(0);
        return claim(
                Aspect.AUTHENTIC,
                to == found.last() ? Assurance.HOLDS : Assurance.IN_PART,
                "Lines " + number(found.first()) + " to " + number(to) + " were signed with your key ("
                        + count(checkpoints, "checkpoint") + ")."
                        + (to == found.last() ? "" : " " + behind(found.last() - to) + " no signature yet."));
    }

    /** A fingerprint is wider than a column of text. The list of checkpoints has it in full. */
    private static String shortened(String key) {
        return key.length() <= SHORT ? key : key.substring(0, SHORT) + "...";
    }

    private static String behind(long lines) {
        return lines == 1 ? "The last line has" : "The last " + number(lines) + " lines have";
    }

    private IntegrityClaim unaltered() {
        if (verification.isEmpty()) {
            return claim(Aspect.UNALTERED, Assurance.NOT_CHECKED, "The files could not be verified to their end.");
        }
        TrailVerification found = verification.get();
        if (found.broken().isPresent()) {
            TrailVerification.FirstDefect broken = found.broken().get();
            return broken.ofSignatures()
                    ? claim(Aspect.UNALTERED, Assurance.IN_PART, "The chain is whole up to the first wrong signature.")
                    : claim(Aspect.UNALTERED, Assurance.FAILS, at(broken) + " What follows was not checked.");
        }
        return claim(
                Aspect.UNALTERED,
                Assurance.HOLDS,
                "Each line from " + number(found.first()) + " to " + number(found.last())
                        + " has the hash of the line before it. Whoever can write the files can compute a new chain;"
                        + " signatures and anchors show that.");
    }

    /** {@code trail.jsonl:12: The line was edited: its hash is not that of its bytes.} */
    private static String at(TrailVerification.FirstDefect broken) {
        return broken.place() + ": " + broken.sentence() + ".";
    }

    private IntegrityClaim complete(Numbering numbering, long unreadable) {
        if (numbering.first() == 0) {
            return claim(Aspect.COMPLETE, Assurance.NOT_CHECKED, "There is no line.");
        }
        StringBuilder ground = new StringBuilder("Lines " + number(numbering.first()) + " to "
                + number(numbering.last())
                + (numbering.count() == 0
                        ? " are numbered without a hole."
                        : " do not follow one another in " + count(numbering.count(), "place") + "; "
                                + count(numbering.missing(), "number") + " missing."));
        boolean cut = verification
                .flatMap(TrailVerification::broken)
                .map(broken -> broken.ofMissingLines() && broken.ofKeptOnes())
                .orElse(false);
        if (cut) {
            ground.append(" Lines were cut off the end: a kept checkpoint is missing.");
        }
        if (unreadable > 0) {
            ground.append(" " + count(unreadable, "line") + " cannot be read.");
        }
        ground.append(losses());
        if (numbering.first() > 1) {
            ground.append(" What came before line " + number(numbering.first()) + " was not given.");
        }
        ground.append(" What came after line " + number(numbering.last()) + ", only an anchor can show.");
        boolean fails = numbering.count() > 0 || unreadable > 0 || cut;
        boolean chained = verification
                .map(found -> found.broken().isEmpty()
                        || (found.broken().get().ofSignatures() && found.last() == numbering.last()))
                .orElse(false);
        if (!fails && !chained) {
            ground.append(verification
                    .flatMap(TrailVerification::broken)
                    .map(broken -> " Behind " + broken.place() + " the numbers prove nothing.")
                    .orElse(" The chain was not verified, so the numbers prove nothing."));
        }
        Assurance assurance = fails ? Assurance.FAILS : Assurance.IN_PART;
        return claim(
                Aspect.COMPLETE,
                !fails && chained && recordsNoLoss() && numbering.first() == 1 ? Assurance.HOLDS : assurance,
                ground.toString());
    }

    private boolean recordsNoLoss() {
        return gaps == 0 && torn == 0 && endsWithoutStop == 0;
    }

    /** What the trail says of itself, a sentence each. */
    private String losses() {
        if (recordsNoLoss()) {
            return " The trail records no loss.";
        }
        StringBuilder losses = new StringBuilder();
        if (gaps > 0) {
            losses.append(" The trail records " + count(gaps, "gap") + " with " + count(lost, "lost line") + ".");
        }
        if (torn > 0) {
            losses.append(" The trail records " + count(torn, "incomplete line") + ".");
        }
        if (endsWithoutStop > 0) {
            losses.append(" The proxy ended without a stop " + count(endsWithoutStop, "time")
                    + ": sums of refusals of " + (endsWithoutStop == 1 ? "that minute" : "those minutes")
                    + " may be missing.");
        }
        return losses.toString();
    }

    private IntegrityClaim anchored(Numbering numbering) {
        Optional<TrailVerification> found = verification;
        if (found.isPresent() && found.get().keptGiven()) {
            if (found.get().broken().isPresent()) {
                return claim(
                        Aspect.ANCHORED,
                        Assurance.FAILS,
                        found.get().broken().get().ofKeptOnes()
                                ? at(found.get().broken().get())
                                : "The trail is broken, so the kept checkpoint proves nothing after "
                                        + found.get().broken().get().place() + ".");
            }
            long to = found.get().keptTo().orElse(0);
            return claim(
                    Aspect.ANCHORED,
                    to == found.get().last() ? Assurance.HOLDS : Assurance.IN_PART,
                    "A checkpoint that was kept elsewhere holds the lines up to " + number(to) + "; "
                            + behindIt(found.get().last() - to) + ".");
        }
        if (checkpoints == 0) {
            return claim(
                    Aspect.ANCHORED,
                    Assurance.NOT_CHECKED,
                    "There is no checkpoint (audit.sign) that could be kept elsewhere.");
        }
        return claim(
                Aspect.ANCHORED,
                Assurance.NOT_CHECKED,
                "The newest checkpoint is line " + number(newest) + " of "
                        + Micros.text(newestTime).replace('T', ' ').substring(0, 19) + " UTC; "
                        + behindIt(Math.max(0, numbering.last() - newest))
                        + ". It lies in the files themselves: give one that was kept elsewhere"
                        + " (--checkpoint).");
    }

    private static IntegrityClaim claim(Aspect aspect, Assurance assurance, String ground) {
        return new IntegrityClaim(aspect, assurance, ground);
    }

    private static String behindIt(long lines) {
        return lines == 0
                ? "no line lies behind it"
                : count(lines, "line") + (lines == 1 ? " lies" : " lie") + " behind it";
    }

    private static String count(long number, String thing) {
        return number(number) + " " + thing + (number == 1 ? "" : "s");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
