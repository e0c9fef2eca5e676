package io.konnectproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
    /** As strace 6.1 of Debian 12 writes it. */
    private static final List<String> SUMMARY = """
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             36.27    2.141002         371      5770       402 futex
             20.11    1.187211          12     98101           read
              0.00    0.000000           0         1           pipe2
            ------ ----------- ----------- --------- --------- ----------------
            100.00    5.903000          48    121934       402 total
            """.lines().toList();

    @Test
    void reads_the_calls_with_and_without_errors_the_most_frequent_first() {
        Map<String, Long> calls = SystemCalls.read(SUMMARY);

        assertThat(calls).containsExactly(entry("read", 98101L), entry("futex", 5770L), entry("pipe2", 1L));
    }

    @Test
    void finds_none_where_nothing_was_called() {
        assertThat(SystemCalls.read(List.of())).isEmpty();
    }
}
