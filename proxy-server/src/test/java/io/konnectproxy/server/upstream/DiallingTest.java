package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time that is left to dial: the client has waited since its request, also for the verification of its password. */
class DiallingTest {
    private static final Duration BUDGET = Duration.ofSeconds(4);

    private static Dialling after(Duration waited) {
        return new Dialling(null, null, null, System.nanoTime() - waited.toNanos(), BUDGET);
    }

    @Test
    void what_the_client_has_waited_is_taken_off() {
        Dialling dialling = after(Duration.ofSeconds(3));
        assertThat(dialling.patience()).isBetween(Duration.ofMillis(200), Duration.ofMillis(1200));
        assertThat(dialling.attemptMillis()).isBetween(200, 1000);
    }

    @Test
    void a_short_attempt_is_made_however_long_it_has_waited() {
        Dialling dialling = after(Duration.ofSeconds(9));
        assertThat(dialling.patience()).isEqualTo(Duration.ofMillis(200));
        assertThat(dialling.attemptMillis()).isEqualTo(200);
    }
}
