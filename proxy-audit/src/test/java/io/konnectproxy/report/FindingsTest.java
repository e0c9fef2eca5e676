package io.konnectproxy.report;

import static io.konnectproxy.report.FindingKind.DATA_PLANE_FLAPPING;
import static io.konnectproxy.report.FindingKind.DATA_PLANE_LOST;
import static io.konnectproxy.report.FindingKind.FORBIDDEN_ADDRESS;
import static io.konnectproxy.report.FindingKind.INTERNAL_ADDRESS;
import static io.konnectproxy.report.FindingKind.LET_THROUGH;
import static io.konnectproxy.report.FindingKind.NEW_DESTINATION;
import static io.konnectproxy.report.FindingKind.OPEN_PLACEHOLDER;
import static io.konnectproxy.report.FindingKind.PASSWORD_GUESSING;
import static io.konnectproxy.report.FindingKind.REFUSED_REPEATEDLY;
import static io.konnectproxy.report.FindingKind.SERVER_NAME;
import static io.konnectproxy.report.FindingKind.TRAIL_BROKEN;
import static io.konnectproxy.report.FindingKind.TRAIL_GAP;
import static io.konnectproxy.report.FindingKind.UNUSED_PIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.Defect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs attention, and what does not, in short stories. */
class FindingsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String CP = "aaaa.us.cp0.konghq.com:443";
    private static final String TP = "aaaa.us.tp0.konghq.com:443";

    private static Story story() {
        return new Story();
    }

    private static Story times(int times, Duration between, Story story, Runnable step) {
        for (int i = 0; i < times; i++) {
            step.run();
            story.later(between);
        }
        return story;
    }

    private static Story guesses(int times, Duration between, int names) {
        Story story = story();
        int[] name = {0};
        return times(
                times,
                between,
                story,
                () -> story.refusedTo(
                        "{\"address\":\"10.6.6.6\",\"port\":1,\"user\":null,\"claimed_user\":\"u" + name[0]++ % names
                                + "\"}",
                        "x.com:443",
                        "credentials_invalid"));
    }

    private static Story tunnels(int times, Duration length, Duration between) {
        Story story = story();
        int[] id = {0};
        times(times, between, story, () -> {
            story.permitted("t" + id[0], "10.0.0.7/dp", "aaaa").later(length);
            story.end("t" + id[0]++, CP, "client_closed", 1, 1, length);
        });
        return story.permitted("last", "10.0.0.7/dp", "aaaa");
    }

    /** A data plane with a tunnel for that long, and then a time without. */
    private static Story gone(Duration length, Duration silence) {
        return story().permitted("1", "10.0.0.7/dp", "aaaa")
                .later(length)
                .end("1", CP, "client_reset", 1, 1, length)
                .later(silence)
                .event("drain", "");
    }

    private static Story tried(int controlPlanes, String reason) {
        Story story = story();
        for (int i = 0; i < controlPlanes; i++) {
            story.refused("10.0.0.9", "aaa" + i + ".us.cp0.konghq.com:443", reason);
        }
        return story;
    }

    private static Story fromMany(int addresses) {
        Story story = story();
        for (int i = 1; i <= addresses; i++) {
            story.refused("2001:db8::" + i, "x.com:443", "credentials_invalid");
        }
        return story;
    }

    private static Arguments is(String name, Story story, FindingKind... kinds) {
        return Arguments.of(name, story, List.of(kinds));
    }

    static Stream<Arguments> stories() {
        return Stream.of(
                is("nothing at all", story()),
                is("a data plane that is connected", story().permitted("1", "10.0.0.7", "aaaa")),
                is("one refusal", story().refused("10.0.0.9", "x.com:443", "host_not_konnect")),
                is(
                        "the metadata address, once",
                        story().refused("10.0.0.9", "169.254.169.254:443", "ip_literal"),
                        INTERNAL_ADDRESS),
                is("a hidden loopback", story().refused("10.0.0.9", "0x7f.1:443", "ip_literal"), INTERNAL_ADDRESS),
                is(
                        "a private address that report-only let through",
                        story().letThrough("1", "10.0.0.9", "10.0.0.1:443", "ip_literal"),
                        INTERNAL_ADDRESS),
                is(
                        "a name that led to a forbidden address",
                        story().permitted("1", "10.0.0.7", "aaaa")
                                .end("1", CP, "address_forbidden", 0, 0, MINUTE, "null"),
                        FORBIDDEN_ADDRESS),
                is(
                        "another server name",
                        story().permitted("1", "10.0.0.7", "aaaa").end("1", CP, "sni_mismatch", 0, 0, MINUTE, "null"),
                        SERVER_NAME),
                is(
                        "a server name that changed",
                        story().permitted("1", "10.0.0.7", "aaaa").end("1", CP, "hello_changed", 0, 0, MINUTE, "null"),
                        SERVER_NAME),
                is(
                        "an address among refusals that were summed up",
                        story().summedUp("{\"address\":\"10.0.0.9\"}", 0, 1),
                        INTERNAL_ADDRESS),
                is(
                        "control planes that are tried one after the other",
                        tried(5, "region_not_enabled"),
                        REFUSED_REPEATEDLY),
                is("four", tried(4, "region_not_enabled")),
                is("five wrong passwords from addresses of one /64", fromMany(5), PASSWORD_GUESSING),
                is("five wrong passwords in ten minutes", guesses(5, MINUTE, 1), PASSWORD_GUESSING),
                is("four", guesses(4, MINUTE, 4)),
                is("five in an hour", guesses(5, MINUTE.multipliedBy(12), 1)),
                is(
                        "lines that were lost",
                        story().gap(3, "2026-11-22T18:00:00.000000Z", "2026-11-22T18:00:01.000000Z"),
                        TRAIL_GAP),
                is("a line that is none", story().event("start", "").raw("garbage"), TRAIL_BROKEN),
                is(
                        "lines that were removed",
                        story().event("start", "").without(3).event("stop", ""),
                        TRAIL_BROKEN),
                is(
                        "a host that report-only let through",
                        story().letThrough("1", "10.0.0.9", "x.com:443", "host_not_konnect"),
                        LET_THROUGH),
                is("a data plane that went", gone(MINUTE.multipliedBy(2), MINUTE.multipliedBy(2)), DATA_PLANE_LOST),
                is("a moment ago", gone(MINUTE.multipliedBy(2), Duration.ofSeconds(30))),
                is("after less than a minute", gone(Duration.ofSeconds(30), MINUTE.multipliedBy(2))),
                is(
                        "one that is turned out by a shutdown",
                        story().permitted("1", "10.0.0.7", "aaaa")
                                .later(MINUTE.multipliedBy(5))
                                .event("drain", "")
                                .end("1", CP, "drained", 1, 1, MINUTE.multipliedBy(5))
                                .later(MINUTE.multipliedBy(5))
                                .event("stop", "")),
                is(
                        "one that does not come back after a restart",
                        story().permitted("1", "10.0.0.7", "aaaa")
                                .later(MINUTE.multipliedBy(5))
                                .event("drain", "")
                                .end("1", CP, "drained", 1, 1, MINUTE.multipliedBy(5))
                                .event("stop", "")
                                .event("start", "\"version\":\"1\"")
                                .later(MINUTE.multipliedBy(2))
                                .permitted("2", "10.0.0.8", "aaaa"),
                        DATA_PLANE_LOST),
                is(
                        "one that comes back after a crash",
                        story().permitted("1", "10.0.0.7", "aaaa")
                                .later(MINUTE.multipliedBy(5))
                                .event("start", "\"version\":\"1\"")
                                .permitted("2", "10.0.0.7", "aaaa")
                                .later(MINUTE.multipliedBy(5))
                                .event("drain", ""),
                        TRAIL_GAP),
                is(
                        "telemetry that goes with its data plane is one",
                        story().permitted("1", "10.0.0.7", "aaaa")
                                .permitted("2", "10.0.0.7", TP, "data-plane", "\"us\"", "\"aaaa\"")
                                .later(MINUTE.multipliedBy(5))
                                .end("1", CP, "client_closed", 1, 1, MINUTE.multipliedBy(5))
                                .end("2", TP, "client_closed", 1, 1, MINUTE.multipliedBy(5))
                                .later(MINUTE.multipliedBy(5))
                                .event("drain", ""),
                        DATA_PLANE_LOST),
                is("five short tunnels in ten minutes", tunnels(5, MINUTE, Duration.ofSeconds(5)), DATA_PLANE_FLAPPING),
                is("four", tunnels(4, MINUTE, Duration.ofSeconds(5))),
                is("five in an hour", tunnels(5, MINUTE, MINUTE.multipliedBy(12))),
                is("five of ten minutes each", tunnels(5, MINUTE.multipliedBy(10), Duration.ofMillis(1))),
                is(
                        "a portal beside a pinned control plane",
                        story().policy(
                                        "d",
                                        "\"control_planes\":[\"aaaa\"],\"portals\":[],\"hosts\":[\"{portal}.{region}.portal.konghq.com\"]")
                                .permitted("1", "10.0.0.7", "aaaa"),
                        OPEN_PLACEHOLDER),
                is("portals where nothing is pinned", story().policy("d", "\"portals\":[],\"hosts\":[\"{portal}.x\"]")),
                is("a pin that nobody used", story().policy("d", "\"control_planes\":[\"aaaa\"]"), UNUSED_PIN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void finds(String name, Story story, List<FindingKind> kinds) {
        assertThat(story.report().findings()).extracting(FindingGroup::kind).isEqualTo(kinds);
    }

    @Test
    void finds_who_is_refused_again_and_again_and_shows_the_hint_of_the_line() {
        Story story = story();
        times(
                5,
                MINUTE,
                story,
                () -> story.event(
                        "decision",
                        "\"id\":\"r\",\"listener\":\"l\",\"client\":{\"address\":\"10.0.0.9\",\"port\":5,\"user\":\"dp\"},"
                                + "\"target\":\"aaaa.eu.cp0.konghq.com:443\",\"verdict\":\"refused\",\"reason\":\"region_not_enabled\","
                                + "\"rule\":null,\"enforced\":true,\"hint\":\"eu is not in regions.\""));

        assertThat(story.report().findings()).singleElement().satisfies(group -> {
            assertThat(group.kind()).isEqualTo(REFUSED_REPEATEDLY);
            assertThat(group.listed()).singleElement().satisfies(finding -> {
                assertThat(finding.who()).hasValue("10.0.0.9 (dp)");
                assertThat(finding.detail()).isEqualTo("region_not_enabled");
                assertThat(finding.times()).isEqualTo(5);
                assertThat(finding.advice()).isEqualTo("eu is not in regions.");
                assertThat(finding.last().orElseThrow() - finding.first().orElseThrow())
                        .isEqualTo(4 * 60_001_000L);
            });
        });
    }

    @Test
    void a_metadata_service_comes_before_other_internal_addresses_however_often_these_were_asked_for() {
        Story story = story().refused("10.0.0.9", "[::ffff:169.254.169.254]:80", "ip_literal");
        times(5, MINUTE, story, () -> story.refused("10.0.0.8", "10.0.0.1:443", "ip_literal"));
        times(4, MINUTE, story, () -> story.refused("10.0.0.8", "224.0.0.1:443", "ip_literal"));

        assertThat(story.report().findings().get(0).listed())
                .extracting(ReportFinding::what)
                .containsExactly("[::ffff:169.254.169.254]:80", "10.0.0.1:443", "224.0.0.1:443");
    }

    @Test
    void somebody_who_guesses_comes_before_a_data_plane_with_an_old_password() {
        Story story = guesses(100, Duration.ofSeconds(5), 1);
        for (int i = 0; i < 6; i++) {
            story.refusedTo(
                    "{\"address\":\"10.7.7.7\",\"port\":1,\"user\":null,\"claimed_user\":\"name" + i + "\"}",
                    "x.com:443",
                    "credentials_invalid");
        }

        assertThat(story.report().findings().get(0).listed())
                .extracting(finding -> finding.who().orElse(""))
                .containsExactly("10.7.7.7", "10.6.6.6");
    }

    @Test
    void destinations_are_new_where_there_is_something_to_compare_with() {
        Story story = story().permitted("1", "10.0.0.7", "aaaa")
                .later(Duration.ofHours(1))
                .permitted("2", "10.0.0.7", "bbbb");

        assertThat(story.report(Story.query(Period.ALL, Optional.of(Instant.parse("2026-11-22T18:30:00Z"))))
                        .findings())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.kind()).isEqualTo(NEW_DESTINATION);
                    assertThat(group.listed().get(0).what()).isEqualTo("bbbb.us.cp0.konghq.com:443");
                });
    }

    @Test
    void page_and_schema_know_every_kind() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "audit.md"));
        String schema = Files.readString(Path.of("..", "config", "audit-report.schema.json"));
        for (FindingKind kind : FindingKind.values()) {
            assertThat(page).contains("| " + kind.rank() + " `" + kind.token() + "` |");
            assertThat(schema).contains("\"" + kind.token() + "\"");
        }
        for (Defect defect : Defect.values()) {
            assertThat(schema).contains("\"" + defect.name().toLowerCase(Locale.ROOT) + "\"");
        }
    }

    @Test
    void a_period_without_an_end_is_judged_as_of_the_last_line_and_not_as_of_now() {
        ReportQuery since = Story.query(Story.period("2026-11-22T17:00:00Z", ""), Optional.empty());
        // Since then nobody knows; a report that is made three days later does not either.
        Story justGone = story().permitted("1", "10.0.0.7/dp", "aaaa")
                .later(MINUTE.multipliedBy(5))
                .end("1", CP, "client_reset", 1, 1, MINUTE.multipliedBy(5))
                .later(Duration.ofSeconds(30))
                .refused("10.0.0.9", "x.com:443", "host_not_konnect");

        assertThat(justGone.report(since).findings()).isEmpty();
        assertThat(justGone.later(MINUTE)
                        .refused("10.0.0.9", "x.com:443", "host_not_konnect")
                        .report(since)
                        .findings())
                .extracting(FindingGroup::kind)
                .containsExactly(DATA_PLANE_LOST);
    }

    @Test
    void two_tunnels_that_a_killed_process_left_are_lost_if_the_data_plane_does_not_come_back() {
        Story story = story().event("start", "\"version\":\"1\"")
                .permitted("1", "10.0.0.7/dp", "aaaa")
                .permitted("2", "10.0.0.7/dp", "aaaa")
                .later(MINUTE.multipliedBy(5))
                .event("start", "\"version\":\"1\"")
                .later(MINUTE.multipliedBy(5))
                .event("drain", "");

        assertThat(story.report().findings()).extracting(FindingGroup::kind).contains(DATA_PLANE_LOST);
    }

    @Test
    void one_client_cannot_take_the_places_of_others() {
        Story story = story();
        for (int i = 0; i < DataPlaneTracks.SHARE + 10; i++) {
            String id = "a" + i;
            story.permitted(id, "10.6.6.6", "cp" + i)
                    .end(id, "cp" + i + ".us.cp0.konghq.com:443", "dns_failed", 0, 0, MINUTE);
        }
        story.permitted("1", "10.0.0.7", "aaaa")
                .later(MINUTE.multipliedBy(5))
                .end("1", CP, "client_closed", 1, 1, MINUTE.multipliedBy(5))
                .later(MINUTE.multipliedBy(5))
                .event("drain", "");

        assertThat(story.report().findings()).extracting(FindingGroup::kind).contains(DATA_PLANE_LOST);
    }

    @Test
    void a_client_that_asks_for_many_addresses_does_not_hide_the_one_request_of_another() {
        Story story = story();
        for (int i = 0; i < 60; i++) {
            story.refused("10.6.6.6", "10.1.1." + i + ":443", "ip_literal")
                    .refused("10.6.6.6", "10.1.1." + i + ":443", "ip_literal");
        }
        story.refused("10.0.0.9", "169.254.169.254:443", "ip_literal");

        assertThat(story.report().findings().get(0).listed().subList(0, 2))
                .extracting(ReportFinding::who)
                .containsExactly(Optional.of("10.0.0.9"), Optional.of("10.6.6.6"));
    }

    @Test
    void tunnels_that_fail_do_not_hide_one_that_named_another_server() {
        Story story = story().permitted("1", "10.0.0.9", "aaaa").end("1", CP, "sni_mismatch", 0, 0, MINUTE, "null");
        for (int i = 0; i < Ranking.CAPACITY; i++) {
            String target = "cp" + i + ".us.cp0.konghq.com:443";
            story.end("x", target, "dns_failed", 0, 0, MINUTE).end("x", target, "dns_failed", 0, 0, MINUTE);
        }

        assertThat(story.report().findings()).extracting(FindingGroup::kind).contains(SERVER_NAME);
    }

    @Test
    void of_a_period_without_a_line_nothing_is_said_to_be_well() {
        Story story = story().event("start", "\"version\":\"1\"");

        assertThat(story.written(
                        ReportFormat.TEXT, Story.query(Story.period("2026-11-24T00:00:00Z", ""), Optional.empty())))
                .doesNotContain("Nothing needs attention")
                .contains("No line is from this period, so nobody knows whether anything needs attention.");
    }
}
