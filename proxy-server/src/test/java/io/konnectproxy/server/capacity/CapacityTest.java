package io.konnectproxy.server.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapacityTest {
    private static final MemoryBounds PLENTY = new MemoryBounds(1L << 30, 1L << 30);

    @TempDir
    private Path directory;

    private List<String> sentences(long mebibytes) throws Exception {
        Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), "regions: [us]\nlimits: {tunnels: 1}\n");
        Configuration.Limits limits =
                ConfigurationLoader.load(file, Map.of()).configuration().limits();
        return new Capacity(FileDescriptors.ofThisProcess(), PLENTY, mebibytes << 20).sentences(limits);
    }

    @Test
    void a_process_with_too_little_memory_is_warned_of() throws Exception {
        assertThat(sentences(511))
                .contains(
                        "warning: there are 511 MiB of memory for this process. With less than 512 MiB the system may kill it"
                                + " under attack, with less than 160 MiB under any load. Raise the container's memory"
                                + " limit");
        assertThat(sentences(512)).hasSize(1);
    }
}
