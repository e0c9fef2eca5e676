package io.konnectproxy.server.command;

import io.konnectproxy.trail.CheckedTrail;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Prints the result: what was read, what it proves, and what it does not prove. */
final class VerifyReport {
    private final PrintWriter out;
    private final boolean keyGiven;

    VerifyReport(PrintWriter out, boolean keyGiven) {
        this.out = out;
        this.keyGiven = keyGiven;
    }

    /** The only trail that there is. */
    void print(Trail trail, VerifyResult result, List<Segments.PassedOver> passedOver, long nanos) {
        unread(passedOver);
        if (result instanceof VerifyResult.Intact intact) {
            intact(trail, intact);
        } else if (result instanceof VerifyResult.Broken broken) {
            broken(broken);
            out.println("What comes after the first broken place was not checked.");
        } else {
            say("NOT HERE: %s", notHere(trail, ((VerifyResult.Absent) result).notHere()));
        }
        passedOver(passedOver);
        rate(result.extent().lines(), nanos);
    }

    /** Of several trails: what is broken in one. */
    void details(CheckedTrail checked) {
        checked.broken().ifPresent(this::broken);
        checked.trouble().ifPresent(trouble -> say("NOT READ: %s", trouble));
        if (checked.before() > 0) {
            item(format(
                    "%s of trail %s (%s) %s written before %s and %s not here.",
                    checked.before() == 1 ? "Line 1" : format("Lines 1 to %,d", checked.before()),
                    checked.trail().id().orElse("(version 1)"),
                    Printable.of(checked.trail().instance().orElse("no instance")),
                    checked.before() == 1 ? "was" : "were",
                    checked.extent().first().orElseThrow().time(),
                    checked.before() == 1 ? "is" : "are"));
        }
        checked.notHere().ifPresent(lines -> item(notHere(checked.trail(), lines)));
    }

    /** {@code Lines 12,001 to 13,377 of trail X (edge-1) were written until TIME and are not here.} */
    static String notHere(Trail trail, VerifyResult.NotHere lines) {
        return format(
                "%s of trail %s (%s) %s written %suntil %s and %s not here.",
                lines.lines() == 1
                        ? format("Line %,d", lines.from())
                        : format("Lines %,d to %,d", lines.from(), lines.to()),
                trail.id().orElse("(version 1)"),
                Printable.of(trail.instance().orElse("no instance")),
                lines.lines() == 1 ? "was" : "were",
                lines.after().map(time -> "after " + time + " and ").orElse(""),
                lines.until(),
                lines.lines() == 1 ? "is" : "are");
    }

    /** Places that may have lines of a trail which nobody has read: a verdict does not hold for these. */
    void unread(List<Segments.PassedOver> passedOver) {
        passedOver.stream()
                .filter(place -> place.kind() == Segments.PassedOver.Kind.UNREAD)
                .forEach(place -> say("NOT READ: %s: %s.", Printable.of(place.name()), place.why()));
    }

    void passedOver(List<Segments.PassedOver> passedOver) {
        List<Segments.PassedOver> others = passedOver.stream()
                .filter(place -> place.kind() != Segments.PassedOver.Kind.UNREAD)
                .toList();
        if (!others.isEmpty()) {
            out.println("Passed over:");
            others.forEach(file -> item(Printable.of(file.name()) + ": " + file.why() + "."));
        }
    }

    void rate(long lines, long nanos) {
        say(
                "Read in %,.1f s, %,d lines a second.",
                nanos / 1e9, lines * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos));
    }

    private void broken(VerifyResult.Broken broken) {
        String line = broken.line().isPresent() ? ", line " + broken.line().getAsLong() : "";
        say("BROKEN: %s%s", Printable.of(broken.segment()), line);
        item(broken.defect().sentence() + ".");
        item("expected: " + broken.expected());
        item("found:    " + broken.found());
        if (broken.extent().last().isPresent()) {
            say("Whole until there: %s.", extent(broken.extent()));
        }
    }

    private void intact(Trail trail, VerifyResult.Intact intact) {
        say("INTACT: %s.", extent(intact.extent()));
        VerifyResult.Mark first = intact.extent().first().orElseThrow();
        VerifyResult.Mark last = intact.extent().last().orElseThrow();
        out.println("Proven:");
        item(format(
                "The chain is whole: every line from %d to %d is bound to the one before it, and none was edited, removed, put"
                        + " in or moved unless the chain was computed anew from there on.",
                first.seq(), last.seq()));
        signed(intact, first);
        intact.keptTo()
                .ifPresent(to -> item(
                        format("Lines %d to %d stand as they did when the checkpoint was kept.", first.seq(), to)));
        out.println("Not proven:");
        intact.notHere().ifPresent(lines -> item(notHere(trail, lines)));
        unproven(intact, first, last);
        incidents(intact.incidents());
    }

    private void signed(VerifyResult.Intact intact, VerifyResult.Mark first) {
        intact.signedTo()
                .ifPresent(to -> item(format(
                        "Lines %d to %d stand as they did when they were signed: %s with your key %s, and nobody without its"
                                + " private half can compute that anew.",
                        first.seq(),
                        to,
                        count(intact.checkpoints(), "checkpoint") + (intact.checkpoints() == 1 ? " is" : " are")
                                + " signed",
                        String.join(", ", intact.keys()))));
    }

    private void unproven(VerifyResult.Intact intact, VerifyResult.Mark first, VerifyResult.Mark last) {
        if (!keyGiven && intact.keptTo().isEmpty()) {
            item("That nobody computed the whole chain anew: whoever can write the files can. "
                    + (intact.checkpoints() == 0
                            ? "The trail has no signed checkpoint (audit.sign)."
                            : format(
                                    "It has %s signed with key %s; give its public half with --key.",
                                    count(intact.checkpoints(), "checkpoint"), String.join(", ", intact.keys()))));
        }
        long proven = Math.max(orZero(intact.signedTo()), orZero(intact.keptTo()));
        if (proven > 0 && proven < last.seq()) {
            item((proven + 1 == last.seq()
                            ? format("Line %d comes", last.seq())
                            : format("Lines %d to %d (%,d) come", proven + 1, last.seq(), last.seq() - proven))
                    + " after the last checkpoint that was checked: whoever can write the files could have computed that"
                    + " part anew.");
        }
        if (first.seq() > 1) {
            item(format(
                    "What was before line %d: lines 1 to %d are not in these files.", first.seq(), first.seq() - 1));
        }
        item(ending(last, intact.extent().stopped()));
    }

    private static String ending(VerifyResult.Mark last, boolean stopped) {
        String only =
                "Only a checkpoint kept elsewhere (--checkpoint) or a mirror shows whether lines after it were cut off.";
        return stopped
                ? "That nothing came after line " + last.seq() + ": the trail ends with a stop of the proxy at "
                        + last.time() + ". " + only
                : "That nothing came after line " + last.seq()
                        + ": the trail does not end with a stop, so the proxy is running, was killed, or the end was cut"
                        + " off. " + only;
    }

    private void incidents(VerifyResult.Incidents incidents) {
        if (incidents.first().isEmpty()) {
            return;
        }
        out.println("Recorded by the trail itself:");
        incidents.first().forEach(this::item);
        if (incidents.more() > 0) {
            item(format("and %,d more.", incidents.more()));
        }
    }

    private static String extent(VerifyResult.Extent extent) {
        VerifyResult.Mark first = extent.first().orElseThrow();
        VerifyResult.Mark last = extent.last().orElseThrow();
        return format(
                "%s, %s, numbers %d to %d, %s to %s%s",
                count(extent.segments(), "segment"),
                count(extent.lines(), "line"),
                first.seq(),
                last.seq(),
                first.time(),
                last.time(),
                extent.trail().map(trail -> ", of trail " + trail).orElse(""));
    }

    private static String count(long number, String thing) {
        return format("%,d %s%s", number, thing, number == 1 ? "" : "s");
    }

    private static long orZero(OptionalLong seq) {
        return seq.orElse(0);
    }

    private void item(String text) {
        out.println("  " + text);
    }

    private void say(String form, Object... values) {
        out.println(format(form, values));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
