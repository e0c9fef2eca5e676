package io.konnectproxy.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.Micros;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "9994, 9.99 kB",
        "9995, 10.0 kB",
        "99949, 99.9 kB",
        "99950, 100 kB",
        "999499, 999 kB",
        "999500, 1.00 MB",
        "1234567890, 1.23 GB",
        "9223372036854775807, 9.22 EB"
    })
    void writes_sizes_with_three_digits(long bytes, String words) {
        assertThat(Wording.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 h",
                "1 | <0.1 h",
                "179999 | <0.1 h",
                "180000 | 0.1 h",
                "3600000 | 1.0 h",
                "44280000 | 12.3 h",
                "3599820000 | 1,000 h",
                "9223372036854775807 | 2,562,047,788,015 h"
            })
    void writes_hours(long millis, String words) {
        assertThat(Wording.hours(millis)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT1M | 1 minute",
                "PT15M | 15 minutes",
                "PT1H | 1 hour",
                "PT36H | 36 hours",
                "P1D | 1 day",
                "P1000D | 1,000 days"
            })
    void writes_spans_in_whole_units(Duration span, String words) {
        assertThat(Wording.span(span.toSeconds() * Micros.SECOND)).isEqualTo(words);
    }
}
