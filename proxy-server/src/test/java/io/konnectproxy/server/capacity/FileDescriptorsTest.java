package io.konnectproxy.server.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.admin.AdminServer;
import io.konnectproxy.server.dns.CheckedResolver;
import io.konnectproxy.server.splice.Pipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What connections may take, and what is left for the rest at the worst. */
class FileDescriptorsTest {
    private static final int TAKEN = 60;

    @ParameterizedTest
    @CsvSource({"400, 8", "1024, 16", "4096, 64", "65536, 512", "1048576, 512"})
    void what_look_ups_and_pipes_take_at_the_worst_is_taken_from_no_connection(long allowed, int lookups) {
        assertThat(FileDescriptors.lookups(allowed)).isEqualTo(lookups);
        FileDescriptors left = FileDescriptors.leaving(allowed, TAKEN);
        assertThat(TAKEN
                        + 2L * left.connections()
                        + (long) lookups * CheckedResolver.DESCRIPTORS_EACH
                        + (long) left.pipes() * Pipes.DESCRIPTORS_EACH
                        + AdminServer.DESCRIPTORS)
                .isLessThan(allowed)
                .isGreaterThan(allowed - 40);
    }

    @Test
    void probes_of_health_are_counted() {
        assertThat(FileDescriptors.ADMIN).isGreaterThanOrEqualTo(AdminServer.DESCRIPTORS);
    }
}
