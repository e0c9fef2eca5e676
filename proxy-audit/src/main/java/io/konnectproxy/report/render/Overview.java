package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.ReportInput;
import io.konnectproxy.report.ReportedTrail;
import io.konnectproxy.report.ReportedTrails;
import io.konnectproxy.report.Tally;
import io.konnectproxy.report.TrailVerification;
import io.konnectproxy.trail.event.ByteCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The head of a report: its period, its source and the main figures. */
final class Overview {
    private final AuditReport report;

    Overview(AuditReport report) {
        this.report = report;
    }

    /** {@code 2026-11-20 00:00:00 to 2026-11-22 23:59:59 UTC}. */
    String period() {
        Optional<Long> from = report.from();
        Optional<Long> until = report.until();
        return from.isEmpty() || until.isEmpty()
                ? "no lines"
                : Wording.time(from.get()) + " to " + Wording.time(until.get()) + " UTC";
    }

    /** The main figures, each with its name. */
    Map<String, String> figures() {
        Tally total = report.traffic().total();
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("Requests permitted", Wording.number(total.permitted()));
        figures.put("Requests refused", Wording.number(total.refused()));
        if (total.letThrough() > 0) {
            figures.put("Refused, yet let through", Wording.number(total.letThrough()));
        }
        figures.put("Tunnels", Wording.number(total.tunnels()));
        figures.put("Tunnels failed", Wording.number(total.failed()));
        figures.put("Sent to Konnect", ByteCount.text(total.bytesUp()));
        figures.put("Received from Konnect", ByteCount.text(total.bytesDown()));
        return figures;
    }

    /** The source of the figures. */
    List<Note> source() {
        ReportInput input = report.input();
        List<Note> notes = new ArrayList<>();
        String files = input.fileCount() == 1
                ? input.files().get(0).file()
                : Wording.count(input.fileCount(), "file", "files");
        notes.add(Note.plain(Wording.count(input.within(), "line", "lines") + " of the period, from " + files + "."));
        ReportedTrails trails = report.trails();
        if (trails.areSeveral()) {
            notes.add(Note.plain(Wording.count(trails.count(), "trail", "trails") + " of "
                    + Wording.count(trails.proxyCount(), "proxy", "proxies") + "."));
        } else if (!input.trails().isEmpty()) {
            notes.add(Note.plain((input.trails().size() == 1 ? "Trail " : "Trails ") + String.join(", ", input.trails())
                    + (input.instances().isEmpty() ? "" : " of " + String.join(", ", input.instances())) + "."));
        }
        if (input.before() + input.after() > 0) {
            notes.add(Note.plain("Not counted: " + Wording.count(input.before(), "line", "lines")
                    + " before the period and " + Wording.number(input.after()) + " after it."));
        }
        List<ReportedTrail> broken = trails.all().stream()
                .filter(trail -> trail.broken().isPresent())
                .toList();
        broken.stream()
                .limit(1)
                .flatMap(trail -> trail.broken().stream().map(defect -> warning(trail, defect, broken.size() - 1)))
                .forEach(notes::add);
        if (trails.lateOnes() > 0) {
            notes.add(
                    Note.warning(
                            "So many trails were written at the same time that "
                                    + Wording.count(trails.lateOnes(), "trail was", "trails were")
                                    + " read later than the lines of their time. Sums are exact. Which data planes moved or are lost may not be."));
        }
        if (input.within() == 0) {
            notes.add(Note.warning(
                    input.read() == 0 ? "There is not one line to report on." : "No line is from this period."));
        }
        return notes;
    }

    /** @param more further trails that are broken */
    private static Note warning(ReportedTrail trail, TrailVerification.FirstDefect defect, int more) {
        String proxy = trail.proxy();
        return Note.warning("The verification " + (proxy.isEmpty() ? "" : "of " + proxy + " ") + "failed at "
                + defect.place() + ": " + defect.sentence() + "."
                + (more == 0
                        ? ""
                        : " That of " + Wording.count(more, "further trail", "further trails") + " failed too.")
                + " Do not rely on the figures.");
    }
}
