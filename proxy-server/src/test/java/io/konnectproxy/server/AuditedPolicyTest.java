package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.ConfigurationLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the trail says is permitted. */
class AuditedPolicyTest {
    @TempDir
    private Path directory;

    private Map<String, List<String>> settings(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), yaml);
        return AuditedPolicy.of(ConfigurationLoader.load(file, Map.of()).configuration())
                .settings();
    }

    @Test
    void names_everything_that_decides() throws Exception {
        Map<String, List<String>> settings = settings("""
                regions: [us, eu]
                purposes: [data-plane]
                control-planes: [b, a]
                mode: report-only
                extra-hosts:
                  - { name: mirror, host: kong.mirror.corp, expected-sni: [cdn.mirror.corp] }
                  - { name: other, host: other.corp }
                permit-addresses: [10.20.0.0/16]
                audit: { on-failure: continue, durability: disk, mirrors: [{url: "syslog+tcp://127.0.0.1:601"}] }
                """);
        assertThat(settings)
                .containsEntry("mode", List.of("report-only"))
                .containsEntry("regions", List.of("eu", "us"))
                .containsEntry("purposes", List.of("data-plane"))
                .containsEntry("control_planes", List.of("a", "b"))
                .containsEntry(
                        "extra_hosts",
                        List.of("mirror: kong.mirror.corp, server names cdn.mirror.corp", "other: other.corp"))
                .containsEntry("permit_addresses", List.of("10.20.0.0/16"))
                .containsEntry(
                        "audit",
                        List.of("on-failure continue", "durability disk", "mirror syslog+tcp://127.0.0.1:601"));
        assertThat(settings.get("hosts")).contains("{control-plane}.{region}.cp0.konghq.com");
    }

    @Test
    void the_order_in_the_file_makes_no_difference() throws Exception {
        assertThat(settings("regions: [us, eu]\npurposes: [api, data-plane]"))
                .isEqualTo(settings("purposes: [data-plane, api]\nregions: [eu, us]"));
    }

    @Test
    void the_trail_says_what_changed_since_the_run_before() throws Exception {
        Path trail = directory.resolve("audit.jsonl");
        String rest = "listen: [{address: \"127.0.0.1:0\"}]\nadmin: {address: \"127.0.0.1:0\"}\naudit: {file: \""
                + trail + "\", stdout: false}\n";
        for (String regions : List.of("regions: [us]\n", "regions: [us]\n", "regions: [eu, us]\n")) {
            Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), regions + rest);
            ProxyServer.start(ConfigurationLoader.load(file, Map.of()).configuration())
                    .close();
        }
        List<JsonNode> configurations = new AuditLines(trail)
                .all().stream()
                        .filter(line -> AuditLines.text(line, "event").equals("configuration"))
                        .toList();
        assertThat(configurations).hasSize(3);
        assertThat(configurations.get(0).path("changed").isNull()).isTrue();
        assertThat(configurations.get(1).path("changed")).isEmpty();
        assertThat(AuditLines.text(configurations.get(1), "digest"))
                .isEqualTo(AuditLines.text(configurations.get(0), "digest"))
                .isNotEqualTo(AuditLines.text(configurations.get(2), "digest"));
        assertThat(configurations.get(2).path("changed").toString())
                .isEqualTo("[{\"key\":\"regions\",\"added\":[\"eu\"],\"removed\":[]}]");
    }
}
