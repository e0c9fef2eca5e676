package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.ExactNames;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLineTest {
    private static final long START = Micros.parse("2026-11-20T00:00:00.000000Z");

    private static Decision at(long time) {
        return new Decision(
                time,
                "1",
                Optional.empty(),
                new RecordedClient(
                        "a",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ExactNames.NONE),
                Optional.empty(),
                Ruling.PERMITTED,
                "r",
                Place.UNKNOWN,
                Optional.empty(),
                Optional.empty());
    }

    @ParameterizedTest(name = "{0} are {2} buckets of {1}")
    @CsvSource({
        "PT1S,      PT1M,     1",
        "PT90M,     PT1M,     91",
        "PT24H,     PT1H,     25",
        "P3D,       PT1H,     73",
        "P7D,       PT3H,     57",
        "P30D,      PT12H,    61",
        "P90D,      P1D,      91",
        "P365D,     P7D,      53",
        "P3600000D, P364000D, 10",
    })
    void has_buckets_that_fit_the_period(String period, String width, int buckets) {
        TimeLine line = new TimeLine();
        long end = START + Duration.parse(period).toSeconds() * Micros.SECOND;
        line.count(at(START));
        line.count(at(end));
        TimeLine.Series drawn = line.over(START, end);

        assertThat(drawn.width()).isEqualTo(Duration.parse(width).toSeconds() * Micros.SECOND);
        assertThat(drawn.buckets()).hasSize(buckets);
        assertThat(drawn.buckets().stream()
                        .mapToLong(bucket -> bucket.tally().permitted())
                        .sum())
                .isEqualTo(2);
        assertThat(drawn.buckets().get(0).from()).isLessThanOrEqualTo(START);
        assertThat(drawn.buckets().get(buckets - 1).tally().permitted()).isPositive();
    }

    @Test
    void loses_nothing_while_buckets_become_wider() {
        TimeLine line = new TimeLine();
        for (int i = 0; i < 10_000; i++) {
            // Now and then a clock is wrong.
            line.count(at(START + i * (long) i * Micros.SECOND - (i % 1000 == 0 ? Micros.DAY : 0)));
        }
        TimeLine.Series drawn = line.over(START, START);

        assertThat(drawn.buckets()).hasSizeLessThanOrEqualTo(96);
        assertThat(drawn.buckets().stream()
                        .mapToLong(bucket -> bucket.tally().permitted())
                        .sum())
                .isEqualTo(10_000);
    }

    @Test
    void shows_a_period_in_which_nothing_happened() {
        TimeLine.Series drawn = new TimeLine().over(START, START + Micros.DAY);

        assertThat(drawn.buckets())
                .hasSize(25)
                .allMatch(bucket -> bucket.tally().decisions() == 0);
    }

    @Test
    void begins_weeks_on_mondays() {
        TimeLine line = new TimeLine();
        line.count(at(START));
        line.count(at(START + 365 * Micros.DAY));

        assertThat(Micros.instant(line.over(START, START).buckets().get(0).from()))
                .isEqualTo(Instant.parse("2026-11-16T00:00:00Z"));
    }
}
