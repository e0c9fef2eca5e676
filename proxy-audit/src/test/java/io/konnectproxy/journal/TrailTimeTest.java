package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.RecordedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What jumps of the clock add up to, each too small to be noticed, or taken for a clock that was set right. */
class TrailTimeTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T18:00:00Z");
    private static final int MINUTES = 3 * 24 * 60;

    @RegisterExtension
    private final LogCapture log = LogCapture.of(TrailTime.class).expecting("The clock jumped from ");

    private Duration passed = Duration.ZERO;
    private Duration jumped = Duration.ZERO;

    private final TrailTime time = new TrailTime(
            new Clocks(() -> BEGIN.plus(passed).plus(jumped), () -> 17 + passed.toNanos()), Optional.empty());

    static Stream<Arguments> jumps() {
        return Stream.of(
                arguments("gains 59 s each minute", seconds(59)),
                arguments("gains just what is not noticed", seconds(300)),
                arguments("gains 1 s each minute", seconds(1)),
                arguments("gains more than it loses", seconds(-301, 601)),
                arguments("gains more than it loses, too little to be noticed", seconds(-290, 310)),
                arguments("is set right too far", seconds(86_400, -86_101)),
                arguments("is set right too far, in steps", seconds(-400, 100, 100, 100, 400)));
    }

    private static List<Duration> seconds(long... each) {
        return Arrays.stream(each).mapToObj(Duration::ofSeconds).toList();
    }

    @ParameterizedTest(name = "the clock {0}")
    @MethodSource("jumps")
    void the_trail_counts_no_more_than_has_passed(String name, List<Duration> jumps) {
        for (int minute = 0; minute < MINUTES; minute++) {
            passed = passed.plusMinutes(1);
            jumped = jumped.plus(jumps.get(minute % jumps.size()));
            time.look();
            assertThat(Duration.between(BEGIN, time.counted())).isLessThanOrEqualTo(passed);
        }
    }

    /** Otherwise each file would repeat it for ever. */
    @Test
    void seconds_that_are_left_when_a_clock_was_set_right_end_with_the_next_start() {
        jumped = Duration.ofDays(1);
        time.look();
        jumped = Duration.ofSeconds(3);
        time.look();
        assertThat(time.ahead()).hasSeconds(3);

        time.goOn(new RecordedTime(time.clock(), time.ahead()));
        assertThat(time.ahead()).isZero();
    }

    /** The trail does not know how much downtime was believed before: each start may be believed by the whole bound. */
    @Test
    void starts_add_up_and_none_is_believed_by_more_than_its_bound() {
        int starts = 20;
        RecordedTime last = new RecordedTime(BEGIN, Duration.ZERO);
        for (int start = 1; start <= starts; start++) {
            jumped = jumped.plus(start % 2 == 0 ? TrailTime.MOST_DOWNTIME : TrailTime.MOST_DOWNTIME.plusSeconds(1));
            TrailTime next = new TrailTime(
                    new Clocks(() -> BEGIN.plus(passed).plus(jumped), () -> passed.toNanos()), Optional.empty());
            next.goOn(last);
            passed = passed.plusHours(1);
            last = new RecordedTime(next.clock(), next.ahead());
            assertThat(Duration.between(BEGIN, next.counted()))
                    .isEqualTo(passed.plus(TrailTime.MOST_DOWNTIME.multipliedBy(start / 2)));
        }
    }
}
