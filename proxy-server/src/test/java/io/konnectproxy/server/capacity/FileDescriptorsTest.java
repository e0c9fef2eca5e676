package io.konnectproxy.server.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.admin.AdminServer;
import io.konnectproxy.server.dns.CheckedResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What connections may take, and what is left for the rest at the worst. */
class FileDescriptorsTest {
    private static final int TAKEN = 60;

    @ParameterizedTest
    @CsvSource({"400, 8", "1024, 16", "4096, 64", "65536, 512", "1048576, 512"})
    void what_look_ups_take_at_the_worst_is_taken_from_no_connection(long allowed, int lookups) {
        assertThat(FileDescriptors.lookups(allowed)).isEqualTo(lookups);
        int connections = FileDescriptors.leaving(allowed, TAKEN).connections();
        assertThat(TAKEN
                        + 2L * connections
                        + (long) lookups * CheckedResolver.DESCRIPTORS_EACH
                        + AdminServer.DESCRIPTORS)
                .isLessThan(allowed)
                .isGreaterThan(allowed - 40);
    }

    @Test
    void probes_of_health_are_counted() {
        assertThat(FileDescriptors.ADMIN).isGreaterThanOrEqualTo(AdminServer.DESCRIPTORS);
    }
}
