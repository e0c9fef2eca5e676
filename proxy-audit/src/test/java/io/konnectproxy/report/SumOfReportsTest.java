package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.TrailPlace;
import io.konnectproxy.trail.Trails;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a report on five trails, each with a clock of its own, are the sums of five reports on one. */
class SumOfReportsTest {
    private static final int PROXIES = 5;
    private static final int TUNNELS = 300;

    @TempDir
    private Path directory = Path.of("");

    private final List<AuditReport> singles = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        for (int proxy = 0; proxy < PROXIES; proxy++) {
            ProxyTrails.write(directory, proxy, TUNNELS);
        }
    }

    private AuditReport fleet(ReportQuery query) throws Exception {
        singles.clear();
        for (int proxy = 0; proxy < PROXIES; proxy++) {
            singles.add(Reports.on(query, List.of(), ProxyTrails.place(directory, proxy))
                    .report());
        }
        return Reports.on(query, List.of(), directory).report();
    }

    private void same(AuditReport fleet, ToLongFunction<AuditReport> figure) {
        assertThat(figure.applyAsLong(fleet))
                .isEqualTo(singles.stream().mapToLong(figure).sum());
    }

    private static Map<String, String> rows(Ranking<?> ranking) {
        Map<String, String> rows = new TreeMap<>();
        ranking.top(Ranking.CAPACITY).rows().forEach(row -> rows.put(row.key().toString(), words(row.tally())));
        return rows;
    }

    private static String words(Tally tally) {
        return String.join(
                " ",
                "" + tally.permitted(),
                "" + tally.refused(),
                "" + tally.letThrough(),
                "" + tally.tunnels(),
                "" + tally.failed(),
                "" + tally.bytesUp(),
                "" + tally.bytesDown(),
                "" + tally.millis(),
                "" + tally.first(),
                "" + tally.last());
    }

    private <K> void sameRows(AuditReport fleet, Function<Traffic, Ranking<K>> table) {
        Ranking<K> sum = new Ranking<>();
        singles.forEach(single -> table.apply(single.traffic())
                .top(Ranking.CAPACITY)
                .rows()
                .forEach(row -> sum.of(row.key()).add(row.tally())));
        assertThat(rows(table.apply(fleet.traffic()))).isNotEmpty().isEqualTo(rows(sum));
    }

    private void allTheSame(ReportQuery query) throws Exception {
        AuditReport fleet = fleet(query);

        same(fleet, report -> report.input().read());
        same(fleet, report -> report.input().within());
        same(fleet, report -> report.input().before());
        same(fleet, report -> report.input().backwards());
        same(fleet, report -> report.input().fileCount());
        same(fleet, report -> report.open().lost());
        same(fleet, report -> report.open().stillOpen());
        same(fleet, report -> report.traffic().withoutDecision());
        same(fleet, report -> report.traffic().withoutHello());
        same(fleet, report -> report.traffic().summedUp());
        same(fleet, report -> report.losses().gaps());
        same(fleet, report -> report.losses().lost());
        same(fleet, report -> report.losses().clockJumps());
        same(fleet, report -> report.history().starts());
        same(fleet, report -> report.history().stops());
        same(fleet, report -> report.losses().endsWithoutStop());
        same(fleet, report -> report.history().reloads());
        sameRows(fleet, Traffic::purposes);
        sameRows(fleet, Traffic::regions);
        sameRows(fleet, Traffic::controlPlanes);
        sameRows(fleet, Traffic::users);
        sameRows(fleet, Traffic::targets);
        sameRows(fleet, Traffic::reasons);
        sameRows(fleet, Traffic::refusals);
        sameRows(fleet, Traffic::failures);
        sameRows(fleet, Traffic::outcomes);
        Tally total = new Tally();
        singles.forEach(single -> total.add(single.traffic().total()));
        assertThat(words(fleet.traffic().total())).isEqualTo(words(total));
        assertThat(fleet.traffic().total().permitted()).isPositive();
        assertThat(fleet.trails().proxies().stream()
                        .mapToLong(ReportedProxy::lines)
                        .sum())
                .isEqualTo(fleet.input().within());
        Tally ofProxies = new Tally();
        fleet.trails().proxies().forEach(proxy -> ofProxies.add(proxy.tally()));
        assertThat(words(ofProxies)).isEqualTo(words(total));
    }

    @Test
    void of_everything() throws Exception {
        allTheSame(Story.query());
    }

    @Test
    void of_a_period() throws Exception {
        allTheSame(Story.query(
                Story.period("2026-11-22T18:30:00Z", "2026-11-22T20:00:00Z"),
                Optional.of(Instant.parse("2026-11-22T19:00:00Z"))));
    }

    @Test
    void in_whatever_order_they_are_read_and_it_says_so() throws Exception {
        try (Trails trails = Trails.of(List.of(TrailPlace.of(directory)))) {
            AuditReport fleet = new TrailReading(Story.query(), List.of(), KeptCheckpoints.none(), 2)
                    .of(trails)
                    .report();
            AuditReport inOrder = Reports.on(directory).report();

            assertThat(words(fleet.traffic().total()))
                    .isEqualTo(words(inOrder.traffic().total()));
            assertThat(inOrder.trails().lateOnes()).isZero();
            assertThat(fleet.trails().lateOnes()).isEqualTo(3);
            assertThat(FleetStory.written(fleet, ReportFormat.TEXT).replaceAll("\\s+", " "))
                    .contains("! So many trails were written at the same time that 3 trails were read later than");
        }
    }
}
