package io.konnectproxy.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.Micros;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
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
