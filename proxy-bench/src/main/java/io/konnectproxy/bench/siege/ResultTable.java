package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** All results as Markdown: what the honest saw, then what the proxy held and wrote. */
final class ResultTable {
    private static final List<String> SERVICE = List.of(
            "",
            "attack",
            "load",
            "opened",
            "200, ms: median",
            "99 %",
            "worst",
            "TLS echo, ms: 99 %",
            "open tunnel, ms: worst",
            "visits",
            "lost",
            "/healthz failed",
            "own pause, ms",
            "holds");

    private static final List<String> KEPT = List.of(
            "",
            "attack",
            "MiB resident: most",
            "after",
            "held",
            "heap",
            "outside",
            "settled, s",
            "processors",
            "trail, KiB",
            "lines",
            "of these");

    private ResultTable() {}

    static String service(List<Result> results) {
        return table(SERVICE, results, ResultTable::service, column -> column > 2 && column < SERVICE.size() - 1);
    }

    static String kept(List<Result> results) {
        return table(KEPT, results, ResultTable::kept, column -> column > 1 && column < KEPT.size() - 1);
    }

    private static String table(
            List<String> head, List<Result> results, Function<Result, List<String>> row, IntPredicate figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head);
        results.stream().map(row).forEach(rows::add);
        return MarkdownTable.aligned(rows, figures);
    }

    private static List<String> service(Result result) {
        HonestFigures honest = result.honest();
        return List.of(
                result.id(),
                result.what(),
                result.load(),
                number(result.opened()),
                HonestFigures.millis(honest.answers, 0.5),
                HonestFigures.millis(honest.answers, 0.99),
                HonestFigures.millis(honest.answers, 1),
                HonestFigures.millis(honest.exchanges, 0.99),
                HonestFigures.millis(honest.messages, 1),
                number(honest.visits()),
                number(honest.lostInAll()),
                honest.healthFailures() + " of " + honest.health.size(),
                number(honest.worstPauseMillis()),
                result.faults().isEmpty() ? "yes" : "**no**");
    }

    private static List<String> kept(Result result) {
        Memory rest = result.rest();
        boolean lives = rest.isKnown();
        return List.of(
                result.id(),
                result.what(),
                Memory.mebibytes(result.peak()),
                lives ? Memory.mebibytes(rest.resident()) : "unknown",
                lives ? Memory.mebibytes(rest.held()) : "",
                lives ? Memory.mebibytes(rest.heap()) : "",
                lives ? Memory.mebibytes(rest.outside()) : "",
                String.format(Locale.ROOT, "%.1f", result.settled()),
                String.format(Locale.ROOT, "%.1f", result.processors()),
                number(result.trail().bytes() >> 10),
                number(result.trail().lines()),
                result.trail().told());
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
