package io.konnectproxy.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.AuditSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The input is a configuration file. */
public final class ConfigurationFuzz {
    static final String HOSTS_VARIABLE = "KONNECT_PROXY_KONNECT_HOSTS";
    /** Instead of the packaged table, which takes more time than all the rest. */
    static final Path HOSTS = file("""
        purposes:
          - name: data-plane
            default: true
            hosts:
              - patterns: ["{control-plane}.{region}.cp0.konghq.com"]
                regions: [eu, us]
                source: https://a.b
                checked: 2026-11-22
        """);

    private static final Path FILE = file("");

    private ConfigurationFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        boolean namesHosts = new String(input, UTF_8).contains("konnect-hosts");
        if (namesHosts) {
            holdsFor(FILE, Map.of(), Sentences.ANY);
        } else {
            holdsFor(FILE, Map.of(HOSTS_VARIABLE, HOSTS.toString()), Sentences.lines(input));
        }
    }

    /** Gives a configuration that can be used, or says what is wrong. */
    static void holdsFor(Path file, Map<String, String> environment, int lines) {
        try {
            LoadedConfiguration loaded = ConfigurationLoader.load(file, environment);
            accepted(loaded);
            assertThat(loaded.origins().values()).allSatisfy(origin -> Sentences.requirePlace(origin, file, lines));
        } catch (ConfigurationException e) {
            Sentences.require(e.problems(), file, lines);
        }
    }

    private static void accepted(LoadedConfiguration loaded) {
        Configuration configuration = loaded.configuration();
        assertThat(configuration.listen()).isNotEmpty();
        assertThat(configuration.rules().regions())
                .isNotEmpty()
                .isSubsetOf(configuration.catalog().regions());
        assertThat(configuration.rules().purposes())
                .isNotEmpty()
                .isSubsetOf(configuration.catalog().purposes());
        assertThat(List.of(
                        configuration.dns().timeout(),
                        configuration.timeouts().head(),
                        configuration.timeouts().connect(),
                        configuration.timeouts().clientHello(),
                        configuration.timeouts().idle(),
                        configuration.timeouts().drain()))
                .allMatch(time -> time.compareTo(Duration.ZERO) > 0 && time.compareTo(Duration.ofDays(1)) <= 0);
        assertThat(configuration.limits().headBytes()).isBetween(1 << 10, 64 << 10);
        assertThat(configuration.audit().file().isPresent()
                        || configuration.audit().stdout() != AuditSettings.Stdout.OFF)
                .isTrue();
        assertThat(configuration.audit().file().map(Path::of).isPresent())
                .isEqualTo(configuration.audit().file().isPresent());
        List<String> lines = new ConfigurationSummary(loaded).full();
        assertThat(lines)
                .noneMatch(line -> line.endsWith("(null)") || line.chars().anyMatch(Character::isISOControl));
    }

    static Path file(String text) {
        try {
            Path file = Files.createTempFile("konnect-proxy", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
