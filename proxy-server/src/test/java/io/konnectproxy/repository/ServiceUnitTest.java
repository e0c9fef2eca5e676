package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restart costs where there is one proxy only: the unit and the pages say it with the figures of the one table. */
class ServiceUnitTest {
    @ParameterizedTest
    @ValueSource(strings = {"deploy/konnect-proxy.service", "docs/kong.md"})
    void says_what_to_set_for_the_only_proxy_with_the_measured_figures(String page) throws IOException {
        String figures = read("docs/performance.md");
        assertThat(figures)
                .containsPattern("\\| `30s`, the default \\|.*\\| 40\\.2 s \\|")
                .containsPattern("\\| `1s`, for a proxy that is the only one \\|.*\\| 10\\.8 s \\|");
        assertThat(read(page)).contains("timeouts.drain", "1s", "40 s", "11 s", "docs/performance.md");
    }

    /** A mistake in the file fails the reload, with its sentence; systemd runs the lines in turn until one fails. */
    @Test
    void checks_the_file_before_it_reloads() throws IOException {
        assertThat(read("deploy/konnect-proxy.service").lines().filter(line -> line.startsWith("ExecReload=")))
                .hasSize(2)
                .first()
                .asString()
                .endsWith(" check -c /etc/konnect-proxy/konnect-proxy.yaml");
        assertThat(read("deploy/konnect-proxy.service")).contains("\nExecReload=/bin/kill -HUP $MAINPID\n");
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("..", file));
    }
}
