package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.AuditRecord.Handshake;
import io.konnectproxy.audit.AuditRecord.Hello;
import io.konnectproxy.audit.AuditRecord.Lifecycle.Phase;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.support.AuditSchema;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped schema describes the lines that are really written, and no others. */
class AuditLineSchemaTest {
    private static final String V2 = "{\"v\":2,\"trail\":\"00ab12cd34ef\",";
    private static final String V1 = "{\"v\":1,";

    static Stream<AuditRecord> every_kind_of_record() {
        Verdict malformed = new Verdict.Refused(Refusal.MALFORMED_REQUEST);
        AskedTarget withheld = AskedTarget.of("user:pass@host", false);
        Stream<AuditRecord> special = Stream.of(
                Records.permitted("a1"),
                Records.decision("a1", "cloud.konghq.com:443"),
                Records.decision("a1", "kong.mirror.corp:443"),
                Records.decision("a1", "evil.com:443", Mode.REPORT_ONLY),
                Records.decision("a1", Optional.of(withheld), malformed, Optional.of("h".repeat(3000))),
                Records.claiming("\u0000".repeat(600)),
                Records.shaken(new Handshake(Handshake.HandshakeEnd.UNFINISHED, Optional.empty())),
                Records.shaken(new Handshake(Handshake.HandshakeEnd.CLIENT_ALERT, Optional.of("unknown_ca"))),
                Records.shaken(new Handshake(Handshake.HandshakeEnd.SERVER_ALERT, Optional.of("255"))),
                Records.greeted(new Hello(Optional.empty(), List.of(), false, List.of(), true, false)),
                Records.greeted(new Hello(
                        Optional.of("x"),
                        Collections.nCopies(16, "\u0000".repeat(512)),
                        true,
                        List.of("TLSv1.2"),
                        true,
                        true)));
        return Stream.of(
                        special,
                        Records.ofTheTrail(),
                        Records.summedUp(),
                        Records.ofClientsAndParents(),
                        Stream.of(Records.notStarted()),
                        Arrays.stream(Phase.values()).map(Records::lifecycle),
                        Arrays.stream(Outcome.Closed.values()).map(Records::end),
                        Arrays.stream(Refusal.values()).map(Records::failed),
                        Arrays.stream(Refusal.values()).map(Records::refused))
                .flatMap(records -> records);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("every_kind_of_record")
    void every_line_that_is_written_is_valid(AuditRecord record) {
        assertThat(AuditSchema.problems(Records.bound(record))).isEmpty();
    }

    static Stream<Arguments> wrong_lines() {
        String decision = Records.bound(Records.permitted("a1"));
        String refused = Records.bound(Records.decision("a1", "evil.com:443"));
        String tunnel = Records.bound(Records.end(Outcome.Closed.IDLE));
        String start = Records.bound(Records.start());
        String reloadRefused = Records.bound(new AuditRecord.ReloadRefused(Records.TIME, List.of("One.")));
        String gap = Records.bound(Records.gap());
        String summedUp = Records.bound(Records.summedUp().findFirst().orElseThrow());
        String configured = Records.bound(Records.configured(Occasion.SEGMENT, Optional.of(List.of())));
        return Stream.of(
                wrong("no trail", start, "\"trail\":\"00ab12cd34ef\",", ""),
                wrong("a trail in capitals", start, "00ab12cd34ef", "00AB12cd34ef"),
                wrong("a long trail", start, "00ab12cd34ef", "00ab12cd34ef00"),
                wrong("version 1 with a trail", gap, "\"v\":2", "\"v\":1"),
                wrong("version 1 with an instance", start, V2, V1),
                wrong("version 1 with the digest of a configuration", configured, V2, V1),
                wrong("version 1 with a client of a tunnel", tunnel, V2, V1),
                wrong("version 1 with a refused reload", reloadRefused, V2, V1),
                wrong("a start without an instance", start, ",\"instance\":\"proxy-1\"", ""),
                wrong("an instance that is no name", start, "proxy-1", "proxy 1"),
                wrong("a configuration without an instance", configured, ",\"instance\":\"proxy-1\"", ""),
                wrong(
                        "a configuration without its digest",
                        configured,
                        ",\"configuration_digest\":\"0123456789ab\"",
                        ""),
                wrong("a tunnel without a listener", tunnel, "\"listener\":\"127.0.0.1:3128\",", ""),
                wrong("a tunnel without a word on the rule", tunnel, "\"rule\"", "\"reason\""),
                wrong(
                        "a tunnel of nobody",
                        tunnel,
                        "\"client\":{\"address\":\"10.0.0.7\",\"port\":51234,\"user\":null},",
                        ""),
                wrong("a hello without a word on sessions", tunnel, "\"resumes\":true,", ""),
                wrong("a path in a target of version 2", refused, "evil.com:443", "evil.com/path"),
                wrong("a refused reload without problems", reloadRefused, "\"problems\":[\"One.\"],", ""),
                wrong("no omitted problems", reloadRefused, ",\"prev\"", ",\"omitted\":0,\"prev\""),
                wrong("another version", start, "\"v\":2", "\"v\":3"),
                wrong("seq below 1", start, "\"seq\":1", "\"seq\":0"),
                wrong("no microseconds", start, ".123456Z", "Z"),
                wrong("local time", start, "123456Z", "123456+01:00"),
                wrong("an unknown event", start, "\"start\"", "\"begin\""),
                wrong("a further field", start, "{\"v\"", "{\"more\":1,\"v\""),
                wrong("a further field in client", decision, "\"user\":null", "\"user\":null,\"x\":1"),
                wrong("a number for a user", decision, "\"user\":null", "\"user\":7"),
                wrong("no word on the user", decision, ",\"user\":null", ""),
                wrong("a certificate of null", decision, "\"user\":null", "\"user\":null,\"certificate\":null"),
                wrong("an entry without a name", decision, "\"user\":null", "\"user\":null,\"entry\":\"\""),
                wrong(
                        "a peer without a port",
                        decision,
                        "\"user\":null",
                        "\"user\":null,\"peer\":{\"address\":\"10.0.0.1\"}"),
                wrong("no word on a parent", tunnel, ",\"via\":null", ""),
                wrong("a status that is none", tunnel, "\"via\":null", "\"via\":\"http://p:1\",\"status\":42"),
                wrong("a further field in rule", decision, "\"region\":\"us\"", "\"region\":\"us\",\"x\":1"),
                wrong("no hash of the line before", start, "\"prev\":\"" + "0".repeat(64) + "\",", ""),
                wrong("a hash in capitals", start, "0".repeat(64), "A".repeat(64)),
                wrong("a gap without an end", gap, "\"until\":\"2026-11-22T18:00:09.123456Z\",", ""),
                wrong("a sum of nothing", summedUp, "{\"ip_literal\":2,\"host_not_konnect\":940}", "{}"),
                wrong("a sum with a reason that is none", summedUp, "\"ip_literal\"", "\"ip_number\""),
                wrong("a sum of a client without an address", summedUp, "\"address\":\"10.0.0.7\"", ""),
                wrong("a sum with a port", summedUp, "\"10.0.0.7\"", "\"10.0.0.7\",\"port\":1"),
                wrong("a sum without its end", summedUp, "\"last\":\"2026-11-22T17:59:59.123456Z\",", ""),
                wrong("a policy without regions", configured, "\"regions\":[\"a regions\"],", ""),
                wrong("an occasion that is none", configured, "\"segment\"", "\"noon\""),
                wrong("a signature on a line that has none", start, ",\"hash\"", ",\"signature\":\"x\",\"hash\""),
                wrong("no listener", decision, "\"listener\":\"127.0.0.1:3128\",", ""),
                wrong("permitted for a refusal's reason", decision, "konnect_host", "host_not_konnect"),
                wrong("permitted without enforcement", decision, "\"enforced\":true", "\"enforced\":false"),
                wrong("refused for a permit's reason", refused, "host_not_konnect", "konnect_host"),
                wrong(
                        "refused with a rule",
                        refused,
                        "\"rule\":null",
                        "\"rule\":{\"extra_host\":\"m\",\"host\":\"h\"}"),
                wrong("an unknown verdict", refused, "\"refused\"", "\"denied\""),
                wrong("truncated without a cut", refused, "\"verdict\"", "\"truncated\":false,\"verdict\""),
                wrong("a raw control character in target", refused, "evil", "\\u001b"),
                wrong("an unknown outcome", tunnel, "\"idle\"", "\"bored\""),
                wrong("a negative count", tunnel, "\"bytes_up\":1", "\"bytes_up\":-1"),
                wrong("a fraction of a millisecond", tunnel, "\"dns_ms\":3", "\"dns_ms\":3.5"),
                wrong("a port out of range", tunnel, "\"port\":443", "\"port\":65536"),
                wrong("a further field in tls", tunnel, "\"ech\":false", "\"ech\":false,\"x\":1"),
                wrong("a tunnel with a verdict", tunnel, "\"outcome\"", "\"verdict\":\"permitted\",\"outcome\""));
    }

    private static Arguments wrong(String name, String line, String right, String wrong) {
        assertThat(line).contains(right);
        return Arguments.of(name, line.replace(right, wrong));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong_lines")
    void a_line_with_this_in_it_is_not_valid(String name, String line) {
        assertThat(AuditSchema.problems(line)).as(name).isNotEmpty();
    }

    /** As versions before this one wrote them. */
    @Test
    void a_line_of_version_1_is_valid_as_before() {
        assertThat(List.of(
                        Records.bound(Records.permitted("a1")),
                        Records.bound(Records.gap()),
                        Records.bound(Records.notStarted())))
                .allSatisfy(line ->
                        assertThat(AuditSchema.problems(line.replace(V2, V1))).isEmpty());
        assertThat(AuditSchema.problems(
                        Records.bound(Records.start()).replace(V2, V1).replace(",\"instance\":\"proxy-1\"", "")))
                .isEmpty();
        assertThat(AuditSchema.problems(Records.bound(Records.end(Outcome.Closed.IDLE))
                        .replace(V2, V1)
                        .replaceAll("\"listener\".*?\"target\"", "\"target\"")
                        .replaceAll("\"rule\".*?\"outcome\"", "\"outcome\"")
                        .replaceAll(",\"resumes\".*?}", "}")))
                .isEmpty();
        assertThat(AuditSchema.problems(Records.bound(Records.decision("a1", "evil.com:443"))
                        .replace(V2, V1)
                        .replace("evil.com:443", "http://***@evil.com/\\\\xff")))
                .isEmpty();
    }

    @Test
    void an_empty_object_is_not_valid() {
        assertThat(AuditSchema.problems("{}")).isNotEmpty();
    }
}
