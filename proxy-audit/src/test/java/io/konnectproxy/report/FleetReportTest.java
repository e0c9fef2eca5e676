package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.report.render.ReportFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on three days of a fleet of 30 data planes, read from its files. */
class FleetReportTest {
    @TempDir
    private Path directory = Path.of("");

    private AuditReport read() throws Exception {
        TrailReading.ReadReport read = Reports.on(Fleet.write(directory.resolve("audit"), 3));
        assertThat(read.troubles()).isEmpty();
        return read.report();
    }

    @Test
    void every_table_adds_up_to_everything() throws Exception {
        Traffic traffic = read().traffic();

        assertThat(traffic.total().lines()).isGreaterThan(10_000);
        Stream.of(
                        traffic.purposes(),
                        traffic.regions(),
                        traffic.controlPlanes(),
                        traffic.clients(),
                        traffic.users(),
                        traffic.targets())
                .forEach(ranking ->
                        assertThat(sum(ranking)).usingRecursiveComparison().isEqualTo(traffic.total()));
        assertThat(sum(traffic.reasons()).refused()).isEqualTo(traffic.total().refused());
        assertThat(sum(traffic.refusals()).refused()).isEqualTo(traffic.total().refused());
        assertThat(sum(traffic.failures()).failed()).isEqualTo(traffic.total().failed());
        assertThat(sum(traffic.outcomes()).lines())
                .isEqualTo(traffic.total().tunnels() + traffic.total().failed());
    }

    private static Tally sum(Ranking<?> ranking) {
        Tally sum = new Tally();
        Ranking.Top<?> top = ranking.top(3);
        top.rows().forEach(row -> sum.add(row.tally()));
        sum.add(top.others());
        return sum;
    }

    @Test
    void a_client_that_keeps_trying_is_a_row_a_target() throws Exception {
        assertThat(read().traffic().refusals().top(3).rows())
                .satisfies(first -> assertThat(first.key().target()).isEqualTo("169.254.169.254:443"), Index.atIndex(0))
                .filteredOn(row -> !row.key().client().equals("10.66.6.6"))
                .hasSize(2)
                .allMatch(row -> row.key().client().equals("10.20.3.99"))
                .allMatch(row -> row.tally().refused() == 701);
    }

    @Test
    void says_what_happened_in_between() throws Exception {
        StringWriter out = new StringWriter();
        ReportFormat.TEXT.render(read(), new PrintWriter(out, true));

        assertThat(out.toString().lines())
                // Text is wider only where a made-up name of hundreds of characters would be broken.
                .allMatch(line -> line.length() <= 80)
                .contains("2 configurations were in force, one after the other.")
                .contains("In the period: 3 starts, 1 drain, 1 stop.")
                .contains("! The mirror syslog+tls://logs.corp:6514 missed 340 lines; the trail itself has")
                .anyMatch(line -> line.matches("2026-11-21 +start +[0-9a-f]{12} +regions: added in .*"));
    }
}
