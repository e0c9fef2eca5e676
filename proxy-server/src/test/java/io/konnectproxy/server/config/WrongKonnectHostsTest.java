package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator's own host table is read as strictly as the configuration. */
class WrongKonnectHostsTest {
    private static final String PROVENANCE = ", source: https://developer.konghq.com/x/, checked: 2026-11-22";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        patterns: [konghq.com]                        | patterns: 'konghq.com' is not right: a pattern needs at least three labels besides an open first one
        patterns: ["*.us.cp0.konghq.com"]             | patterns: '*.us.cp0.konghq.com' is not right: a pattern is a lower-case host name in which {region} and, as its first label, {control-plane}, {portal} or {tenant} may stand
        patterns: []                                  | patterns: at least one pattern must stand here
        patterns: ["{region}.api.konghq.com"]         | patterns: '{region}.api.konghq.com' has {region} in it, so it needs a list of 'regions'
        patterns: [a.konghq.com], regions: [us]       | regions: 'a.konghq.com' has no {region} in it; say 'region' where it has one
        patterns: [a.konghq.com], region: US          | region: 'US' is not right: a region is 2 to 8 lower-case letters
        patterns: [a.konghq.com, a.konghq.com]        | patterns: 'a.konghq.com' stands twice
        pattern: a.konghq.com                         | unknown key 'pattern'; did you mean 'patterns'? It must be one of: checked, patterns, region, regions, source
        """)
    void one_wrong_entry(String entry, String problem) throws IOException {
        assertThat(problems("  - name: api\n    default: true\n    hosts:\n      - {" + entry + PROVENANCE + "}"))
                .anyMatch(found -> found.startsWith("hosts.yaml:5: purposes[0].hosts[0]") && found.endsWith(problem));
    }

    @Test
    void every_entry_says_where_it_comes_from_and_when_that_was_checked() throws IOException {
        assertThat(problems("  - name: api\n    default: true\n    hosts:\n      - {patterns: [a.konghq.com]}"))
                .containsExactly(
                        "hosts.yaml:5: purposes[0].hosts[0]: key 'source' is missing",
                        "hosts.yaml:5: purposes[0].hosts[0]: key 'checked' is missing");
        assertThat(problems("  - name: api\n    default: true\n    hosts:\n"
                        + "      - {patterns: [a.konghq.com], source: Kong, checked: 22.11.2026}"))
                .containsExactly(
                        "hosts.yaml:5: purposes[0].hosts[0].source: 'Kong' must be the https URL of the page that"
                                + " documents the hosts",
                        "hosts.yaml:5: purposes[0].hosts[0].checked: '22.11.2026' must be a date, like 2026-11-22");
    }

    @Test
    void a_purpose_stands_once_and_has_hosts() throws IOException {
        String api = "  - name: api\n    default: false\n    hosts: [{patterns: [a.konghq.com]" + PROVENANCE + "}]\n";

        assertThat(problems(api + api.replace("a.konghq.com", "b.konghq.com")))
                .containsExactly(
                        "hosts.yaml:5: purposes[1].name: purpose 'api' stands twice; give its hosts in one" + " place");
        assertThat(problems("  - name: api\n    default: false"))
                .containsExactly("hosts.yaml:2: purposes[0]: key 'hosts' is missing");
        assertThat(problems("  []"))
                .containsExactly("hosts.yaml:1: purposes: at least one purpose with hosts must stand here");
    }

    @Test
    void a_name_stands_in_one_entry() throws IOException {
        assertThat(problems("  - name: api\n    default: true\n    hosts:\n"
                        + "      - {patterns: [us.a.konghq.com]" + PROVENANCE + "}\n"
                        + "      - {patterns: [\"{region}.a.konghq.com\"], regions: [eu, us]" + PROVENANCE + "}"))
                .containsExactly(
                        "hosts.yaml:6: purposes[0].hosts[1].patterns: 'us.a.konghq.com' stands here and in line 5");
    }

    @Test
    void an_own_table_replaces_the_packaged_one() throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hosts.yaml"),
                "purposes:\n  - name: staging\n    default: true\n    hosts: [{patterns: [\"{region}.api.staging.corp\"],"
                        + " regions: [xx]" + PROVENANCE + "}]");
        LoadedConfiguration loaded = Examples.load(directory, "regions: [xx]\nkonnect-hosts: " + hosts);

        assertThat(loaded.configuration().enabledHosts())
                .singleElement()
                .matches(host -> host.wildcard().equals("xx.api.staging.corp"));
        assertThat(Examples.problems(directory, "regions: [us]\nkonnect-hosts: " + hosts, Map.of()))
                .containsExactly("konnect-proxy.yaml:1: regions: 'us' is no Konnect region; it must be one of: xx");
    }

    private List<String> problems(String purposes) throws IOException {
        Path hosts = Files.writeString(directory.resolve("hosts.yaml"), "purposes:\n" + purposes);
        return Examples.problems(directory, "regions: [us]\nkonnect-hosts: " + hosts, Map.of());
    }
}
