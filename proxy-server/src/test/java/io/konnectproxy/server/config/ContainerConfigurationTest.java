package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the container image starts with. */
class ContainerConfigurationTest {
    private static final String SHIPPED = Examples.text(Path.of("../config/container.yaml"));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void lacks_the_regions_and_nothing_else() {
        assertThat(Examples.problems(directory, SHIPPED, Map.of()))
                .singleElement()
                .asString()
                .contains("regions: at least one");
    }

    @Test
    void bounds_the_volume_of_the_trail_and_keeps_more_than_a_day_of_a_flood() {
        LoadedConfiguration loaded = Examples.load(directory, SHIPPED, Map.of("KONNECT_PROXY_REGIONS", "eu"));
        assertThat(loaded.configuration().audit().rotate().keepSize()).contains(8L << 30);
        assertThat(loaded.warnings()).noneMatch(warning -> warning.contains("audit.rotate"));
    }

    @Test
    void listens_on_all_interfaces_once_regions_are_named() {
        Configuration configuration = Examples.load(directory, SHIPPED, Map.of("KONNECT_PROXY_REGIONS", "eu"))
                .configuration();
        assertThat(configuration.listen())
                .singleElement()
                .satisfies(listener -> assertThat(listener.address()).hasToString("/[0:0:0:0:0:0:0:0]:3128"));
        assertThat(configuration.admin().address().getAddress().isLoopbackAddress())
                .isTrue();
    }
}
