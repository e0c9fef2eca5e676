package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    @ParameterizedTest(name = "{0} begins at {1} and ends at {2}")
    @CsvSource({
        "2026-11-22,                2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z",
        "2024-02-29,                2024-02-29T00:00:00Z, 2024-03-01T00:00:00Z",
        "2026-11-22T18:00,          2026-11-22T18:00:00Z, 2026-11-22T18:00:00Z",
        "2026-11-22T18:00:05,       2026-11-22T18:00:05Z, 2026-11-22T18:00:05Z",
        "2026-11-22T18:00:05.5Z,    2026-11-22T18:00:05.5Z, 2026-11-22T18:00:05.5Z",
        "2026-11-22T18:00Z,         2026-11-22T18:00:00Z, 2026-11-22T18:00:00Z",
        "2026-11-22T18:00+01:00,    2026-11-22T17:00:00Z, 2026-11-22T17:00:00Z",
        "2026-11-22T18:00:00-05:00, 2026-11-22T23:00:00Z, 2026-11-22T23:00:00Z",
        "7d,                        2026-11-18T12:00:00Z, 2026-11-18T12:00:00Z",
        "24h,                       2026-11-24T12:00:00Z, 2026-11-24T12:00:00Z",
        "90m,                       2026-11-25T10:30:00Z, 2026-11-25T10:30:00Z",
        "2w,                        2026-11-11T12:00:00Z, 2026-11-11T12:00:00Z",
    })
    void is_read(String text, Instant begins, Instant ends) {
        assertThat(PointInTime.beginning(text, NOW)).isEqualTo(begins);
        assertThat(PointInTime.end(text, NOW)).isEqualTo(ends);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-13-01",
                "2026-02-30",
                "22.11.2026",
                "2026-11-22T25:00",
                "2026-11-22 18:00",
                "7",
                "d",
                "-7d",
                "7days",
                "999999999d",
                "+12345-01-01",
                "-0005-01-01"
            })
    void is_refused_in_a_sentence(String text) {
        assertThatThrownBy(() -> PointInTime.beginning(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that"
                        + " long ago");
    }
}
