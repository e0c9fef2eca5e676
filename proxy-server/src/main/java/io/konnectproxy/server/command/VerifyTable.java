package io.konnectproxy.server.command;

import io.konnectproxy.trail.CheckedTrail;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Several trails, a row each: by instance, then by time. A column is as wide as what stands in it. */
final class VerifyTable {
    private static final List<String> HEAD = List.of("INSTANCE", "TRAIL", "FROM", "TO", "LINES", "PROVEN TO", "RESULT");

    /** The length of a date, as a time begins. */
    private static final int DATE = 10;

    private VerifyTable() {}

    static void print(List<CheckedTrail> trails, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        trails.forEach(checked -> rows.add(row(checked)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(isNumber(i) ? padding + row.get(i) : row.get(i) + padding)
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static boolean isNumber(int column) {
        return HEAD.get(column).equals("LINES") || HEAD.get(column).equals("PROVEN TO");
    }

    private static List<String> row(CheckedTrail checked) {
        VerifyResult.Extent extent = checked.extent();
        return List.of(
                Printable.of(checked.trail().instance().orElse("-")),
                checked.trail().id().orElse("(version 1)"),
                date(extent.first()),
                date(extent.last()),
                count(extent.lines()),
                provenTo(checked).map(VerifyTable::count).orElse("-"),
                word(checked));
    }

    private static String date(Optional<VerifyResult.Mark> mark) {
        return mark.map(line -> line.time().substring(0, DATE)).orElse("-");
    }

    /** The last line that a signature, or a checkpoint kept elsewhere, proves. */
    static Optional<Long> provenTo(CheckedTrail checked) {
        long signed = checked.result()
                .map(result -> result instanceof VerifyResult.Intact intact
                        ? Math.max(intact.signedTo().orElse(0), intact.keptTo().orElse(0))
                        : result instanceof VerifyResult.Broken broken
                                ? broken.signedTo().orElse(0)
                                : 0L)
                .orElse(0L);
        return signed == 0 ? Optional.empty() : Optional.of(signed);
    }

    private static String word(CheckedTrail checked) {
        if (checked.trouble().isPresent()) {
            return "NOT READ";
        }
        if (checked.broken().isPresent()) {
            return "BROKEN: " + checked.broken().get().defect().name().toLowerCase(Locale.ROOT);
        }
        if (!checked.isIntact()) {
            return "NOT HERE";
        }
        String before = checked.before() == 0 ? "" : ", " + count(checked.before()) + " before not here";
        String behind = checked.notHere()
                .map(lines -> ", " + count(lines.lines()) + " more not here")
                .orElse("");
        return "INTACT" + before + behind;
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
