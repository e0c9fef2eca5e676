package io.konnectproxy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {
    @Test
    void a_bound_belongs_to_what_is_below_it_and_the_last_bucket_takes_the_rest() {
        DurationHistogram histogram = new DurationHistogram(0.1, 1);
        histogram.observe(Duration.ZERO);
        histogram.observe(Duration.ofMillis(100));
        histogram.observe(Duration.ofMillis(100).plusNanos(1));
        histogram.observe(Duration.ofSeconds(1));
        histogram.observe(Duration.ofDays(30));
        assertThat(histogram.bounds()).containsExactly(0.1, 1, Double.POSITIVE_INFINITY);
        assertThat(histogram.counts()).containsExactly(2, 2, 1);
        assertThat(histogram.seconds()).isEqualTo(0.2 + 1e-9 + 1 + 2_592_000);
    }
}
