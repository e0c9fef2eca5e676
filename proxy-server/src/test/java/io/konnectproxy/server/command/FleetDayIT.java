package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.doctor.Patience;
import io.konnectproxy.server.doctor.Surroundings;
import io.konnectproxy.server.tls.Authorities;
import io.konnectproxy.server.upstream.Egress;
import io.konnectproxy.support.FleetDay;
import io.konnectproxy.support.LiveEvents;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people are shown at the end of a fleet's day: the first thing is the worst thing. */
@Timeout(120)
class FleetDayIT {
    @TempDir
    private Path directory;

    @AutoClose
    private FleetDay day;

    @BeforeEach
    void play() throws Exception {
        day = new FleetDay(directory);
        day.play();
    }

    @Test
    void page_doctor_and_report_begin_with_the_worst() throws Exception {
        page();
        doctor();
        report();
    }

    /** The worst now: who had a tunnel and has none. The attacker of the night is over. */
    private void page() throws Exception {
        try (LiveEvents events = new LiveEvents(day.proxy().admin())) {
            JsonNode planes = events.awaitState(
                            // Counted every few seconds, and maybe while one flapped.
                            now -> now.path("dataPlanes").path("lost").asInt() == 1
                                    && now.path("dataPlanes").path("connected").asInt() == FleetDay.DATA_PLANES - 5)
                    .path("dataPlanes");
            assertThat(planes.path("shown").valueStream().map(FleetDayIT::summary))
                    .startsWith(
                            "dp-18 cp [lost] ",
                            "dp-18 tp [lost] ",
                            "dp-03 cp [refused] Add eu to regions.",
                            "127.0.1.7 cp [refused] The password of user dp-07 is wrong.",
                            "dp-11 cp [flapping] ",
                            "dp-15 cp [flapping] ",
                            "dp-01 cp [] ");
        }
        try (LiveEvents events = new LiveEvents(day.proxy().admin())) {
            JsonNode decisions = events.next("decisions");
            assertThat(decisions
                            .path("shown")
                            .valueStream()
                            .map(each -> each.path("reason").asString()))
                    .contains("region_not_enabled", "credentials_invalid", "konnect_host");
        }
    }

    private static String summary(JsonNode plane) {
        String who = plane.path("name").isNull()
                ? plane.path("client").asString()
                : plane.path("name").asString();
        return who + " " + plane.path("channel").asString() + " "
                + plane.path("troubles").valueStream().map(JsonNode::asString).toList() + " "
                + plane.path("refusal").path("remedy").asString("");
    }

    /** What answers in Konnect's place has certificates of an authority that is not public. */
    private void doctor() {
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(
                ProxyServer::start,
                () -> new Surroundings(
                        Egress.standIn(day.originPort()),
                        Authorities.ofThisMachine(),
                        InstantSource.system(),
                        Patience.OF_KONG),
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "doctor",
                "-c",
                day.configuration().toString());
        assertThat(code).isEqualTo(2);
        String first = out.toString().split("Do first:\\R", 2)[1].replaceAll("\\s+", " ");
        assertThat(first).startsWith("FAIL tls ").contains("Have konghq.com exempted from TLS inspection.");
        assertThat(first.split("(FAIL|warn) ", -1)[1]).contains("TLS inspection");
        assertThat(out.toString()).contains("TLS is intercepted: the certificate was issued by 'konnect-proxy CA");
    }

    /** The worst of the day, which is not what was most often. */
    private void report() throws Exception {
        JsonNode findings =
                new JsonMapper().readTree(report("--output", "json")).path("findings");
        assertThat(findings.valueStream().limit(2).map(FleetDayIT::line))
                .allMatch(line -> line.startsWith("internal_address 127.0.2.66 (dp-03) 169.254.169.254:"));
        assertThat(findings.valueStream().map(FleetDayIT::line).filter(line -> !line.startsWith("internal_address")))
                .containsExactly(
                        "password_guessing 127.0.2.66 more than 5 users, such as dp-01 and dp-02",
                        "password_guessing 127.0.1.7 the user dp-07",
                        "data_plane_lost 127.0.1.18 (dp-18) control plane 0646a7d680 in us (cp)",
                        "refused_repeatedly 127.0.1.3 (dp-03) control plane 0646a7d680 in eu",
                        "data_plane_flapping 127.0.1.11 (dp-11) control plane 0646a7d680 in us (cp)",
                        "data_plane_flapping 127.0.1.15 (dp-15) control plane 0646a7d680 in us (cp)",
                        "open_placeholder  every portal");
        List<String> text = report("--output", "text")
                .lines()
                .dropWhile(line -> !line.equals("NEEDS ATTENTION"))
                .limit(3)
                .toList();
        assertThat(text.get(1)).isEqualTo(" 1. Requests for metadata, private or other internal addresses (4)");
        assertThat(text.get(2)).startsWith("    127.0.2.66 (dp-03): 169.254.169.254:");
    }

    private static String line(JsonNode finding) {
        return finding.path("kind").asString() + " " + finding.path("who").asString("") + " "
                + finding.path("what").asString();
    }

    private String report(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("audit", "report", day.auditFile().toString()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(err), Map.of(), arguments.toArray(new String[0]));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        return out.toString();
    }
}
