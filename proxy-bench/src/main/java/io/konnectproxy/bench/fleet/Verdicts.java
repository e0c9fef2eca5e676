package io.konnectproxy.bench.fleet;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code audit verify} says of many trails: a row of its table for each, and the sentences below it. */
final class Verdicts {
    private static final Pattern ROW =
            Pattern.compile("(?m)^(edge-\\d+) +([0-9a-f]{12}) +\\S+ +\\S+ +([\\d,]+) +([\\d,]+|-) +(\\S.*)$");

    /**
     * A row.
     *
     * @param provenTo the number of the last line that is proven; 0 for none
     */
    record Row(String instance, long lines, long provenTo, String result) {
        boolean isIntact() {
            return result.startsWith("INTACT");
        }

        boolean isBroken() {
            return result.startsWith("BROKEN");
        }
    }

    private final Program.Outcome outcome;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    Verdicts(Program.Outcome outcome) {
        this.outcome = outcome;
        Matcher row = ROW.matcher(outcome.output());
        while (row.find()) {
            rows.put(row.group(2), new Row(row.group(1), number(row.group(3)), number(row.group(4)), row.group(5)));
        }
    }

    private static long number(String text) {
        return text.equals("-") ? 0 : Long.parseLong(text.replace(",", ""));
    }

    Program.Outcome outcome() {
        return outcome;
    }

    /** By the name of the trail. */
    Map<String, Row> rows() {
        return rows;
    }

    boolean says(String text) {
        return outcome.output().contains(text);
    }

    /** Whether it says of these lines that they are not there. */
    boolean names(long from, long to, String trail) {
        return says(String.format(Locale.ROOT, "Lines %,d to %,d of trail %s ", from, to, trail))
                || says(String.format(Locale.ROOT, "Lines %d to %d of trail %s ", from, to, trail));
    }
}
