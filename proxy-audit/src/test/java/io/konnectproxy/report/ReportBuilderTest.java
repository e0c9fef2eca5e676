package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.Pin;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is counted of what happened. */
class ReportBuilderTest {
    private static final String TARGET = "aaaa.us.cp0.konghq.com:443";
    private static final Duration HOUR = Duration.ofHours(1);

    private static Tally of(Ranking<String> ranking, String key) {
        return ranking.top(100).rows().stream()
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow()
                .tally();
    }

    @Test
    void joins_a_tunnel_with_its_decision() {
        Traffic traffic = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .permitted("2", "10.0.0.8/alice", "bbbb")
                .end("2", "bbbb.us.cp0.konghq.com:443", "client_closed", 5, 7, HOUR)
                .end("1", TARGET, "idle", 100, 200, HOUR.multipliedBy(2))
                .report()
                .traffic();

        Tally client = of(traffic.clients(), "10.0.0.7");
        assertThat(client.permitted()).isEqualTo(1);
        assertThat(client.tunnels()).isEqualTo(1);
        assertThat(client.bytesUp()).isEqualTo(100);
        assertThat(client.bytesDown()).isEqualTo(200);
        assertThat(client.millis()).isEqualTo(2 * 3_600_000);
        assertThat(of(traffic.controlPlanes(), "bbbb").bytes()).isEqualTo(12);
        assertThat(of(traffic.users(), "alice").bytesDown()).isEqualTo(7);
        assertThat(of(traffic.users(), Traffic.NONE).bytesDown()).isEqualTo(200);
        assertThat(of(traffic.regions(), "us").tunnels()).isEqualTo(2);
        assertThat(of(traffic.purposes(), "data-plane").permitted()).isEqualTo(2);
        assertThat(of(traffic.targets(), TARGET).millis()).isEqualTo(2 * 3_600_000);
        assertThat(traffic.total().bytes()).isEqualTo(312);
    }

    @Test
    void counts_refusals_and_permits_by_who_asked() {
        String payments = "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":\"dp-payments\",\"entry\":\"payments\","
                + "\"peer\":{\"address\":\"10.0.0.10\",\"port\":2}}";
        String certified = "{\"address\":\"10.0.0.8\",\"port\":1,\"user\":null,\"certificate\":\"dp.corp\"}";
        Traffic traffic = new Story()
                .refusedTo(payments, "evil.example:443", "host_not_konnect")
                .refusedTo(payments, "evil.example:443", "host_not_konnect")
                .refusedTo(certified, "evil.example:443", "host_not_konnect")
                .permitted("1", "10.0.0.9/dp-payments", "aaaa")
                .end("1", TARGET, "client_closed", 5, 7, HOUR)
                .report()
                .traffic();

        assertThat(of(traffic.users(), "dp-payments").refused()).isEqualTo(2);
        assertThat(of(traffic.users(), "dp-payments").permitted()).isEqualTo(1);
        assertThat(of(traffic.entries(), "payments").refused()).isEqualTo(2);
        assertThat(of(traffic.entries(), "payments").permitted()).isZero();
        assertThat(of(traffic.entries(), Traffic.NONE).bytes()).isEqualTo(12);
        assertThat(of(traffic.certificates(), "dp.corp").refused()).isEqualTo(1);
        assertThat(of(traffic.peers(), "10.0.0.10").refused()).isEqualTo(2);
        assertThat(traffic.refusals().top(9).rows())
                .extracting(row -> row.key().client())
                .containsExactly("10.0.0.7 (dp-payments)", "10.0.0.8 (dp.corp)");
    }

    /** A flood is as large in the report as it was. */
    @Test
    void counts_refusals_that_were_summed_up_as_refusals() {
        String network = "{\"network\":\"2001:db8:0:1::/64\"}";
        AuditReport report = new Story()
                .policy("d".repeat(64), "\"regions\":[\"us\"]")
                .permitted("1", "10.0.0.7", "aaaa")
                .refused("10.0.0.9", "evil.example:443", "host_not_konnect")
                .later(Duration.ofMinutes(5))
                .summedUp("{\"address\":\"10.0.0.9\"}", 4_000, 39)
                .summedUp(network, 10, 1)
                .summedUp("null", 100, 1)
                .report();
        Traffic traffic = report.traffic();

        assertThat(traffic.total().refused()).isEqualTo(1 + 4_039 + 11 + 101);
        assertThat(traffic.total().permitted()).isEqualTo(1);
        assertThat(traffic.summedUp()).isEqualTo(4_039 + 11 + 101);
        assertThat(of(traffic.reasons(), "host_not_konnect").refused()).isEqualTo(4_111);
        assertThat(of(traffic.reasons(), "ip_literal").refused()).isEqualTo(41);
        assertThat(of(traffic.clients(), "10.0.0.9").refused()).isEqualTo(4_040);
        assertThat(of(traffic.clients(), "2001:db8:0:1::/64").refused()).isEqualTo(11);
        assertThat(of(traffic.clients(), Traffic.MANY_CLIENTS).refused()).isEqualTo(101);
        assertThat(of(traffic.targets(), RepeatedRequest.SUMMED_UP).refused()).isEqualTo(4_151);
        assertThat(of(traffic.users(), RepeatedRequest.SUMMED_UP).refused()).isEqualTo(4_151);
        assertThat(report.history().configurations().get(0).tally().refused()).isEqualTo(4_152);
        assertThat(traffic.refusals().top(9).rows())
                .extracting(Ranking.RankedRow::key, row -> row.tally().lines())
                .contains(
                        tuple(new RepeatedRequest("10.0.0.9", RepeatedRequest.SUMMED_UP, "host_not_konnect"), 4_000L),
                        tuple(new RepeatedRequest("10.0.0.9", "evil.example:443", "host_not_konnect"), 1L));
    }

    /** In the minute in which they were refused, which may be before that of their line. */
    @Test
    void counts_summed_refusals_when_they_were_and_not_when_they_were_written() {
        Story story = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .later(Duration.ofMinutes(2))
                .summedUp("null", 7, 1);

        assertThat(story.report()
                        .traffic()
                        .timeLine()
                        .over(micros("2026-11-22T18:00:00Z"), micros("2026-11-22T18:02:00Z"))
                        .buckets())
                .extracting(bucket -> bucket.tally().refused())
                .containsExactly(0L, 8L, 0L);
        assertThat(refusedIn(story, "2026-11-22T18:00:00Z", "2026-11-22T18:02:00Z"))
                .isEqualTo(8);
        assertThat(refusedIn(story, "2026-11-22T18:02:00Z", "2026-11-22T18:03:00Z"))
                .isZero();
    }

    private static long refusedIn(Story story, String since, String until) {
        return story.report(Story.query(Story.period(since, until), Optional.empty()))
                .traffic()
                .total()
                .refused();
    }

    private static long micros(String time) {
        return Micros.of(Instant.parse(time));
    }

    @Test
    void sums_beyond_all_numbers_stay_at_the_largest() {
        Traffic traffic = new Story()
                .summedUp("null", Long.MAX_VALUE - 9, 9)
                .summedUp("null", Long.MAX_VALUE - 9, 9)
                .permitted("1", "10.0.0.7", "aaaa")
                .report()
                .traffic();

        assertThat(traffic.total().refused()).isEqualTo(Long.MAX_VALUE);
        assertThat(traffic.total().decisions()).isEqualTo(Long.MAX_VALUE);
        assertThat(traffic.summedUp()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void names_a_target_that_is_not_recorded() {
        Traffic traffic = new Story()
                .refusedTo("{\"address\":\"10.0.0.7\",\"port\":1,\"user\":null}", "", "malformed_request")
                .report()
                .traffic();

        assertThat(of(traffic.targets(), "(not recorded)").refused()).isEqualTo(1);
        assertThat(traffic.refusals().top(9).rows())
                .extracting(row -> row.key().target())
                .containsExactly("(not recorded)");
    }

    @Test
    void counts_a_permission_where_its_tunnel_went_through() {
        Traffic traffic = new Story()
                .permitted("p", "10.0.0.7", "0646a7d680")
                .through("http://a.corp:1", "", "client_closed")
                .permitted("1", "10.0.0.7", "0646a7d680")
                .end("1", TARGET, "client_closed", 5, 7, HOUR)
                .report()
                .traffic();

        assertThat(of(traffic.parents(), "http://a.corp:1").permitted()).isEqualTo(1);
        assertThat(of(traffic.parents(), Traffic.NONE).permitted()).isEqualTo(1);
    }

    @Test
    void counts_what_parent_proxies_did() {
        Traffic traffic = new Story()
                .through("http://a.corp:1", "", "client_closed")
                .through("http://a.corp:1", ",\"status\":407", "parent_refused")
                .through("http://a.corp:1", ",\"status\":407", "parent_refused")
                .through("http://b.corp:1", ",\"status\":503", "parent_refused")
                .end("1", TARGET, "client_closed", 5, 7, HOUR)
                .report()
                .traffic();

        assertThat(of(traffic.parents(), "http://a.corp:1").tunnels()).isEqualTo(1);
        assertThat(of(traffic.parents(), "http://a.corp:1").failed()).isEqualTo(2);
        assertThat(of(traffic.parents(), Traffic.NONE).bytes()).isEqualTo(12);
        assertThat(traffic.parentAnswers().top(9).rows())
                .extracting(Ranking.RankedRow::key, row -> row.tally().lines())
                .containsExactly(tuple("http://a.corp:1, status 407", 2L), tuple("http://b.corp:1, status 503", 1L));
    }

    @Test
    void counts_a_target_once_however_a_client_spells_it() {
        Traffic traffic = new Story()
                .permitted("1", "10.0.0.7", "CLOUD.konghq.com:443", "platform", "null", "null")
                .end("1", "cloud.konghq.com:443", "client_closed", 1, 1, HOUR)
                .report()
                .traffic();

        assertThat(traffic.targets().top(9).rows())
                .extracting(Ranking.RankedRow::key)
                .containsExactly("cloud.konghq.com:443");
    }

    @Test
    void knows_where_a_refused_target_belongs() {
        Traffic traffic = new Story()
                .refused("10.0.0.7", "36fc5d01be.au.cp0.konghq.com:443", "region_not_enabled")
                .refused("10.0.0.7", "evil.example:443", "host_not_konnect")
                .report()
                .traffic();

        assertThat(of(traffic.controlPlanes(), "36fc5d01be").refused()).isEqualTo(1);
        assertThat(of(traffic.regions(), "au").refused()).isEqualTo(1);
        assertThat(of(traffic.purposes(), "data-plane").refused()).isEqualTo(1);
        assertThat(of(traffic.purposes(), Traffic.NONE).refused()).isEqualTo(1);
    }

    @Test
    void makes_one_row_of_equal_refusals() {
        Story story = new Story();
        for (int i = 0; i < 5; i++) {
            story.refused("10.0.0.7", "evil.example:443", "host_not_konnect").later(HOUR);
        }
        story.refused("10.0.0.8", "evil.example:443", "host_not_konnect");
        Traffic traffic = story.report().traffic();

        assertThat(traffic.refusals().top(9).rows())
                .extracting(Ranking.RankedRow::key, row -> row.tally().refused())
                .containsExactly(
                        tuple(new RepeatedRequest("10.0.0.7", "evil.example:443", "host_not_konnect"), 5L),
                        tuple(new RepeatedRequest("10.0.0.8", "evil.example:443", "host_not_konnect"), 1L));
        Tally first = traffic.refusals().top(1).rows().get(0).tally();
        assertThat(first.last() - first.first()).isEqualTo(4 * Micros.HOUR + 4_000);
        assertThat(of(traffic.reasons(), "host_not_konnect").refused()).isEqualTo(6);
    }

    @Test
    void counts_what_report_only_let_through_apart() {
        Traffic traffic = new Story()
                .letThrough("1", "10.0.0.7", "example.com:443", "host_not_konnect")
                .end("1", "example.com:443", "client_closed", 10, 20, HOUR)
                .report()
                .traffic();

        assertThat(traffic.total().letThrough()).isEqualTo(1);
        assertThat(traffic.total().refused()).isZero();
        assertThat(traffic.refusals().top(9).rows()).isEmpty();
        assertThat(traffic.letThrough().top(9).rows())
                .extracting(Ranking.RankedRow::key)
                .containsExactly(new RepeatedRequest("10.0.0.7", "example.com:443", "host_not_konnect"));
        assertThat(of(traffic.targets(), "example.com:443").bytes()).isEqualTo(30);
        assertThat(traffic.withoutDecision()).isZero();
    }

    @Test
    void tells_failed_tunnels_from_those_that_were_open() {
        Traffic traffic = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .end("1", TARGET, "dns_timeout", 0, 0, HOUR)
                .permitted("2", "10.0.0.7", "aaaa")
                .end("2", TARGET, "sni_mismatch", 0, 0, HOUR)
                .permitted("3", "10.0.0.7", "aaaa")
                .end("3", TARGET, "upstream_reset", 1, 1, HOUR)
                .permitted("4", "10.0.0.7", "aaaa")
                .end("4", TARGET, "closed_by_a_later_version", 1, 1, HOUR)
                .report()
                .traffic();

        assertThat(traffic.total().tunnels()).isEqualTo(2);
        assertThat(traffic.total().failed()).isEqualTo(2);
        assertThat(traffic.total().millis()).isEqualTo(2 * 3_600_000);
        assertThat(traffic.outcomes().top(9).rows()).hasSize(4);
        assertThat(traffic.failures().top(9).rows())
                .extracting(row -> row.key().result())
                .containsExactlyInAnyOrder("dns_timeout", "sni_mismatch");
    }

    @Test
    void counts_tunnels_without_an_end_and_ends_without_a_decision() {
        AuditReport report = new Story()
                .event("start", "\"version\":\"0.1.0\"")
                .permitted("lost", "10.0.0.7", "aaaa")
                .event("start", "\"version\":\"0.1.0\"")
                .permitted("open", "10.0.0.7", "aaaa")
                .end("never begun", TARGET, "client_closed", 1, 2, HOUR)
                .end("lost", TARGET, "client_closed", 1, 2, HOUR)
                .report();

        assertThat(report.open().lost()).isEqualTo(1);
        assertThat(report.open().stillOpen()).isEqualTo(1);
        assertThat(report.traffic().withoutDecision()).isEqualTo(2);
        assertThat(of(report.traffic().clients(), Traffic.DECISION_MISSING).tunnels())
                .isEqualTo(2);
        assertThat(of(report.traffic().targets(), TARGET).tunnels()).isEqualTo(2);
        assertThat(report.losses().endsWithoutStop()).isEqualTo(1);
    }

    @Test
    void counts_a_tunnel_in_the_period_in_which_it_ended() {
        Story story = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .later(HOUR)
                .end("1", TARGET, "client_closed", 1, 2, HOUR)
                .permitted("2", "10.0.0.7", "aaaa")
                .later(HOUR)
                .end("2", TARGET, "client_closed", 4, 8, HOUR);
        AuditReport report = story.report(
                Story.query(Story.period("2026-11-22T18:30:00Z", "2026-11-22T19:30:00Z"), Optional.empty()));

        assertThat(report.traffic().total().permitted()).isEqualTo(1);
        assertThat(report.traffic().total().tunnels()).isEqualTo(1);
        assertThat(of(report.traffic().clients(), "10.0.0.7").bytes()).isEqualTo(3);
        assertThat(report.open().stillOpen()).isEqualTo(1);
        assertThat(report.input().before()).isEqualTo(1);
        assertThat(report.input().within()).isEqualTo(2);
        assertThat(report.input().after()).isEqualTo(1);
    }

    @Test
    void begins_a_period_with_its_first_moment_and_ends_before_its_last() {
        Story story = new Story().permitted("1", "a", "aaaa").permitted("2", "a", "aaaa");
        String first = "2026-11-22T18:00:00.001Z";
        String second = "2026-11-22T18:00:00.002Z";

        assertThat(story.report(Story.query(Story.period(first, second), Optional.empty()))
                        .input()
                        .within())
                .isEqualTo(1);
    }

    @Test
    void knows_the_configuration_that_was_in_force_when_the_period_began() {
        AuditReport report = new Story()
                .policy("d0", "\"regions\":[\"in\"]")
                .policy("d1", "\"regions\":[\"us\"]")
                .later(HOUR)
                .permitted("1", "10.0.0.7", "aaaa")
                .policy("d1", "\"regions\":[\"us\"]")
                .policy("d2", "\"regions\":[\"eu\",\"us\"],\"mode\":[\"enforce\"]")
                .refused("10.0.0.7", "x:443", "host_not_konnect")
                .report(Story.query(Story.period("2026-11-22T18:30:00Z", ""), Optional.empty()));

        assertThat(report.history().configurations())
                .extracting(
                        configuration -> configuration.policy().digest(),
                        configuration -> configuration.tally().decisions())
                .containsExactly(tuple("d1", 1L), tuple("d2", 1L));
        History.ConfigurationPeriod second = report.history().configurations().get(1);
        assertThat(PolicyChange.between(second.before().orElseThrow(), second.policy()))
                .containsExactly(
                        new PolicyChange("mode", java.util.List.of("enforce"), java.util.List.of()),
                        new PolicyChange("regions", java.util.List.of("eu"), java.util.List.of()));
    }

    @Test
    void knows_how_each_process_ended() {
        AuditReport report = new Story()
                .event("start", "\"version\":\"0.1.0\"")
                .event("drain", "")
                .event("stop", "")
                .event("start", "\"version\":\"0.2.0\"")
                .event("start", "\"version\":\"0.3.0\"")
                .report();

        assertThat(report.history().runs())
                .extracting(run -> run.drain().isPresent(), run -> run.stop().isPresent(), History.Run::crashed)
                .containsExactly(tuple(true, true, false), tuple(false, false, true), tuple(false, false, false));
    }

    @Test
    void a_start_that_failed_is_no_run() {
        AuditReport report = new Story()
                .event("start", "\"version\":\"0.1.0\"")
                .event("stop", "")
                .event("stop", "\"reason\":\"The address is in use.\"")
                .event("stop", "\"reason\":\"The address is still in use.\"")
                .event("start", "\"version\":\"0.1.0\"")
                .report();

        assertThat(report.history().runs()).hasSize(2).noneMatch(History.Run::crashed);
        assertThat(report.history().failedStarts()).isEqualTo(2);
        assertThat(report.history().lastFailure().orElseThrow().reason()).isEqualTo("The address is still in use.");
        assertThat(report.unread().count()).isZero();
    }

    @Test
    void counts_a_gap_that_was_written_down_after_the_period() {
        Story story = new Story().later(HOUR).gap(12, "2026-11-22T18:10:00.000000Z", "2026-11-22T18:20:00.000000Z");

        assertThat(story.report(Story.query(Story.period("", "2026-11-22T18:15:00Z"), Optional.empty()))
                        .losses()
                        .lost())
                .isEqualTo(12);
        assertThat(story.report(Story.query(Story.period("", "2026-11-22T18:09:00Z"), Optional.empty()))
                        .losses()
                        .lost())
                .isZero();
    }

    @Test
    void counts_what_mirrors_missed_and_what_was_torn() {
        String stretch =
                ",\"from\":\"2026-11-22T18:10:00.000000Z\",\"until\":\"2026-11-22T18:20:00.000000Z\",\"reason\":\"r\"";
        TrailLosses losses = new Story()
                .event("mirror", "\"mirror\":\"syslog\",\"missed\":5" + stretch)
                .event("mirror", "\"mirror\":\"syslog\",\"missed\":7" + stretch)
                .event("mirror", "\"mirror\":\"otlp\",\"missed\":9223372036854775807" + stretch)
                .event("mirror", "\"mirror\":\"otlp\",\"missed\":9" + stretch)
                .event("torn", "\"kept_as\":\"x.torn-1\",\"bytes\":123,\"reason\":\"r\"")
                .report()
                .losses();

        assertThat(losses.missed()).isEqualTo(Map.of("syslog", 12L, "otlp", Long.MAX_VALUE));
        assertThat(losses.tornBytes()).isEqualTo(123);
    }

    @Test
    void finds_targets_that_are_new() {
        Story story = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .refused("10.0.0.7", "evil.example:443", "host_not_konnect")
                .later(HOUR)
                .permitted("2", "10.0.0.7", "aaaa")
                .permitted("3", "10.0.0.7", "bbbb")
                .permitted("4", "10.0.0.7", "bbbb")
                .letThrough("5", "10.0.0.7", "example.com:443", "host_not_konnect")
                .refused("10.0.0.7", "other.example:443", "host_not_konnect");
        Instant since = Instant.parse("2026-11-22T18:30:00Z");
        NewTargets targets = story.report(Story.query(Period.ALL, Optional.of(since)))
                .newTargets()
                .orElseThrow();

        assertThat(targets.hasLinesBefore()).isTrue();
        assertThat(targets.found().top(9).rows())
                .extracting(Ranking.RankedRow::key, row -> row.tally().lines())
                .containsExactly(tuple("bbbb.us.cp0.konghq.com:443", 2L), tuple("example.com:443", 1L));
    }

    @Test
    void says_that_without_lines_from_before_nothing_can_be_called_new() {
        Instant since = Instant.parse("2026-11-01T00:00:00Z");
        Story story = new Story().permitted("1", "10.0.0.7", "aaaa");

        assertThat(story.report(Story.query(Period.ALL, Optional.of(since)))
                        .newTargets()
                        .orElseThrow()
                        .hasLinesBefore())
                .isFalse();
        assertThat(story.written(ReportFormat.TEXT, Story.query(Period.ALL, Optional.of(since))))
                .contains("so every target\nwould be new")
                .doesNotContain("let through for the first time");
    }

    @Test
    void finds_pins_that_nobody_used() {
        Story story = new Story()
                .policy("d1", "\"control_planes\":[\"aaaa\",\"bbbb\",\"cccc\"]")
                .permitted("1", "10.0.0.7", "aaaa")
                .refused("10.0.0.7", "bbbb.us.cp0.konghq.com:443", "region_not_enabled")
                .policy("d2", "\"control_planes\":[\"aaaa\",\"bbbb\",\"dddd\"]");

        assertThat(story.report().pins().unused().keySet())
                .extracting(Pin::name)
                .containsExactly("bbbb", "dddd");
        assertThat(story.report(Story.pinned("aaaa", "eeee")).pins().unused().keySet())
                .extracting(Pin::name)
                .containsExactly("eeee");
        assertThat(new Story().report().pins().isKnown()).isFalse();
    }

    @Test
    void finds_portals_and_tenants_that_nobody_used() {
        Story story = new Story()
                .policy(
                        "d1",
                        "\"control_planes\":[\"aaaa\"],\"portals\":[\"aaaa\",\"shop\"],\"tenants\":[\"acme\"],"
                                + "\"hosts\":[\"{portal}.{region}.kongportals.com\"]")
                .event("decision", portal("1", "SHOP.us.kongportals.com:443"));

        assertThat(story.report().pins().unused().keySet())
                .containsExactly(
                        new Pin(OpenLabel.CONTROL_PLANE, "aaaa"),
                        new Pin(OpenLabel.PORTAL, "aaaa"),
                        new Pin(OpenLabel.TENANT, "acme"));
        assertThat(story.written(ReportFormat.TEXT, Story.query()))
                .contains("1 of 2 pinned portals was never used", "1 of 1 pinned tenant was never used")
                .doesNotContain("any tenant's can be reached");
        assertThat(story.written(ReportFormat.JSON, Story.query()).replaceAll("\\s", ""))
                .contains("\"pinned\":4,", "{\"portal\":\"aaaa\",");
    }

    @Test
    void says_what_is_pinned_by_nobody_and_open() {
        String hosts = "\"hosts\":[\"{control-plane}.{region}.cp0.konghq.com\",\"{portal}.{region}.kongportals.com\"]";

        assertThat(new Story()
                        .policy("d1", "\"control_planes\":[\"aaaa\"]," + hosts)
                        .written(ReportFormat.TEXT, Story.query()))
                .contains("No portal is pinned: any tenant's can be reached.")
                .doesNotContain("No control plane is pinned", "No tenant is pinned");
        assertThat(new Story().policy("d1", "\"control_planes\":[]," + hosts).written(ReportFormat.TEXT, Story.query()))
                .contains("No control plane is pinned: any tenant's can be reached.");
    }

    private static String portal(String id, String target) {
        return "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"10.0.0.7\",\"port\":1,"
                + "\"user\":null},\"target\":\"" + target + "\",\"verdict\":\"permitted\",\"reason\":\"konnect_host\","
                + "\"rule\":{\"purpose\":\"portal\",\"region\":\"us\",\"pattern\":\"{portal}.{region}.kongportals.com\","
                + "\"control_plane\":null},\"enforced\":true";
    }

    @Test
    void notices_numbers_that_do_not_follow_one_another() {
        Numbering numbering = new Story()
                .event("start", "")
                .without(4)
                .event("stop", "")
                .raw("{\"v\":1,\"seq\":3,\"time\":\"2026-11-22T18:00:00.000000Z\",\"event\":\"start\"}")
                .report()
                .trails()
                .only()
                .orElseThrow()
                .numbering();

        assertThat(numbering.missing()).isEqualTo(4);
        assertThat(numbering.breaks())
                .containsExactly(
                        new Numbering.Break(2, 6, new LinePosition("trail.jsonl", 2)),
                        new Numbering.Break(7, 3, new LinePosition("trail.jsonl", 3)));
    }

    @Test
    void notices_a_clock_that_was_set_back() {
        assertThat(new Story()
                        .event("start", "")
                        .later(Duration.ofSeconds(-30))
                        .event("stop", "")
                        .later(HOUR.negated())
                        .event("start", "")
                        .report()
                        .input()
                        .backwards())
                .isEqualTo(1);
    }

    @Test
    void counts_tls_that_clients_offered() {
        Traffic traffic = new Story()
                .end(
                        "1",
                        TARGET,
                        "client_closed",
                        1,
                        1,
                        HOUR,
                        "{\"sni\":null,\"alpn\":[\"h2\"],\"versions\":[\"TLSv1.3\",\"TLSv1.2\"],\"ech\":true,\"resumes\":true}")
                .end("2", TARGET, "hello_timeout", 1, 1, HOUR, "null")
                .report()
                .traffic();

        assertThat(traffic.ech()).isEqualTo(1);
        assertThat(traffic.resumes()).isEqualTo(1);
        assertThat(traffic.withoutHello()).isEqualTo(1);
        assertThat(of(traffic.tlsVersions(), "TLSv1.3, TLSv1.2").lines()).isEqualTo(1);
    }

    @Test
    void counts_open_tunnels_whose_handshake_came_to_nothing() {
        String tls = "{\"sni\":null,\"alpn\":[],\"versions\":[\"TLSv1.3\"],\"ech\":false,\"resumes\":false";
        Traffic traffic = new Story()
                .end("1", TARGET, "client_closed", 1, 1, HOUR, tls + ",\"handshake\":\"completed\"}")
                .end("2", TARGET, "client_closed", 1, 1, HOUR, tls + "}")
                .end(
                        "3",
                        TARGET,
                        "client_closed",
                        1,
                        1,
                        HOUR,
                        tls + ",\"handshake\":\"client_alert\",\"alert\":\"unknown_ca\"}")
                .end("4", TARGET, "client_closed", 1, 1, HOUR, tls + ",\"handshake\":\"unfinished\"}")
                .end("5", TARGET, "sni_mismatch", 1, 1, HOUR, tls + ",\"handshake\":\"unfinished\"}")
                .report()
                .traffic();

        assertThat(traffic.handshakes().top(9).rows())
                .extracting(row -> row.key().result() + " " + row.tally().lines())
                .containsExactlyInAnyOrder("client_alert (unknown_ca) 1", "unfinished 1");
    }

    @Test
    void counts_what_a_later_version_wrote_and_goes_on() {
        AuditReport report = new Story()
                .event("quota", "\"color\":[{\"a\":1}]")
                .event("quota", "")
                .event("start", "\"version\":\"9\",\"mood\":{\"a\":[1,2]}")
                .report();

        assertThat(report.unread().events()).isEqualTo(Map.of("quota", 2L));
        assertThat(report.unread().fields()).isEqualTo(Map.of("start.mood", 1L));
        assertThat(report.unread().count()).isZero();
        assertThat(report.history().starts()).isEqualTo(1);
    }

    @Test
    void keeps_sums_that_do_not_fit_at_the_largest_number() {
        Tally total = new Story()
                .end("1", TARGET, "idle", Long.MAX_VALUE, 1, HOUR)
                .end("2", TARGET, "idle", Long.MAX_VALUE, 1, HOUR)
                .report()
                .traffic()
                .total();

        assertThat(total.bytesUp()).isEqualTo(Long.MAX_VALUE);
        assertThat(total.bytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(total.bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void says_whose_the_lines_are_and_names_each_trail() {
        String other = new TrailBuilder().of("ffffffffffff").start().take().get(0);
        AuditReport report = new Story()
                .event("start", "\"version\":\"1\",\"instance\":\"proxy-1\"")
                .raw(other)
                .event("drain", "")
                .report();

        assertThat(report.input().trails()).containsExactly("00ab12cd34ef", "ffffffffffff");
        assertThat(report.input().instances()).containsExactly("proxy-1");
        assertThat(report.trails().only().orElseThrow().numbering().count())
                .as("a foreign line breaks the numbering")
                .isPositive();
    }

    @Test
    void counts_reloads_and_lists_the_last_that_were_refused() {
        Story story = new Story()
                .configured("start", "aaaaaaaaaaaa", "[\"us\"]")
                .configured("segment", "aaaaaaaaaaaa", "[\"us\"]")
                .configured("reload", "bbbbbbbbbbbb", "[\"us\"]")
                .configured("reload", "cccccccccccc", "[\"eu\"]");
        for (int i = 1; i <= 30; i++) {
            story.event("reload_refused", "\"problems\":[\"Problem " + i + ".\"],\"omitted\":2");
        }
        History history = story.report().history();

        assertThat(history.reloads()).isEqualTo(2);
        assertThat(history.configurations())
                .extracting(each -> each.policy().configurationDigest().orElseThrow())
                .containsExactly("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc");
        assertThat(history.refusedReloads()).isEqualTo(30);
        assertThat(history.lastRefusedReloads()).hasSize(History.KEPT_REFUSED);
        assertThat(history.lastRefusedReloads().get(19).problems()).containsExactly("Problem 30.");
        assertThat(history.lastRefusedReloads().get(19).omitted()).isEqualTo(2);
    }

    @Test
    void a_trail_that_goes_on_as_version_2_has_the_same_configuration() {
        History history = new Story()
                .policy("d", "\"regions\":[\"us\"]")
                .event(
                        "configuration",
                        "\"occasion\":\"start\",\"instance\":\"p\",\"configuration_digest\":\"aaaaaaaaaaaa\",\"digest\":\"d\","
                                + "\"policy\":{\"regions\":[\"us\"]},\"changed\":[]")
                .report()
                .history();

        assertThat(history.configurations()).hasSize(1);
    }

    @Test
    void a_tunnel_without_its_decision_is_its_clients_as_its_own_line_says() {
        String ended = new TrailBuilder()
                .tunnel("a1", "cloud.konghq.com", "idle", 1, 2, 3)
                .take()
                .get(0);
        AuditReport report = new Story().raw(ended).report();

        assertThat(report.traffic().withoutDecision()).isEqualTo(1);
        assertThat(report.traffic().clients().top(10).toString()).contains("10.0.0.99");
        assertThat(report.traffic().purposes().top(10).toString()).contains("platform");
    }

    @Test
    void runs_are_bounded_also_where_nothing_but_their_ends_is_left() {
        Story story = new Story();
        for (int i = 0; i < History.KEPT + 30; i++) {
            story.event("stop", "");
        }
        History history = story.report().history();

        assertThat(history.runs()).hasSize(History.KEPT);
        assertThat(history.earlierRuns()).isEqualTo(30);
    }

    @Test
    void json_names_ten_thousand_pins_and_counts_all() {
        StringBuilder pins = new StringBuilder();
        for (int i = 0; i < 10_050; i++) {
            pins.append(i == 0 ? "" : ",").append("\"cp").append(i).append('"');
        }
        String json = new Story()
                .policy("d", "\"control_planes\":[" + pins + "]")
                .written(ReportFormat.JSON)
                .replaceAll("\\s+", "");
        String neverUsed = json.substring(json.indexOf("\"never_used\""));

        assertThat(json).contains("\"pinned\":10050,");
        assertThat(neverUsed.substring(0, neverUsed.indexOf(']')).split("control_plane", -1))
                .hasSize(10_001);
    }
}
