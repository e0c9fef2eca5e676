package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.LogCapture;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ParentHealthTest {
    /** Soon runs over, as nanoTime may. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel");

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

    @Test
    void one_that_comes_and_goes_is_told_once_a_minute_with_a_count() {
        for (int i = 0; i < 100; i++) {
            health.failed("It is gone.");
            pass(Duration.ofMillis(100));
            health.answered();
        }
        assertThat(log.lines())
                .containsExactly(
                        "WARN It is gone. Other parents, if there are any, are tried before it for 30 s",
                        "INFO The parent proxy http://proxy.corp:3128 answers again");
        pass(Duration.ofMinutes(1));
        log.clear();
        health.failed("It is gone.");
        health.answered();
        assertThat(log.lines())
                .containsExactly(
                        "WARN It is gone. Other parents, if there are any, are tried before it for 30 s (it has come and gone 100"
                                + " times; said once a minute)",
                        "INFO The parent proxy http://proxy.corp:3128 answers again");
    }

    /** What was not said in its minute is said later, where it still holds. */
    @Test
    void the_log_ends_with_how_it_is() {
        health.failed("It is gone.");
        health.answered();
        health.failed("It is gone.");
        log.clear();
        pass(ParentHealth.SILENCE);
        health.failed("It is gone for good.");
        assertThat(log.said()).singleElement().asString().startsWith("It is gone for good. ");
    }

    @Test
    void that_it_answers_again_is_said_as_soon_as_it_may_be() {
        health.failed("It is gone.");
        pass(Duration.ofSeconds(30));
        health.answered();
        pass(Duration.ofSeconds(35));
        health.failed("It is gone again.");
        log.clear();
        health.answered();
        health.answered();
        assertThat(log.said()).isEmpty();
        pass(Duration.ofSeconds(25));
        health.answered();
        health.answered();
        assertThat(log.said()).containsExactly("The parent proxy http://proxy.corp:3128 answers again");
    }
}
