package io.konnectproxy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeComparisonTest {
    private static final Instant THEIRS = Instant.parse("2026-11-30T04:24:21Z");

    @ParameterizedTest(name = "{0} ms: {1}")
    @CsvSource({
        "0, 'is right, to 30 s'",
        "-30000, 'is right, to 30 s'",
        "30001, 30 s ahead",
        "100900, 100 s ahead",
        "-119999, 119 s behind",
        "120000, 2 minutes ahead",
        "7199300, 120 minutes ahead",
        "7229000, 120 minutes ahead",
        "-7230000, 121 minutes behind",
        "172799000, 2880 minutes ahead",
        "215999000, 2 days ahead",
        "216000000, 3 days ahead"
    })
    void a_difference_is_told_to_the_nearest_unit(long millis, String said) {
        assertThat(TimeComparison.judge(THEIRS, THEIRS.plusMillis(millis)).came())
                .contains(said);
    }
}
