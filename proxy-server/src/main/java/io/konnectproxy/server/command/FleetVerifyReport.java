package io.konnectproxy.server.command;

import io.konnectproxy.trail.CheckedTrail;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailNotes;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the result of several trails: a table, the details of what is not well, and what all of it proves. */
final class FleetVerifyReport {
    private static final int MOST_NOTES = 20;

    private final PrintWriter out;
    private final VerifyReport report;

    FleetVerifyReport(PrintWriter out, boolean keyGiven) {
        this.out = out;
        this.report = new VerifyReport(out, keyGiven);
    }

    void print(List<CheckedTrail> trails, List<Segments.PassedOver> passedOver, long nanos) {
        VerifyTable.print(trails, out);
        List<CheckedTrail> unwell = trails.stream()
                .filter(checked -> !checked.isIntact() || checked.notHere().isPresent() || checked.before() > 0)
                .toList();
        for (CheckedTrail checked : unwell) {
            out.println();
            report.details(checked);
        }
        out.println();
        report.unread(passedOver);
        proven(trails);
        notes(TrailNotes.of(trails));
        report.passedOver(passedOver);
        report.rate(lines(trails), nanos);
    }

    private void proven(List<CheckedTrail> trails) {
        long intact = trails.stream().filter(CheckedTrail::isIntact).count();
        out.printf(
                Locale.ROOT, "%,d of %,d trails are intact, %,d lines in all.%n", intact, trails.size(), lines(trails));
        out.println(
                "Proven: of each intact trail, that no line between its first and its last was edited, removed, put in or"
                        + " moved unless its chain was computed anew. Up to the line under PROVEN TO nobody can do that without the key,"
                        + " or without the checkpoint that was kept elsewhere.");
        out.println(
                "Not proven: that there were no other trails. One that was removed whole leaves nothing here; compare the"
                        + " instances with those that you run. Verify a trail by itself to see all that is said of it.");
    }

    private static long lines(List<CheckedTrail> trails) {
        return trails.stream().mapToLong(checked -> checked.extent().lines()).sum();
    }

    private void notes(List<String> notes) {
        if (notes.isEmpty()) {
            return;
        }
        out.println("Between trails:");
        notes.stream().limit(MOST_NOTES).forEach(note -> out.println("  " + note));
        if (notes.size() > MOST_NOTES) {
            out.printf(Locale.ROOT, "  and %,d more.%n", notes.size() - MOST_NOTES);
        }
    }
}
