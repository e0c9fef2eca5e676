package io.konnectproxy.server.tunnel;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those that read nothing take nothing from the others. */
class SlowReadersIT {
    @TempDir
    private Path directory;

    @Test
    void clients_that_read_nothing_stop_nobody() throws Exception {
        try (SlowReaders readers = new SlowReaders(directory)) {
            readers.clientsStopNobody();
        }
    }

    @Test
    void upstreams_that_read_nothing_stop_nobody() throws Exception {
        try (SlowReaders readers = new SlowReaders(directory)) {
            readers.upstreamsStopNobody();
        }
    }
}
