package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarningsTest {
    private static final String QUIET = "regions: [us]\ncontrol-planes: [0646a7d680]\n";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void there_are_none_for_pins_and_defaults() {
        assertThat(Examples.load(directory, QUIET).warnings()).isEmpty();
    }

    @Test
    void without_pins_any_tenant_is_reachable() {
        assertThat(Examples.load(directory, "regions: [us]").warnings())
                .containsExactly("any tenant's control plane is reachable; pin yours with control-planes");
    }

    @Test
    void without_the_purpose_there_is_nothing_to_pin() {
        assertThat(Examples.load(directory, "regions: [us]\npurposes: [api]").warnings())
                .isEmpty();
    }

    @Test
    void report_only_lets_everything_through() {
        assertThat(Examples.load(directory, QUIET + "mode: report-only").warnings())
                .containsExactly("hosts that are refused are let through all the same (mode: report-only)");
    }

    @Test
    void kong_does_not_wait_longer_than_five_seconds() {
        assertThat(Examples.load(directory, QUIET + "timeouts: {connect: 4500ms}")
                        .warnings())
                .containsExactly(
                        "timeouts.connect is 4500ms, but a Kong data plane waits 5s in all; 4s leaves it time to"
                                + " read the answer");
    }

    @Test
    void resolving_is_a_part_of_connecting() {
        assertThat(Examples.load(directory, QUIET + "dns: {timeout: 4s}").warnings())
                .containsExactly(
                        "dns.timeout is 4s, but timeouts.connect, 4s, is for resolving and connecting together; a"
                                + " slow name leaves no time to connect");
    }

    @Test
    void kong_is_silent_for_half_a_minute() {
        assertThat(Examples.load(directory, QUIET + "timeouts: {idle: 30s}").warnings())
                .containsExactly("timeouts.idle is 30s, but a Kong data plane sends a ping every 30s only; healthy"
                        + " tunnels will be cut");
    }

    @Test
    void a_mirror_elsewhere_wants_tls() {
        assertThat(Examples.load(directory, QUIET + """
                        audit:
                          mirrors:
                            - url: syslog+tcp://logs.corp:601
                            - url: otlp+http://127.0.0.1:4318
                            - url: otlp+http://[::1]:4318
                            - url: otlp+https://collector.corp:4318
                        """).warnings())
                .containsExactly(
                        "audit lines go to syslog+tcp://logs.corp:601 for anyone on the way to read and to change;"
                                + " take syslog+tls for TLS");
    }
}
