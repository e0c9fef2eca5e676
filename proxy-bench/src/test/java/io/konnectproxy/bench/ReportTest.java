package io.konnectproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Results results = new Results();

    @Test
    void has_the_medians_the_ratio_to_Squid_and_the_target() {
        add(Figure.CPU_PER_TUNNEL, Subject.KONNECT_PROXY, 0.3, 0.1, 0.2);
        add(Figure.CPU_PER_TUNNEL, Subject.SQUID, 0.1, 0.2);
        add(Figure.REPLY_P99, Subject.KONNECT_PROXY, 4);
        add(Figure.REPLY_P99, Subject.SQUID, 8);

        String report = Report.of(results, EnumSet.of(Subject.KONNECT_PROXY, Subject.SQUID));

        assertThat(report).isEqualTo("""
                | median                          | unit | konnect-proxy | Squid | to Squid |       target |
                | ------------------------------- | ---- | ------------: | ----: | -------: | -----------: |
                | CPU for a tunnel                | ms   |         0.200 | 0.150 |     1.33 | ≤ 0.9 missed |
                | CONNECT to 200, 64 at once, p99 | ms   |          4.00 |  8.00 |     0.50 |        ≤ 1.0 |
                """);
    }

    @Test
    void has_the_variants_in_a_table_of_their_own() {
        add(Figure.CPU_PER_TUNNEL, Subject.KONNECT_PROXY, 0.1);
        add(Figure.CPU_PER_TUNNEL, Subject.SQUID, 0.1);
        add(Figure.CPU_PER_TUNNEL, Subject.TLS, 0.5);

        String report = Report.of(results, EnumSet.of(Subject.KONNECT_PROXY, Subject.SQUID, Subject.TLS));

        assertThat(report).endsWith("""

                | median           | unit | konnect-proxy |   tls |
                | ---------------- | ---- | ------------: | ----: |
                | CPU for a tunnel | ms   |         0.100 | 0.500 |
                """);
    }

    @Test
    void names_the_most_frequent_system_calls() {
        Map<String, Double> calls = new LinkedHashMap<>();
        calls.put("read", 5.25);
        calls.put("epoll_wait", 0.5);
        results.addCalls(Subject.SQUID, calls);
        add(Figure.CALLS, Subject.SQUID, 5.75);

        String report = Report.of(results, EnumSet.of(Subject.SQUID));

        assertThat(report).endsWith("""

                System calls for a tunnel, the most frequent:

                Squid: read 5.3, epoll_wait 0.5
                """);
    }

    @Test
    void has_each_round_in_JSON() {
        add(Figure.CALLS, Subject.SQUID, 5.75, 6);

        assertThat(Report.json(results, EnumSet.of(Subject.SQUID))).isEqualTo("""
                [
                  {"figure": "calls", "what": "system calls for a tunnel", "unit": "", "rounds": {"Squid": [5.75, 6.0]}}
                ]
                """);
    }

    private void add(Figure figure, Subject subject, double... rounds) {
        DoubleStream.of(rounds).forEach(value -> results.add(figure, subject, value));
    }
}
