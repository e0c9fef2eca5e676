package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.report.IntegrityClaim.Aspect;
import io.konnectproxy.report.IntegrityClaim.Assurance;
import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.TrailBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims about the integrity of a trail are not stronger than their ground. */
class IntegrityClaimTest {
    private static IntegrityClaim claim(Story story, Aspect aspect) {
        return story.report().claims().stream()
                .filter(claim -> claim.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    /** The second line is another one, with the number that it should have. */
    private static Story replaced() {
        TrailBuilder other = new TrailBuilder();
        other.event("start", "\"version\":\"2\"");
        other.event("drain", "");
        return new Story()
                .event("start", "\"version\":\"1\"")
                .raw(other.take().get(1))
                .without(1)
                .event("stop", "");
    }

    @Test
    void a_trail_whose_numbers_go_on_and_whose_chain_does_not_is_not_complete() {
        IntegrityClaim complete = claim(replaced(), Aspect.COMPLETE);

        assertThat(complete.assurance()).isEqualTo(Assurance.IN_PART);
        assertThat(complete.ground())
                .contains("numbered without a hole", "Behind trail.jsonl:2 the numbers prove nothing.");
    }

    @Test
    void a_whole_trail_is_complete() {
        assertThat(claim(new Story().event("start", "").event("stop", ""), Aspect.COMPLETE)
                        .assurance())
                .isEqualTo(Assurance.HOLDS);
    }

    @Test
    void a_trail_whose_beginning_is_missing_is_complete_in_part() {
        assertThat(claim(new Story().without(4).event("stop", ""), Aspect.COMPLETE)
                        .assurance())
                .isEqualTo(Assurance.IN_PART);
    }

    private static Story begun() {
        return new Story().started("1").refused("10.0.0.9", "x.com:443", "host_not_konnect");
    }

    private static Story torn(Story story) {
        return story.event("torn", "\"kept_as\":\"t.torn-1\",\"bytes\":7,\"reason\":\"it has no end\"");
    }

    private static Arguments ends(String name, Story story, long without, Assurance complete) {
        return Arguments.of(name, story, without, complete);
    }

    static Stream<Arguments> ends() {
        String failed = "\"reason\":\"The address is in use.\"";
        return Stream.of(
                ends("a proxy that still runs", begun(), 0, Assurance.HOLDS),
                ends("one that stopped", begun().event("stop", ""), 0, Assurance.HOLDS),
                ends("a restart", begun().event("stop", "").started("1"), 0, Assurance.HOLDS),
                ends("a kill, and it was not started again", begun().event("drain", ""), 0, Assurance.HOLDS),
                ends(
                        "a kill without a line since the start",
                        new Story().started("1").started("1"),
                        1,
                        Assurance.IN_PART),
                ends("a kill without a tunnel", begun().started("1"), 1, Assurance.IN_PART),
                ends("two", begun().started("1").started("1"), 2, Assurance.IN_PART),
                ends("a kill while it drains", begun().event("drain", "").started("1"), 1, Assurance.IN_PART),
                ends(
                        "a kill after a restart",
                        begun().event("stop", "").started("1").started("1"),
                        1,
                        Assurance.IN_PART),
                ends("a kill that only a failed start shows", begun().event("stop", failed), 1, Assurance.IN_PART),
                ends(
                        "a kill, and a start that failed before the one that did not",
                        begun().event("stop", failed).started("1"),
                        1,
                        Assurance.IN_PART),
                ends(
                        "a failed start after a stop",
                        begun().event("stop", "").event("stop", failed).started("1"),
                        0,
                        Assurance.HOLDS),
                ends("a torn line, which a kill left", torn(begun()).started("1"), 1, Assurance.IN_PART),
                ends("a torn line alone", torn(begun().event("stop", "")).started("1"), 0, Assurance.IN_PART),
                ends(
                        "a kill of a process whose start is in a file that was removed",
                        new Story()
                                .without(9)
                                .refused("10.0.0.9", "x.com:443", "host_not_konnect")
                                .started("1"),
                        1,
                        Assurance.IN_PART),
                ends(
                        "lines are missing where the stop may be",
                        begun().without(3).started("1"),
                        0,
                        Assurance.FAILS),
                ends(
                        "a line that cannot be read may be the stop",
                        begun().raw("{}").started("1"),
                        0,
                        Assurance.FAILS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void an_end_without_a_stop_may_have_lost_sums(String name, Story story, long without, Assurance complete) {
        AuditReport report = story.report();

        IntegrityClaim claim = claim(story, Aspect.COMPLETE);
        assertThat(claim.assurance()).isEqualTo(complete);
        assertThat(claim.ground().contains("records no loss"))
                .isEqualTo(complete == Assurance.HOLDS || (without == 0 && complete == Assurance.FAILS));
        assertThat(claim.ground().contains("The proxy ended without a stop")).isEqualTo(without > 0);
        assertThat(story.written(ReportFormat.TEXT).contains("The trail says of itself that no line was lost."))
                .isEqualTo(claim.ground().contains("records no loss"));
        assertThat(report.losses().endsWithoutStop()).isEqualTo(without);
        assertThat(report.findings().stream()
                        .filter(group -> group.kind() == FindingKind.TRAIL_GAP)
                        .flatMap(group -> group.listed().stream())
                        .filter(finding -> finding.what().contains("without a stop"))
                        .mapToLong(ReportFinding::times)
                        .sum())
                .isEqualTo(without);
    }

    @Test
    void says_how_often_the_proxy_ended_without_a_stop_and_what_that_may_have_cost() {
        assertThat(claim(begun().started("1"), Aspect.COMPLETE).ground())
                .contains("The proxy ended without a stop 1 time: sums of refusals of that minute may be missing.");
        assertThat(claim(begun().started("1").started("1"), Aspect.COMPLETE).ground())
                .contains("The proxy ended without a stop 2 times: sums of refusals of those minutes may be missing.");
        assertThat(claim(torn(begun().event("stop", "")), Aspect.COMPLETE).ground())
                .contains("The trail records 1 incomplete line.");
    }

    /** The process wrote its last line at 18:00, and the next one begins at 19:00: it was killed at any time between. */
    @Test
    void an_end_without_a_stop_counts_in_a_period_that_it_may_have_been_in() {
        Story story = begun().later(Duration.ofHours(1)).started("1");
        Stream.of("17:00 18:30 1", "18:30 19:30 1", "18:10 18:50 1", "19:10 19:50 0")
                .forEach(row -> {
                    String[] at = row.split(" ", -1);
                    Period period = Story.period("2026-11-22T" + at[0] + ":00Z", "2026-11-22T" + at[1] + ":00Z");
                    assertThat(story.report(Story.query(period, Optional.<Instant>empty()))
                                    .losses()
                                    .endsWithoutStop())
                            .as(row)
                            .isEqualTo(Long.parseLong(at[2]));
                });
    }
}
