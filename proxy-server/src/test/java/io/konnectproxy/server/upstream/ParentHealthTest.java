package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ParentHealthTest {
    /** Soon runs over, as nanoTime may. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private final ParentHealth health = new ParentHealth("http://proxy.corp:3128", nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void is_good_before_anything_was_tried() {
        assertThat(health.isGood()).isTrue();
    }

    @Test
    void a_failure_is_remembered_for_half_a_minute() {
        health.failed("");
        pass(ParentHealth.MEMORY.minusNanos(1));
        assertThat(health.isGood()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(health.isGood()).isTrue();
    }

    @Test
    void every_failure_counts_anew() {
        health.failed("");
        pass(Duration.ofSeconds(20));
        health.failed("");
        pass(Duration.ofSeconds(20));
        assertThat(health.isGood()).isFalse();
    }

    @Test
    void an_answer_makes_good_at_once() {
        health.failed("");
        health.answered();
        assertThat(health.isGood()).isTrue();
    }
}
