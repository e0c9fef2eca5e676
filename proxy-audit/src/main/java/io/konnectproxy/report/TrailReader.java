package io.konnectproxy.report;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.CheckThread;
import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailSteps;
import io.konnectproxy.trail.TrailVisitor;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads one trail of a report: each line is read once, and shown to its totals and to its verification. Not thread-safe. */
final class TrailReader implements TrailVisitor, Closeable {
    private final Trail trail;
    private final CheckThread.TrailOfThread check;
    private final TrailTotals totals;
    private final boolean keyGiven;
    private final boolean keptGiven;
    private final List<String> troubles = new ArrayList<>();
    private @Nullable TrailSteps steps;
    private @Nullable CompletableFuture<VerifyResult> result;
    private @Nullable Segment segment;
    private String file = "";

    private TrailReader(
            Trail trail, TrailTotals totals, CheckThread.TrailOfThread check, boolean keyGiven, boolean keptGiven) {
        this.trail = trail;
        this.totals = totals;
        this.check = check;
        this.keyGiven = keyGiven;
        this.keptGiven = keptGiven;
    }

    /**
     * Begins to read a trail, at its first line.
     *
     * @param kept checkpoint lines that must be in it, by their numbers
     */
    static TrailReader begin(
            Trail trail,
            ReportBuilder builder,
            CheckThread checks,
            List<VerificationKey> keys,
            NavigableMap<Long, String> kept) {
        TrailReader reader = new TrailReader(
                trail,
                builder.trail(proxy(trail)),
                checks.trail(new TrailCheck(keys, kept, trail)),
                !keys.isEmpty(),
                !kept.isEmpty());
        trail.id().ifPresent(reader.totals.trail()::named);
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
    public void twins(Segment one, Segment other) {
        check.twins(one, other);
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
        result = check.toResult();
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
        return result().isDone();
    }

    private CompletableFuture<VerifyResult> result() {
        if (result == null) {
            throw new IllegalStateException("the trail has not ended");
        }
        return result;
    }

    private static Optional<VerifyResult.NotHere> notHere(VerifyResult found) {
        if (found instanceof VerifyResult.Intact intact) {
            return intact.notHere();
        }
        return found instanceof VerifyResult.Absent absent ? Optional.of(absent.notHere()) : Optional.empty();
    }

    /** Adds the result of the verification. Returns a sentence for each trouble. */
    List<String> settle() {
        Optional<TrailVerification> verification = Optional.empty();
        try {
            VerifyResult found = CheckThread.joined(result());
            notHere(found).ifPresent(totals.trail()::notHere);
            verification = found instanceof VerifyResult.Absent
                    ? Optional.empty()
                    : Optional.of(TrailVerification.of(found, keyGiven, keptGiven));
        } catch (TrailException e) {
            if (troubles.isEmpty()) {
                troubles.add("The trail " + of() + "could not be verified: " + e.getMessage());
            }
        }
        totals.verified(verification);
        totals.trail()
                .broken()
                .ifPresent(broken -> troubles.add("The verification of the trail " + of() + "failed at "
                        + broken.place() + ": " + broken.sentence() + "; expected " + broken.expected() + ", found "
                        + broken.found() + "."));
        return troubles;
    }

    /** {@code of edge-1 }; nothing in a report on one trail. */
    private String of() {
        String proxy = totals.trail().proxy();
        return proxy.isEmpty() ? "" : "of " + proxy + " ";
    }
}
