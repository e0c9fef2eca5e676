package io.konnectproxy.siem;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.EveryLine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineFormatTest {
    private static final String DECISION =
            "{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":3,\"time\":\"2026-11-23T03:26:31.790994Z\","
                    + "\"event\":\"decision\",\"id\":\"dd1ef27ea9-1\",\"listener\":\"10.0.0.2:3128\",\"client\":{\"address\":\"10.0.0.7\","
                    + "\"port\":49880,\"user\":\"dp-a\",\"entry\":\"payments\",\"peer\":{\"address\":\"10.0.0.9\",\"port\":4}},"
                    + "\"target\":\"0646a7d680.us.cp0.konghq.com:443\",\"verdict\":\"permitted\",\"reason\":\"konnect_host\","
                    + "\"rule\":{\"purpose\":\"data-plane\",\"region\":\"us\",\"pattern\":\"{control-plane}.{region}.cp0.konghq.com\","
                    + "\"control_plane\":\"0646a7d680\"},\"enforced\":true,\"prev\":\"p\",\"hash\":\"abc\"}";
    private static final String REFUSED = DECISION.replace(
            "\"permitted\",\"reason\":\"konnect_host\"", "\"refused\",\"reason\":\"host_not_konnect\"");
    private static final String LET_THROUGH = REFUSED.replace("\"enforced\":true", "\"enforced\":false");

    static List<String> kinds() {
        return EveryLine.kinds();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("kinds")
    void every_kind_of_line_is_an_event_of_ocsf(String line) {
        assertThat(SiemDefinitions.problemsByOcsf(LineFormat.OCSF.of(line, "edge-1")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("kinds")
    void every_kind_of_line_is_an_event_of_ecs(String line) {
        assertThat(SiemDefinitions.problemsByEcs(LineFormat.ECS.of(line, "edge-1")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "OCSF | /class_uid                      | 4001",
                "OCSF | /type_uid                       | 400101",
                "OCSF | /time                           | 1795404391790",
                "OCSF | /metadata/uid                   | 5f0c9a1e7b34-3",
                "OCSF | /device/hostname                | edge-1",
                "OCSF | /src_endpoint/ip                | 10.0.0.7",
                "OCSF | /src_endpoint/port              | 49880",
                "OCSF | /actor/user/name                | dp-a",
                "OCSF | /dst_endpoint/hostname          | 0646a7d680.us.cp0.konghq.com",
                "OCSF | /dst_endpoint/port              | 443",
                "OCSF | /proxy_endpoint/port            | 3128",
                "OCSF | /firewall_rule/category         | data-plane",
                "OCSF | /unmapped/control_plane         | 0646a7d680",
                "OCSF | /unmapped/hash                  | abc",
                "ECS  | /@timestamp                     | 2026-11-23T03:26:31.790994Z",
                "ECS  | /event/id                       | 5f0c9a1e7b34-3",
                "ECS  | /event/hash                     | abc",
                "ECS  | /event/type/1                   | allowed",
                "ECS  | /observer/name                  | edge-1",
                "ECS  | /source/ip                      | 10.0.0.7",
                "ECS  | /client/port                    | 49880",
                "ECS  | /user/name                      | dp-a",
                "ECS  | /destination/domain             | 0646a7d680.us.cp0.konghq.com",
                "ECS  | /rule/category                  | data-plane",
                "ECS  | /labels/control_plane           | 0646a7d680",
                "ECS  | /labels/peer                    | 10.0.0.9"
            })
    void a_permitted_request(LineFormat format, String path, String value) {
        assertThat(SiemDefinitions.json(format.of(DECISION, "edge-1")).at(path).asString())
                .isEqualTo(value);
    }

    @Test
    void what_was_refused_and_let_through_is_told_apart_from_what_was_blocked() {
        assertThat(List.of(DECISION, REFUSED, LET_THROUGH))
                .extracting(line -> SiemDefinitions.json(LineFormat.OCSF.of(line, "edge-1")))
                .extracting(event -> event.path("activity_id") + " " + event.path("action_id") + " "
                        + event.path("disposition_id") + " " + event.path("status_id"))
                .containsExactly("1 1 1 1", "5 2 2 2", "1 3 17 1");
        assertThat(List.of(DECISION, REFUSED, LET_THROUGH))
                .extracting(line -> SiemDefinitions.json(LineFormat.ECS.of(line, "edge-1")))
                .extracting(event -> event.path("event").path("type").path(1).asString() + " "
                        + event.path("event").path("outcome").asString() + " "
                        + event.path("labels").path("verdict").asString())
                .containsExactly("allowed success permitted", "denied failure refused", "allowed success refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{\"v\":3,\"trail\":\"5f0c9a1e7b34\"}", "", "{\"v\":2}"})
    void a_line_that_cannot_be_read_is_passed_on_as_it_is(String line) {
        assertThat(LineFormat.OCSF.of(line, "edge-1")).isEqualTo(line);
        assertThat(LineFormat.ECS.of(line, "edge-1")).isEqualTo(line);
    }

    @ParameterizedTest
    @EnumSource(names = {"OCSF", "ECS"})
    void an_event_of_a_later_version_is_passed_on_with_what_all_events_have(LineFormat format) {
        String event = format.of(
                "{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":3,\"time\":\"2026-11-23T03:26:31.790994Z\",\"event\":\"comet\",\"tail\":1}",
                "edge-1");

        assertThat(event).contains("comet", "5f0c9a1e7b34-3").doesNotContain("tail");
    }

    @ParameterizedTest
    @EnumSource(names = {"OCSF", "ECS"})
    void what_clients_sent_is_escaped_and_breaks_no_structure(LineFormat format) {
        String line = DECISION.replace("\"dp-a\"", "\"\\u00fc\\u001b[31m\\\",\\\"x\\\":\\u007f\\n\\u202e\"")
                .replace("\"payments\"", "\"a.b\"");
        String event = format.of(line, "edge-1");

        assertThat(event).matches("[ -~]+");
        assertThat(SiemDefinitions.json(event)
                        .at(format == LineFormat.ECS ? "/user/name" : "/actor/user/name")
                        .asString())
                .isEqualTo("\u00fc\u001b[31m\",\"x\":\u007f\n\u202e");
    }

    @ParameterizedTest
    @EnumSource(names = {"OCSF", "ECS"})
    void reasons_with_any_name_are_members_of_one_object(LineFormat format) {
        String line =
                "{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":3,\"time\":\"2026-11-23T03:26:31.790994Z\",\"event\":\"refusals\","
                        + "\"client\":null,\"listener\":null,\"count\":5,\"reasons\":{\"a\":2,\"a.b\":3},"
                        + "\"first\":\"2026-11-23T03:26:00.000000Z\",\"last\":\"2026-11-23T03:26:31.000000Z\"}";

        assertThat(format.of(line, "edge-1")).contains("a.b");
        assertThat(SiemDefinitions.problemsByOcsf(LineFormat.OCSF.of(line, "edge-1")))
                .isEmpty();
    }

    /** A check that finds nothing proves nothing. */
    @ParameterizedTest
    @CsvSource({
        "'\"time\":', '\"tyme\":', tyme is not defined",
        "'\"severity_id\":1', '\"severity_id\":7', severity_id may not be 7",
        "'\"severity_id\":1,', '', severity_id is missing",
        "'\"port\":49880', '\"port\":\"49880\"', src_endpoint.port is no port_t",
        "'\"ip\":\"10.0.0.7\"', '\"ip\":\"here\"', src_endpoint.ip is no ip_t",
        "'\"direction_id\":2,', '', connection_info.direction_id is missing",
        "'\"security_control\"', '\"cloud\"', which is not named",
        "'400101', '400102', type_uid is not 400101"
    })
    void what_ocsf_does_not_define_is_found(String text, String replacement, String problem) {
        String event = LineFormat.OCSF.of(DECISION, "edge-1");

        assertThat(SiemDefinitions.problemsByOcsf(event.replace(text, replacement)))
                .anyMatch(found -> found.contains(problem));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"@timestamp\":', '\"timestamp\":', @timestamp is missing",
        "'\"allowed\"', '\"permitted\"', event.type may not be",
        "'\"connection\"', '\"change\"', change is no event.type of network",
        "'\"port\":49880', '\"port\":\"49880\"', source.port is no long",
        "'\"ip\":\"10.0.0.7\"', '\"ip\":\"here\"', source.ip is no ip",
        "'\"entry\":\"payments\"', '\"entry\":5', labels.entry is no keyword",
        "'\"rule\":', '\"rules\":', rules.name is not defined"
    })
    void what_ecs_does_not_define_is_found(String text, String replacement, String problem) {
        String event = LineFormat.ECS.of(DECISION, "edge-1");

        assertThat(SiemDefinitions.problemsByEcs(event.replace(text, replacement)))
                .anyMatch(found -> found.contains(problem));
    }

    @Test
    void a_trail_that_does_not_name_its_proxy_still_has_valid_events() throws Exception {
        for (String line : kinds()) {
            var read = new io.konnectproxy.trail.event.EventReader().read(line);
            assertThat(SiemDefinitions.problemsByOcsf(LineFormat.OCSF.of(line, read, Optional.empty())))
                    .isEmpty();
            assertThat(SiemDefinitions.problemsByEcs(LineFormat.ECS.of(line, read, Optional.empty())))
                    .isEmpty();
        }
    }
}
