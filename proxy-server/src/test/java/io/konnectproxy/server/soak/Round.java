package io.konnectproxy.server.soak;

import java.time.Duration;
import java.util.Locale;

/**
 * One round of the soak, and what the proxy held when all of it was over.
 *
 * @param carried bytes that were echoed through tunnels
 */
record Round(int number, int visits, long tunnels, long carried, Duration time, Counters rest) {
    static final String HEADER = """
            | round | visits | tunnels | MiB echoed | s | connections | channels | tunnel objects | buffers | leak reports | files | threads | heap KiB | direct KiB | resident MiB |
            |--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|""";

    String row() {
        return String.format(
                Locale.ROOT,
                "| %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d |",
                number,
                visits,
                tunnels,
                carried >> 20,
                time.toSeconds(),
                rest.connections(),
                rest.channels(),
                rest.tunnels(),
                rest.buffers(),
                rest.leaks(),
                rest.files(),
                rest.threads(),
                rest.heap() >> 10,
                rest.direct() >> 10,
                rest.resident() >> 20);
    }
}
