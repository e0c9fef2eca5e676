package io.konnectproxy.server.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastTenMinutesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
        nothing,                                '',               0,    0
        one just now,                           0,                0,    1
        some of one minute,                     0 10 59,          59,   3
        of several minutes,                     0 60 125 540,     599,  4
        the first minute is over,               0 60 125 540,     600,  3
        all are over,                           0 60 125 540,     1140, 0
        all are long over,                      0 60,             9999999, 0
        a pause of ten minutes between,         0 600,            600,  1
        """)
    void counts(String name, String seconds, long until, int sum) {
        LastTenMinutes counts = new LastTenMinutes();
        for (String second : seconds.isEmpty() ? new String[0] : seconds.split(" ", -1)) {
            counts.add(TimeUnit.SECONDS.toNanos(Long.parseLong(second)));
        }
        assertThat(counts.sum(TimeUnit.SECONDS.toNanos(until))).isEqualTo(sum);
    }

    @ParameterizedTest(name = "{0} in each of ten minutes")
    @CsvSource({"63, 630", "64, 630", "1000, 630"})
    void a_flood_is_counted_up_to_a_bound(int each, int sum) {
        LastTenMinutes counts = new LastTenMinutes();
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < each; i++) {
                counts.add(TimeUnit.MINUTES.toNanos(minute));
            }
        }
        assertThat(counts.sum(TimeUnit.MINUTES.toNanos(9))).isEqualTo(sum);
    }
}
