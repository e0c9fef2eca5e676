package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.audit.AuditRecord.Handshake;
import io.konnectproxy.audit.AuditRecord.Hello;
import io.konnectproxy.audit.AuditRecord.Lifecycle.Phase;
import io.konnectproxy.audit.AuditRecord.Refusals.CountedClient;
import io.konnectproxy.audit.AuditRecord.Via;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.trail.LineForm;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLineTest {
    private static final String HEAD =
            "{\"v\":2,\"trail\":\"00ab12cd34ef\",\"seq\":7,\"time\":\"2026-11-22T18:00:00.123456Z\",";
    private static final String DECISION =
            HEAD + "\"event\":\"decision\",\"id\":\"a1\",\"listener\":\"127.0.0.1:3128\","
                    + "\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,\"user\":null},";

    @Test
    void a_permitted_konnect_host_names_the_row_that_permits_it() {
        assertThat(Records.line(Records.permitted("a1")))
                .isEqualTo(DECISION + "\"target\":\"0646a7d680.us.cp0.konghq.com:443\",\"verdict\":\"permitted\","
                        + "\"reason\":\"konnect_host\",\"rule\":{\"purpose\":\"data-plane\",\"region\":\"us\","
                        + "\"pattern\":\"{control-plane}.{region}.cp0.konghq.com\",\"control_plane\":\"0646a7d680\"},"
                        + "\"enforced\":true}\n");
    }

    @Test
    void a_host_without_region_and_control_plane_has_nulls_there() {
        assertThat(Records.line(Records.decision("a1", "cloud.konghq.com:443")))
                .contains("\"rule\":{\"purpose\":\"platform\",\"region\":null,\"pattern\":\"cloud.konghq.com\","
                        + "\"control_plane\":null}");
    }

    @Test
    void an_extra_host_is_named_as_in_the_configuration() {
        assertThat(Records.line(Records.decision("a1", "KONG.mirror.corp:443")))
                .isEqualTo(DECISION + "\"target\":\"KONG.mirror.corp:443\",\"verdict\":\"permitted\","
                        + "\"reason\":\"extra_host\",\"rule\":{\"extra_host\":\"mirror\",\"host\":\"kong.mirror.corp\"},"
                        + "\"enforced\":true}\n");
    }

    @Test
    void a_refusal_has_its_token_and_no_rule() {
        assertThat(Records.line(Records.decision("a1", "evil.com:443")))
                .isEqualTo(DECISION + "\"target\":\"evil.com:443\",\"verdict\":\"refused\","
                        + "\"reason\":\"host_not_konnect\",\"rule\":null,\"enforced\":true}\n");
    }

    @Test
    void a_refusal_that_is_only_reported_stays_refused_and_says_not_enforced() {
        Decision decision = Records.decision("a1", "evil.com:443", Mode.REPORT_ONLY);
        assertThat(decision.verdict()).isInstanceOf(Unenforced.class);
        assertThat(Records.line(decision))
                .endsWith(
                        "\"verdict\":\"refused\",\"reason\":\"host_not_konnect\",\"rule\":null,\"enforced\":false}\n");
    }

    @Test
    void nothing_asked_for_is_a_null_and_a_hint_stands_last() {
        assertThat(Records.line(Records.refused(Refusal.HEAD_TIMEOUT)))
                .endsWith("\"target\":null,\"verdict\":\"refused\",\"reason\":\"head_timeout\",\"rule\":null,"
                        + "\"enforced\":true,\"hint\":\"What is known.\"}\n");
    }

    @Test
    void a_tunnel_has_its_addresses_its_hello_and_its_numbers() {
        assertThat(Records.line(Records.end(Outcome.Closed.CLIENT_CLOSED)))
                .isEqualTo(HEAD + "\"event\":\"tunnel\",\"id\":\"a1\",\"listener\":\"127.0.0.1:3128\","
                        + "\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,\"user\":null},"
                        + "\"target\":\"us.api.konghq.com:443\","
                        + "\"rule\":{\"purpose\":\"platform\",\"region\":null,\"pattern\":\"cloud.konghq.com\","
                        + "\"control_plane\":null},"
                        + "\"outcome\":\"client_closed\","
                        + "\"upstream\":{\"address\":\"203.0.113.9\",\"port\":443,\"via\":null},"
                        + "\"tls\":{\"sni\":\"us.api.konghq.com\",\"alpn\":[\"h2\",\"http/1.1\"],"
                        + "\"versions\":[\"TLSv1.3\"],\"ech\":false,\"resumes\":true,\"handshake\":\"completed\"},"
                        + "\"bytes_up\":1,\"bytes_down\":2,\"dns_ms\":3,\"connect_ms\":4,\"duration_ms\":5}\n");
    }

    @Test
    void a_tunnel_repeats_the_client_of_its_decision() {
        Client client = Records.client(
                Optional.of(Records.address("fd00::10", 40000)), Optional.of("dp-payments"), "dp.corp", "dp.example");
        String decided = Records.line(Records.asked(client, Optional.of("payments")));
        String ended =
                Records.line(Records.ended(client, Optional.of("payments"), Mode.ENFORCE, "kong.mirror.corp:443"));

        String repeated = decided.substring(decided.indexOf("\"listener\""), decided.indexOf(",\"target\""));
        assertThat(ended)
                .contains(repeated)
                .contains("\"rule\":{\"extra_host\":\"mirror\",\"host\":\"kong.mirror.corp\"},");
    }

    @Test
    void a_tunnel_that_no_rule_permitted_has_no_rule() {
        assertThat(Records.line(
                        Records.ended(new Client(Records.CLIENT), Optional.empty(), Mode.REPORT_ONLY, "evil.com:443")))
                .contains("\"rule\":null,\"outcome\"");
    }

    @Test
    void an_open_tunnel_holds_the_first_name_of_a_certificate_only() {
        Client client = Records.client(Optional.empty(), Optional.of("u"), "dp.corp", "dp.example");
        assertThat(new AuditRecord.Requester("l", client, Optional.empty()).client())
                .isEqualTo(Records.client(Optional.empty(), Optional.of("u"), "dp.corp"));
    }

    @Test
    void a_handshake_that_an_alert_ended_has_its_name_where_it_was_read() {
        assertThat(Records.line(
                        Records.shaken(new Handshake(Handshake.HandshakeEnd.CLIENT_ALERT, Optional.of("unknown_ca")))))
                .contains("\"resumes\":true,\"handshake\":\"client_alert\",\"alert\":\"unknown_ca\"},");
        assertThat(Records.line(Records.shaken(new Handshake(Handshake.HandshakeEnd.SERVER_ALERT, Optional.empty()))))
                .contains("\"resumes\":true,\"handshake\":\"server_alert\"},");
    }

    @Test
    void a_tunnel_that_never_came_about_has_nulls() {
        assertThat(Records.line(Records.failed(Refusal.DNS_TIMEOUT)))
                .endsWith("\"outcome\":\"dns_timeout\",\"upstream\":null,\"tls\":null,\"bytes_up\":0,\"bytes_down\":0,"
                        + "\"dns_ms\":null,\"connect_ms\":null,\"duration_ms\":0,\"hint\":\"What is known.\"}\n");
    }

    @Test
    void refusals_that_are_summed_up_say_whose_they_were_and_how_many_of_each() {
        assertThat(Records.line(Records.summedUp(
                        Optional.of(new CountedClient(Records.CLIENT.getAddress(), false)),
                        Optional.of("127.0.0.1:3128"))))
                .isEqualTo(HEAD + "\"event\":\"refusals\",\"client\":{\"address\":\"10.0.0.7\"},"
                        + "\"listener\":\"127.0.0.1:3128\",\"count\":942,"
                        + "\"reasons\":{\"ip_literal\":2,\"host_not_konnect\":940},"
                        + "\"first\":\"2026-11-22T17:59:03.123456Z\",\"last\":\"2026-11-22T17:59:59.123456Z\"}\n");
    }

    @Test
    void refusals_of_several_addresses_of_a_network_name_that() {
        CountedClient network =
                new CountedClient(Records.address("2001:db8:0:1::", 0).getAddress(), true);
        assertThat(Records.line(Records.summedUp(Optional.of(network), Optional.empty())))
                .contains("\"client\":{\"network\":\"2001:db8:0:1::/64\"},\"listener\":null,\"count\"");
    }

    @Test
    void refusals_of_clients_that_are_too_many_name_none() {
        assertThat(Records.line(Records.summedUp(Optional.empty(), Optional.empty())))
                .contains("\"event\":\"refusals\",\"client\":null,\"listener\":null,");
    }

    @Test
    void a_claimed_user_is_escaped_and_cut() {
        assertThat(Records.line(Records.claiming("dp-pay")))
                .contains(
                        "\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,\"user\":null,\"claimed_user\":\"dp-pay\"}");
        assertThat(Records.line(Records.claiming("\u001b[2J\u202e" + "x".repeat(1000))))
                .contains("\"claimed_user\":\"\\u001B[2J\\u202E" + "x".repeat(56) + "...\"}");
    }

    /** What the growth of the trail is computed from. */
    @Test
    void no_line_about_refusals_is_longer_than_is_said() {
        InetSocketAddress longest = Records.address("2001:db8:1111:2222:3333:4444:5555:6666", 65_535);
        String name = "n".repeat(63);
        Decision refused = new Decision(
                Records.TIME,
                "ffffffffff-9223372036854775807",
                "[2001:db8:1111:2222:3333:4444:5555:6666]:65535",
                new Client(longest, Optional.of(longest), Optional.of(name), List.of(name)),
                Optional.of(name),
                Optional.of("\ud83d\ude00".repeat(600)),
                Optional.of(AskedTarget.of("a".repeat(600), true)),
                new Verdict.Refused(Refusal.CONTROL_PLANE_NOT_PINNED),
                Optional.of("h".repeat(200)));

        assertThat(Records.bound(refused)).hasSizeBetween(1_300, LineForm.MAX_REFUSALS);
        assertThat(Records.summedUp().map(Records::bound))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(LineForm.MAX_REFUSALS));
    }

    @ParameterizedTest
    @CsvSource({"DRAIN,drain", "STOP,stop"})
    void the_life_of_the_proxy_is_its_event_alone(Phase phase, String event) {
        assertThat(Records.line(Records.lifecycle(phase))).isEqualTo(HEAD + "\"event\":\"" + event + "\"}\n");
    }

    @Test
    void a_start_names_the_version() {
        assertThat(Records.line(Records.start()))
                .isEqualTo(HEAD + "\"event\":\"start\",\"version\":\"1.2.3\",\"instance\":\"proxy-1\"}\n");
    }

    @Test
    void a_configuration_has_the_policy_its_digest_and_what_changed() throws Exception {
        PolicySettings policy = new PolicySettings(Map.of("regions", List.of("eu", "us")));
        PolicySettings before = new PolicySettings(Map.of("regions", List.of("us", "au")));
        String object = "{\"regions\":[\"eu\",\"us\"]}";
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(object.getBytes(StandardCharsets.US_ASCII)));
        assertThat(Records.line(configured(policy, Optional.of(policy.changesSince(before)))))
                .isEqualTo(HEAD + "\"event\":\"configuration\",\"occasion\":\"start\",\"instance\":\"proxy-1\","
                        + "\"configuration_digest\":\"0123456789ab\",\"digest\":\"" + digest
                        + "\",\"policy\":" + object
                        + ",\"changed\":[{\"key\":\"regions\",\"added\":[\"eu\"],\"removed\":[\"au\"]}]}\n");
    }

    private static Configured configured(PolicySettings policy, Optional<List<PolicySettings.Change>> changes) {
        return new Configured(Records.TIME, Occasion.START, "proxy-1", Records.DIGEST, policy, changes);
    }

    @Test
    void a_configuration_that_is_repeated_for_a_new_file_has_the_same_identity() {
        assertThat(Records.line(
                        Records.configured(Occasion.RELOAD, Optional.empty()).forSegment(Records.TIME)))
                .contains(
                        "\"occasion\":\"segment\",\"instance\":\"proxy-1\",\"configuration_digest\":\"0123456789ab\"");
    }

    @Test
    void a_refused_reload_has_its_problems() {
        assertThat(Records.line(new AuditRecord.ReloadRefused(Records.TIME, List.of("One.", "Two."))))
                .isEqualTo(HEAD + "\"event\":\"reload_refused\",\"problems\":[\"One.\",\"Two.\"]}\n");
    }

    @Test
    void a_refused_reload_with_many_problems_has_the_first_ones_and_says_how_many_more() {
        List<String> problems = Collections.nCopies(23, "x".repeat(600));
        assertThat(Records.line(new AuditRecord.ReloadRefused(Records.TIME, problems)))
                .contains("\"" + "x".repeat(509) + "...\"],\"omitted\":3}")
                .hasSizeLessThan(11_000);
    }

    @Test
    void a_policy_is_read_as_it_was_written() throws Exception {
        PolicySettings policy = new PolicySettings(
                Map.of("extra_hosts", List.of("caf\u00e9 \u202e\t", "x".repeat(5_000)), "regions", List.of("us")));
        String line = Records.line(configured(policy, Optional.empty()));
        assertThat(new EventReader().read(line).event()).isInstanceOfSatisfying(TrailEvent.Policy.class, read -> {
            assertThat(read.settings()).isEqualTo(policy);
            assertThat(read.values().get("extra_hosts").get(0)).isEqualTo("caf\u00e9 \\u202e\\u0009");
        });
    }

    @Test
    void a_gap_says_how_many_from_when_until_when_and_why() {
        assertThat(Records.line(Records.gap()))
                .isEqualTo(HEAD + "\"event\":\"gap\",\"lost\":3,\"from\":\"2026-11-22T18:00:00.123456Z\","
                        + "\"until\":\"2026-11-22T18:00:09.123456Z\",\"reason\":\"no space left on device\","
                        + "\"on_failure\":\"refuse\"}\n");
    }

    @Test
    void a_line_ends_with_the_hash_of_the_line_before_and_its_own() throws Exception {
        String line = Records.bound(Records.start());
        String hashed =
                "{\"v\":2,\"trail\":\"00ab12cd34ef\",\"seq\":1,\"time\":\"2026-11-22T18:00:00.123456Z\",\"event\":\"start\","
                        + "\"version\":\"1.2.3\",\"instance\":\"proxy-1\",\"prev\":\"" + "0".repeat(64) + "\"";
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(hashed.getBytes(StandardCharsets.US_ASCII)));
        assertThat(line).isEqualTo(hashed + ",\"hash\":\"" + hash + "\"}\n");
    }

    @Test
    void a_full_second_has_microseconds_too() {
        assertThat(Records.line(new io.konnectproxy.audit.AuditRecord.Lifecycle(
                        Instant.parse("2026-11-22T18:00:00Z"), Phase.STOP)))
                .contains("\"time\":\"2026-11-22T18:00:00.000000Z\"");
    }

    @Test
    void an_ipv6_client_is_written_in_the_short_form_of_rfc_5952() {
        assertThat(Records.line(from(Records.address("2001:db8:0:0:0:0:0:1", 9))))
                .contains("\"client\":{\"address\":\"2001:db8::1\",\"port\":9,");
    }

    @Test
    void a_peer_that_is_only_a_name_does_not_break_the_line() {
        assertThat(Records.line(from(InetSocketAddress.createUnresolved("somewhere", 9))))
                .contains("\"address\":\"somewhere\"");
    }

    private static Decision from(InetSocketAddress client) {
        return Records.asked(new Client(client), Optional.empty());
    }

    @Test
    void a_client_has_its_user_its_certificate_its_entry_and_its_peer() {
        Client client = Records.client(
                Optional.of(Records.address("fd00::10", 40000)), Optional.of("dp-payments"), "dp.corp", "dp.example");

        assertThat(Records.line(Records.asked(client, Optional.of("payments"))))
                .contains("\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,\"user\":\"dp-payments\","
                        + "\"certificate\":\"dp.corp\",\"entry\":\"payments\","
                        + "\"peer\":{\"address\":\"fd00::10\",\"port\":40000}},\"target\"")
                .doesNotContain("dp.example");
    }

    @Test
    void long_names_are_cut() {
        Client client = Records.client(Optional.empty(), Optional.of("u".repeat(600)), "c".repeat(600));

        assertThat(Records.line(Records.asked(client, Optional.empty())))
                .contains("\"user\":\"" + "u".repeat(509) + "...\",\"certificate\":\"" + "c".repeat(509) + "...\"}");
    }

    @Test
    void a_tunnel_through_a_parent_names_it_and_what_it_was_asked_and_how_it_refused() {
        Via via = new Via("http://proxy.corp:3128", "us.api.konghq.com:443", OptionalInt.of(407));

        assertThat(Records.line(Records.through(new Outcome.Failed(Refusal.PARENT_REFUSED), via)))
                .contains("\"outcome\":\"parent_refused\",\"upstream\":{\"address\":\"10.0.0.99\",\"port\":3128,"
                        + "\"via\":\"http://proxy.corp:3128\",\"asked\":\"us.api.konghq.com:443\",\"status\":407}");
        assertThat(Records.line(Records.through(
                        Outcome.Closed.IDLE,
                        new Via("http://proxy.corp:3128", "203.0.113.9:443", OptionalInt.empty()))))
                .contains("\"asked\":\"203.0.113.9:443\"},\"tls\"");
    }

    // Numbered: names of tests travel through pipes that are not made for such text.
    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "\r\n",
                "\u001b[2J",
                "\u2028",
                "\u0000",
                "\u007f",
                "\u0085",
                "\u00e9",
                "\ud83d\ude00",
                "\ud800",
                "\"\\"
            })
    void whatever_stands_in_a_text_the_line_is_printable_ascii_and_one_line(String nasty) {
        Verdict refused = new Verdict.Refused(Refusal.MALFORMED_REQUEST);
        String line = Records.line(Records.decision("a1", Optional.empty(), refused, Optional.of("b" + nasty)));
        assertThat(line.substring(0, line.length() - 1)).matches("[ -~]+");
        assertThat(line).endsWith("}\n").doesNotContain("b" + nasty);
    }

    @ParameterizedTest(name = "{index}")
    @ValueSource(strings = {"\r\n", "\u001b[2J", "\u2028", "\u0000", "\u007f", "\u0085", "\ud800", "\"\\"})
    void whatever_stands_in_a_name_the_line_is_printable_ascii_and_one_line(String nasty) {
        String line = Records.line(Records.asked(
                Records.client(Optional.empty(), Optional.of("u" + nasty), "c" + nasty), Optional.of("e" + nasty)));

        assertThat(line.substring(0, line.length() - 1)).matches("[ -~]+");
        assertThat(line).doesNotContain("u" + nasty, "c" + nasty, "e" + nasty);
    }

    @Test
    void a_long_target_is_cut_and_says_so() {
        AskedTarget asked = AskedTarget.of("a".repeat(600), true);
        Verdict refused = new Verdict.Refused(Refusal.MALFORMED_REQUEST);
        assertThat(Records.line(Records.decision("a1", Optional.of(asked), refused, Optional.empty())))
                .contains("\"target\":\"" + "a".repeat(512) + "\",\"truncated\":true,\"verdict\"");
    }

    @Test
    void a_hello_with_more_protocols_than_a_line_shows_says_so() {
        Hello hello = new Hello(Optional.empty(), Collections.nCopies(16, "x"), true, List.of(), true, false);
        assertThat(Records.line(Records.greeted(hello)))
                .contains("\"tls\":{\"sni\":null,\"alpn\":[\"x\",")
                .contains(
                        "\"versions\":[],\"ech\":true,\"resumes\":false,\"handshake\":\"completed\",\"truncated\":true}");
    }

    @Test
    void more_of_a_hello_than_a_line_shows_is_never_held() {
        List<String> many = Collections.nCopies(17, "x");
        List<String> wide = List.of("x".repeat(513));
        for (List<String> items : List.of(many, wide)) {
            assertThatThrownBy(() -> new Hello(Optional.empty(), items, false, List.of(), false, false))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Hello(Optional.empty(), List.of(), false, items, false, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_long_hint_is_cut() {
        Verdict refused = new Verdict.Refused(Refusal.DNS_FAILED);
        assertThat(Records.line(Records.decision("a1", Optional.empty(), refused, Optional.of("h".repeat(2000)))))
                .endsWith("\"hint\":\"" + "h".repeat(509) + "...\"}\n");
    }

    @Test
    void a_permit_without_a_rule_that_permits_has_no_line() {
        assertThatThrownBy(() -> Records.line(Records.impossible())).isInstanceOf(IllegalArgumentException.class);
    }
}
