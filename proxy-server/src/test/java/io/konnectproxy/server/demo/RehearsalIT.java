package io.konnectproxy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What class archives are made from is what the proxy does all day. */
class RehearsalIT {
    @TempDir
    private Path parent;

    /** The directory's name means something to YAML. */
    @Test
    void has_tunnels_whose_handshake_is_completed_and_refusals_and_leaves_nothing() throws Exception {
        Path directory;
        try (Rehearsal rehearsal = new Rehearsal(Files.createDirectory(parent.resolve("a'b")))) {
            Path file = rehearsal.configuration();
            directory = file.getParent();
            int tunnels;
            try (ProxyServer proxy = ProxyServer.startBeforeStandIn(
                    ConfigurationLoader.load(file, Map.of("KONNECT_PROXY_AUDIT_STDOUT", "false"))
                            .configuration(),
                    rehearsal.port())) {
                tunnels = rehearsal.visit(proxy.listeners().get(0), Duration.ZERO);
                proxy.drain();
            }
            List<String> lines = Files.readAllLines(directory.resolve("audit.jsonl"));
            assertThat(tunnels).isPositive();
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"event\":\"tunnel\""))
                    .hasSize(tunnels)
                    .allMatch(line -> line.contains("\"handshake\":\"completed\""));
            assertThat(lines).anyMatch(line -> line.contains("\"reason\":\"host_not_konnect\""));
        }
        assertThat(directory).doesNotExist();
    }
}
