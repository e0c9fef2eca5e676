package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.report.IntegrityClaim.Assurance;
import io.konnectproxy.report.render.ReportFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on a day of a fleet to which everything happens: the first thing shown is the worst thing. */
class TroubledDayTest {
    @TempDir
    private Path directory = Path.of("");

    private AuditReport read(List<String> troubles) throws Exception {
        Path trail = TroubledDay.write(directory.resolve("audit"));
        List<VerificationKey> keys = List.of(VerificationKey.read(directory.resolve("audit.pub")));
        TrailReading.ReadReport read = Reports.on(Story.query(), keys, trail);
        troubles.addAll(read.troubles());
        return read.report();
    }

    @Test
    void the_worst_is_first_and_each_says_who() throws Exception {
        List<String> troubles = new ArrayList<>();
        AuditReport report = read(troubles);

        assertThat(troubles).isEmpty();
        assertThat(report.findings())
                .extracting(group ->
                        group.kind().token() + " " + group.listed().get(0).who().orElse("-"))
                .containsExactly(
                        "internal_address 10.66.6.6",
                        "forbidden_address 10.66.6.6",
                        "server_name 10.66.6.6",
                        "password_guessing 10.66.6.6",
                        "trail_gap -",
                        "data_plane_lost 10.20.0.29 (dp-19)",
                        "refused_repeatedly 10.20.0.25 (dp-15)",
                        "data_plane_flapping 10.20.0.27 (dp-17)",
                        "open_placeholder -",
                        "unused_pin -");
        assertThat(report.claims())
                .extracting(IntegrityClaim::assurance)
                .containsExactly(Assurance.IN_PART, Assurance.HOLDS, Assurance.IN_PART, Assurance.NOT_CHECKED);
        assertThat(report.rules().unused()).containsExactly("mirror: kong.mirror.corp");
    }

    @Test
    void every_format_begins_with_it() throws Exception {
        AuditReport report = read(new ArrayList<>());
        for (ReportFormat format : ReportFormat.values()) {
            StringWriter out = new StringWriter();
            format.render(report, new PrintWriter(out, true));

            assertThat(out.toString().indexOf("169.254.169.254"))
                    .as("%s", format)
                    .isPositive()
                    .isLessThan(out.toString().indexOf("dp-15"))
                    .isLessThan(4_000 + (format == ReportFormat.HTML ? 10_000 : 0));
        }
    }

    @Test
    void a_line_that_was_edited_breaks_it_and_is_told_first() throws Exception {
        Path file = TroubledDay.write(directory.resolve("audit")).resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file).replaceFirst("10\\.66\\.6\\.6", "10.66.6.7"));
        TrailReading.ReadReport read = Reports.on(file);
        StringWriter out = new StringWriter();
        ReportFormat.TEXT.render(read.report(), new PrintWriter(out, true));

        assertThat(read.troubles())
                .singleElement()
                .asString()
                .startsWith("The verification of the trail failed at audit.jsonl:")
                .contains("The line was edited");
        assertThat(out.toString().lines().toList().get(4)).startsWith("! The verification failed at audit.jsonl:");
        assertThat(read.report().claims().get(1).assurance()).isEqualTo(Assurance.FAILS);
    }
}
