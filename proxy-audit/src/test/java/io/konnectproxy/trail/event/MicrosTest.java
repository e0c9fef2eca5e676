package io.konnectproxy.trail.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T18:00:00.123456Z",
                "1970-01-01T00:00:00.000000Z",
                "1969-12-31T23:59:59.999999Z",
                "2024-02-29T23:59:59.000001Z",
                "0000-01-01T00:00:00.000000Z",
                "9999-12-31T23:59:59.999999Z"
            })
    void a_time_is_written_as_it_was_read(String text) {
        assertThat(Micros.text(Micros.parse(text))).isEqualTo(text);
    }

    @Test
    void a_time_is_written_as_the_formatter_of_the_jdk_writes_it() {
        var formatter = new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);
        Random random = new Random(21);
        for (int i = 0; i < 10_000; i++) {
            // From year -1200 to 15,000: before 0 and beyond four digits too.
            long micros = random.nextLong(-100_000_000_000_000_000L, 411_000_000_000_000_000L);
            assertThat(Micros.text(micros)).isEqualTo(formatter.format(Micros.instant(micros)));
        }
    }

    @Test
    void what_is_less_than_a_microsecond_is_cut_off() {
        assertThat(Micros.text(Micros.of(Instant.parse("2026-11-22T18:00:00.123456999Z"))))
                .isEqualTo("2026-11-22T18:00:00.123456Z");
    }
}
