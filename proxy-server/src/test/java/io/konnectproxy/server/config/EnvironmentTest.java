package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    @TempDir
    private Path directory = Path.of("");

    /** What a pod beside a Service named konnect-proxy finds in its environment. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "KONNECT_PROXY_SERVICE_HOST",
                "KONNECT_PROXY_SERVICE_PORT",
                "KONNECT_PROXY_SERVICE_PORT_PROXY",
                "KONNECT_PROXY_PORT",
                "KONNECT_PROXY_PORT_3128_TCP",
                "KONNECT_PROXY_PORT_3128_TCP_PROTO",
                "KONNECT_PROXY_PORT_3128_TCP_PORT",
                "KONNECT_PROXY_PORT_3128_TCP_ADDR",
                "KONNECT_PROXY_PORT_53_UDP_ADDR"
            })
    void ignores_the_variables_of_kubernetes(String name) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, "tcp://10.0.0.1:3128")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KONNECT_PROXY_SERVICE",
                "KONNECT_PROXY_SERVICE_HOSTS",
                "KONNECT_PROXY_PORTS",
                "KONNECT_PROXY_PORT_X_TCP",
                "KONNECT_PROXY_"
            })
    void does_not_ignore_what_only_looks_like_them(String name) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, "x")))
                .hasSize(1);
    }

    @Test
    void leaves_the_variables_of_others_alone() {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of("KONNECT_REGION", "x", "PATH", "/bin")))
                .isEmpty();
    }

    @Test
    void empties_lists_and_takes_away_what_may_be_null() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                Examples.FULL,
                Map.of(
                        "KONNECT_PROXY_CONTROL_PLANES", "[]",
                        "KONNECT_PROXY_PORTALS", "[]",
                        "KONNECT_PROXY_TENANTS", "[]",
                        "KONNECT_PROXY_EXTRA_HOSTS", "[]",
                        "KONNECT_PROXY_KONNECT_HOSTS", "",
                        "KONNECT_PROXY_DNS_SERVERS", " "));

        assertThat(loaded.configuration().rules().pins()).isEmpty();
        assertThat(loaded.configuration().rules().extraHosts()).isEmpty();
        assertThat(loaded.configuration().konnectHosts()).isEmpty();
        assertThat(loaded.configuration().dns().servers()).isEmpty();
    }

    /** As with an unset variable in what starts the container: nothing is to be opened by that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "KONNECT_PROXY_PARENTS",
                "KONNECT_PROXY_CLIENTS",
                "KONNECT_PROXY_CONTROL_PLANES",
                "KONNECT_PROXY_PORTALS",
                "KONNECT_PROXY_TENANTS"
            })
    void a_list_that_got_lost_opens_nothing(String name) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, " ")))
                .containsExactly(name + ": is empty; write [] if none are meant, or unset the variable");
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, "[]")))
                .isEmpty();
    }

    @Test
    void mappings_may_be_written_in_full() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]",
                Map.of("KONNECT_PROXY_LISTEN", "[ {address: 127.0.0.1:1}, {address: '[::1]:2'}]"));

        assertThat(loaded.configuration().listen()).hasSize(2);
        assertThat(Examples.problems(
                        directory, "regions: [us]", Map.of("KONNECT_PROXY_EXTRA_HOSTS", "[{name: a, host: a.corp")))
                .singleElement()
                .asString()
                .startsWith("KONNECT_PROXY_EXTRA_HOSTS: this is not YAML: ");
    }
}
