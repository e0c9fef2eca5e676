package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    @TempDir
    private Path directory = Path.of("");

    /** What a pod beside Services named konnect-proxy, konnect-proxy-admin and the like finds in its environment. */
    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "KONNECT_PROXY_SERVICE_HOST, 10.0.0.1",
        "KONNECT_PROXY_SERVICE_HOST, fd00::1",
        "KONNECT_PROXY_SERVICE_PORT, 3128",
        "KONNECT_PROXY_SERVICE_PORT_PROXY, 3128",
        "KONNECT_PROXY_SERVICE_PORT, tcp://10.0.0.1:3128",
        "KONNECT_PROXY_PORT, tcp://10.0.0.1:3128",
        "KONNECT_PROXY_PORT, 'tcp://[fd00::1]:3128'",
        "KONNECT_PROXY_PORT_3128_TCP, tcp://10.0.0.1:3128",
        "KONNECT_PROXY_PORT_3128_TCP_PROTO, tcp",
        "KONNECT_PROXY_PORT_3128_TCP_PORT, 3128",
        "KONNECT_PROXY_PORT_3128_TCP_ADDR, 10.0.0.1",
        "KONNECT_PROXY_PORT_53_UDP_ADDR, 10.0.0.1",
        "KONNECT_PROXY_ADMIN_SERVICE_HOST, 10.0.0.1",
        "KONNECT_PROXY_ADMIN_SERVICE_PORT_HTTP_METRICS, 9090",
        "KONNECT_PROXY_ADMIN_PORT, tcp://10.0.0.1:9090",
        "KONNECT_PROXY_ADMIN_PORT_9090_TCP_ADDR, 10.0.0.1",
        "KONNECT_PROXY_AUDIT_FILE_PORT, udp://10.0.0.1:9090",
        "KONNECT_PROXY_LIMITS_SERVICE_PORT, 1",
        "KONNECT_PROXY_NAME, /kong/konnect-proxy",
        "KONNECT_PROXY_ENV_PATH, /usr/bin",
        "KONNECT_PROXY_ENV_KONNECT_PROXY_REGIONS, us"
    })
    void ignores_the_variables_of_services(String name, String value) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, value)))
                .isEmpty();
    }

    /** A setting that somebody hoped for is not taken for the variable of a Service. */
    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "KONNECT_PROXY_SERVICE, x",
        "KONNECT_PROXY_SERVICE_HOSTS, 10.0.0.1",
        "KONNECT_PROXY_PORTS, 3128",
        "KONNECT_PROXY_PORT_X_TCP, 10.0.0.1",
        "KONNECT_PROXY_, x",
        "KONNECT_PROXY_PORT, 3128",
        "KONNECT_PROXY_ADMIN_PORT, 9090",
        "KONNECT_PROXY_ADMIN_PORT, 127.0.0.1:9090",
        "KONNECT_PROXY_SERVICE_HOST, proxy.corp",
        "KONNECT_PROXY_PORT_3128_TCP_PROTO, http",
        "KONNECT_PROXY_NAME, my-proxy",
        "KONNECT_PROXY_ENV, x",
        "KONNECT_PROXY_ENV_, x"
    })
    void does_not_ignore_what_only_looks_like_them(String name, String value) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, value)))
                .singleElement()
                .asString()
                .startsWith(name + ": no such setting");
    }

    @Test
    void a_setting_beside_them_counts() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]",
                Map.of(
                        "KONNECT_PROXY_ADMIN_PORT", "tcp://10.0.0.1:9090",
                        "KONNECT_PROXY_ADMIN_ADDRESS", "127.0.0.1:9191"));

        assertThat(loaded.configuration().admin().address().getPort()).isEqualTo(9191);
    }

    @ParameterizedTest
    @ValueSource(strings = {"us,eu", " us , eu ", "[us, eu]", "[ us,eu ]", "[\"us\", 'eu']", "[us, eu,]", "[us,\n eu]"})
    void lists_of_words_take_both_forms(String value) {
        LoadedConfiguration loaded = Examples.load(directory, "regions: [au]", Map.of("KONNECT_PROXY_REGIONS", value));

        assertThat(Values.joined(loaded.configuration().rules().regions())).isEqualTo("eu, us");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[fd00::53]:53,10.0.0.2",
                "['[fd00::53]:53', 10.0.0.2]",
                "[\"[fd00::53]\", 10.0.0.2]",
                "[fd00::53], 10.0.0.2:53"
            })
    void an_address_in_brackets_begins_no_list(String value) {
        LoadedConfiguration loaded =
                Examples.load(directory, "regions: [us]", Map.of("KONNECT_PROXY_DNS_SERVERS", value));

        assertThat(loaded.configuration().dns().servers())
                .extracting(SocketAddresses::text)
                .containsExactly("[fd00::53]:53", "10.0.0.2:53");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:1,[::1]:2",
                "[127.0.0.1:1, '[::1]:2']",
                "[{address: 127.0.0.1:1}, {address: '[::1]:2'}]",
                "[127.0.0.1:1, {address: '[::1]:2'}]"
            })
    void lists_of_mappings_take_both_forms(String value) {
        LoadedConfiguration loaded = Examples.load(directory, "regions: [us]", Map.of("KONNECT_PROXY_LISTEN", value));

        assertThat(loaded.configuration().listen())
                .extracting(listener -> SocketAddresses.text(listener.address()))
                .containsExactly("127.0.0.1:1", "[::1]:2");
    }

    @Test
    void parents_and_mirrors_take_both_forms() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]",
                Map.of(
                        "KONNECT_PROXY_PARENTS", "[http://a:1, {url: 'http://b:1', dns: parent}]",
                        "KONNECT_PROXY_AUDIT_MIRRORS", "['syslog+tcp://a:1']"));

        assertThat(loaded.configuration().parents()).hasSize(2);
        assertThat(loaded.configuration().audit().mirrors()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        KONNECT_PROXY_REGIONS  | [us, ue]                    | regions[1]: 'ue' is no Konnect region; did you mean 'eu'
        KONNECT_PROXY_REGIONS  | us,ue                       | regions[1]: 'ue' is no Konnect region; did you mean 'eu'
        KONNECT_PROXY_REGIONS  | [us, [eu]]                  | regions[1]: expected a single value, found a list
        KONNECT_PROXY_REGIONS  | [us, eu                     | character 1: this is not YAML: the list that begins here is not closed
        KONNECT_PROXY_REGIONS  | [us, @eu]                   | character 6: this is not YAML: no value begins with U+0040 COMMERCIAL AT; quote it
        KONNECT_PROXY_LISTEN   | [127.0.0.1:1, 127.0.0.1]    | listen[1].address: '127.0.0.1' has no port
        KONNECT_PROXY_CLIENTS  | {name: a, source: 10.0.0.1/32} | clients: expected a list, like [{key: value}], found a mapping; did you mean [{...}]?
        KONNECT_PROXY_CLIENTS  | [lab]                       | clients[0]: expected keys and values here, found a single value
        """)
    void a_problem_names_the_variable_and_the_position(String name, String value, String problem) {
        assertThat(Examples.problems(directory, "regions: [us]", Map.of(name, value)))
                .first()
                .asString()
                .startsWith(name + ": " + problem);
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
                .startsWith("KONNECT_PROXY_EXTRA_HOSTS: character 2: this is not YAML: ");
    }
}
