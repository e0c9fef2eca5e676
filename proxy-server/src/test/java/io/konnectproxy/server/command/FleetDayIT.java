package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
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

    private void page() throws Exception {
        try (LiveEvents events = new LiveEvents(day.proxy().admin())) {
            JsonNode state =
                    events.awaitState(now -> now.path("dataPlanes").path("lost").asInt() == 1);
            System.out.println(state.path("dataPlanes").toPrettyString());
        }
    }

    /** Somebody has put a machine that decrypts TLS between this proxy and Konnect. */
    private void doctor() {
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(
                ProxyServer::start,
                () -> new Surroundings(
                        Egress.standIn(day.originPort()), Authorities.ofThisMachine(), InstantSource.system()),
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "doctor",
                "-c",
                day.configuration().toString());
        System.out.println(code + out.toString());
    }

    private void report() {
        System.out.println(report("--output", "text"));
    }

    private String report(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("audit", "report", day.auditFile().toString()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(new StringWriter()), Map.of(), arguments.toArray(new String[0]));
        assertThat(code).isZero();
        return out.toString();
    }
}
