package io.konnectproxy.server.command;

import io.konnectproxy.server.doctor.StepReport;
import io.konnectproxy.server.doctor.StepReport.Grade;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The steps as text of 80 columns. */
final class DoctorText {
    private static final int COLUMNS = 80;
    private static final String INDENT = " ".repeat(6);
    private static final int MOST_AT_ONCE = 5;

    private final PrintWriter out;

    DoctorText(PrintWriter out) {
        this.out = out;
    }

    void print(StepReport report) {
        out.println(String.format(Locale.ROOT, "%-6s%s%s", word(report.grade()), title(report), time(report.took())));
        paragraph("asked  ", report.asked());
        paragraph("came   ", report.diagnosis().came());
        report.next().ifPresent(next -> paragraph("next   ", next));
        out.flush();
    }

    private static String word(Grade grade) {
        return switch (grade) {
            case OK -> "ok";
            case WARN -> "warn";
            case FAIL -> "FAIL";
        };
    }

    private static String title(StepReport report) {
        return report.step().token()
                + report.subject().map(subject -> " " + subject).orElse("");
    }

    private static String time(Duration took) {
        long millis = took.toMillis();
        if (millis == 0) {
            return "";
        }
        return millis < 1_000 ? " (" + millis + " ms)" : String.format(Locale.ROOT, " (%.1f s)", millis / 1000.0);
    }

    private void paragraph(String name, String text) {
        String margin = INDENT + " ".repeat(name.length());
        StringBuilder line = new StringBuilder(INDENT + name);
        boolean begins = true;
        for (String word : text.split(" ", -1)) {
            if (!begins && line.length() + 1 + word.length() > COLUMNS) {
                out.println(line);
                line = new StringBuilder(margin);
                begins = true;
            }
            line.append(begins ? "" : " ").append(word);
            begins = false;
        }
        out.println(line);
    }

    /** How many there are of each, and what to look at first. */
    void printSum(List<StepReport> reports) {
        out.println();
        long failed = count(reports, Grade.FAIL);
        long warned = count(reports, Grade.WARN);
        if (failed + warned == 0) {
            out.println(reports.size() + " ok. The way to Konnect is open.");
            return;
        }
        out.println(plural(failed, "failure") + ", " + plural(warned, "warning") + ", " + count(reports, Grade.OK)
                + " ok. Do first:");
        Set<String> told = new HashSet<>();
        reports.stream()
                .filter(report -> report.grade() != Grade.OK)
                .sorted(Comparator.comparing(StepReport::grade).reversed().thenComparing(StepReport::step))
                .filter(report -> told.add(report.next().orElse("")))
                .limit(MOST_AT_ONCE)
                .forEach(report -> {
                    out.println(String.format(Locale.ROOT, "%-6s%s", word(report.grade()), title(report)));
                    paragraph("", report.next().orElse(""));
                });
    }

    private static long count(List<StepReport> reports, Grade grade) {
        return reports.stream().filter(report -> report.grade() == grade).count();
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
