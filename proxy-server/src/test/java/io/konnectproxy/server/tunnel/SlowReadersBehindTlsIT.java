package io.konnectproxy.server.tunnel;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those that read nothing, where a parent has TLS, take nothing from the others. */
class SlowReadersBehindTlsIT {
    @TempDir
    private Path directory;

    @Test
    void clients_that_read_nothing_stop_nobody() throws Exception {
        try (SlowReaders readers = new SlowReaders(directory)) {
            readers.clientsStopNobodyBehindTls();
        }
    }
}
