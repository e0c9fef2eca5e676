package io.konnectproxy.report;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.CheckThread;
import io.konnectproxy.trail.Defect;
import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailSteps;
import io.konnectproxy.trail.TrailVisitor;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Printable;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads one trail of a report: each line is read once, and shown to its totals and to its verification. Not thread-safe. */
final class TrailReader implements TrailVisitor, Closeable {
    private final Trail trail;
    private final CheckThread.CheckedTrail check;
    private final TrailTotals totals;
    private final boolean keyGiven;
    private final NavigableMap<Long, String> kept;
    private final List<String> troubles = new ArrayList<>();
    private @Nullable TrailSteps steps;
    private @Nullable CompletableFuture<VerifyResult> result;
    private @Nullable Segment segment;
    private String file = "";

    private TrailReader(
            Trail trail,
            TrailTotals totals,
            CheckThread.CheckedTrail check,
            boolean keyGiven,
            NavigableMap<Long, String> kept) {
        this.trail = trail;
        this.totals = totals;
        this.check = check;
        this.keyGiven = keyGiven;
        this.kept = kept;
    }

    /**
     * Begins to read a trail, at its first line.
     *
     * @param kept checkpoint lines that must be in a trail, by their numbers
     */
    static TrailReader begin(
            Trail trail,
            ReportBuilder builder,
            CheckThread checks,
            List<VerificationKey> keys,
            NavigableMap<Long, String> kept) {
        NavigableMap<Long, String> given = of(trail, kept);
        NavigableMap<Long, String> all = new TreeMap<>(trail.checkpoints());
        all.putAll(given);
        TrailReader reader = new TrailReader(
                trail, builder.trail(proxy(trail)), checks.trail(new TrailCheck(keys, all)), !keys.isEmpty(), given);
        reader.archived();
        if (!trail.segments().inOrder().isEmpty()) {
            reader.steps = new TrailSteps(trail.segments(), reader);
        }
        return reader;
    }

    private static String proxy(Trail trail) {
        return trail.instance()
                .or(() -> trail.id().map(id -> "trail " + id))
                .orElseGet(() -> trail.segments().inOrder().get(0).name());
    }

    private static NavigableMap<Long, String> of(Trail trail, NavigableMap<Long, String> kept) {
        NavigableMap<Long, String> own = new TreeMap<>();
        kept.forEach((seq, line) -> {
            if (trail.id().map(id -> line.contains("\"trail\":\"" + id + "\"")).orElse(true)) {
                own.put(seq, line);
            }
        });
        return own;
    }

    /** The time of the line that is next to be taken. */
    long time() {
        return totals.time();
    }

    /** Moves to the next line, and reads it; false after the last one. */
    boolean next() {
        if (steps == null || !steps.next()) {
            return false;
        }
        totals.read(steps.bytes(), steps.from(), steps.end());
        return true;
    }

    /** Adds the line, and moves to the next one; false after the last one. */
    boolean take() {
        if (steps != null) {
            steps.show();
        }
        return next();
    }

    @Override
    public void begins(Segment next) {
        segment = next;
        file = next.fileName();
        check.begins(next);
    }

    @Override
    public void line(byte[] bytes, int from, int end, long number) {
        check.line(bytes, from, end, number);
        totals.take(file, number);
    }

    @Override
    public void unfinished(long number, long bytes) {
        check.unfinished(number, bytes);
        totals.unfinished(file, number, bytes);
    }

    @Override
    public void unreadable(long number, IOException reason) {
        check.unreadable(number, reason);
        totals.brokenOff(file, number);
        troubles.add(Printable.of(segment == null ? file : segment.name())
                + " could not be read beyond line " + (number - 1)
                + ", so the report lacks what follows: "
                + Printable.of(FileWords.reason(reason)) + ".");
    }

    @Override
    public void ended(long lines) {
        check.ended(lines);
        totals.segment(file, lines);
    }

    /** Ends the trail, whose lines were all taken. */
    void end() {
        totals.end();
        if (steps != null) {
            result = check.toResult();
        }
        close();
    }

    @Override
    public void close() {
        if (steps != null) {
            steps.close();
        }
        trail.close();
    }

    /** Whether the result can be added without waiting for it. */
    boolean isVerified() {
        return result == null || result.isDone();
    }

    /** Adds the result of the verification. Returns a sentence for each trouble. */
    List<String> settle() {
        try {
            totals.verified(result == null ? Optional.empty() : Optional.of(verified(CheckThread.joined(result))));
        } catch (TrailException e) {
            totals.verified(Optional.empty());
            if (troubles.isEmpty()) {
                troubles.add("The trail " + of() + "could not be verified: " + e.getMessage());
            }
        }
        totals.trail()
                .broken()
                .ifPresent(broken -> troubles.add("The verification of the trail " + of() + "failed at "
                        + broken.place() + ": " + broken.sentence() + "; expected " + broken.expected() + ", found "
                        + broken.found() + "."));
        return troubles;
    }

    /**
     * That a checkpoint in the archive is newer than the files is no defect: the proxy hands a file over when it is finished. What follows
     * the last file is not proven, and not claimed.
     */
    private TrailVerification verified(VerifyResult found) {
        long last = found.extent().last().map(VerifyResult.Mark::seq).orElse(0L);
        NavigableMap<Long, String> archived = trail.checkpoints();
        boolean ahead = found instanceof VerifyResult.Broken broken
                && broken.defect() == Defect.CUT
                && !archived.isEmpty()
                && kept.tailMap(last, false).isEmpty();
        boolean keptGiven = !kept.isEmpty() || !archived.isEmpty();
        TrailVerification verification = TrailVerification.of(found, keyGiven, keptGiven);
        if (!ahead) {
            return verification;
        }
        Long proven = archived.floorKey(last);
        return new TrailVerification(
                keyGiven,
                keptGiven,
                verification.first(),
                verification.last(),
                verification.signedTo(),
                proven == null ? OptionalLong.empty() : OptionalLong.of(proven),
                Optional.empty());
    }

    private void archived() {
        if (trail.checkpoints().isEmpty()) {
            return;
        }
        String newest = trail.checkpoints().lastEntry().getValue();
        try {
            EventReader.EventLine line = new EventReader().read(newest);
            totals.trail()
                    .archived(new ReportedTrail.ArchivedCheckpoint(
                            line.seq(), line.event().time()));
            line.trail().ifPresent(totals.trail()::named);
        } catch (UnreadableLineException e) {
            troubles.add("The newest checkpoint of the trail " + of() + "in the archive could not be read: "
                    + e.getMessage() + ".");
        }
    }

    /** {@code of edge-1 }; nothing in a report on one trail. */
    private String of() {
        String proxy = totals.trail().proxy();
        return proxy.isEmpty() ? "" : "of " + proxy + " ";
    }
}
