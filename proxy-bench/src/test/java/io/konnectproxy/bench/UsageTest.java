package io.konnectproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UsageTest {
    @Test
    void counts_what_the_children_of_a_process_use_and_leaves_them_out_where_asked() throws IOException {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; read wait'; true")
                .start();
        try {
            assertThat(shell.inputReader().readLine()).isEqualTo("done");

            assertThat(Usage.cpuSeconds(shell.toHandle())).isGreaterThan(Usage.cpuSecondsAlone(shell.toHandle()));
            assertThat(Usage.sleeps(shell.toHandle())).isPositive();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
