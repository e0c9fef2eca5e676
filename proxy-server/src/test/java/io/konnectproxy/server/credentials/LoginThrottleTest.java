package io.konnectproxy.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is slowed, for how long, and how slowly. */
class LoginThrottleTest {
    private static final Optional<LoginThrottle.LoginTurn> AT_ONCE = Optional.of(new LoginThrottle.LoginTurn(false, 0));

    private final InetAddress client = address(1);
    private long now = Long.MAX_VALUE - 5; // Such clocks turn over.
    private final LoginThrottle throttle = new LoginThrottle(3, () -> now);

    @Test
    void five_different_wrong_pairs_slow_a_client_and_nobody_else() {
        fail(client, 1, 4);
        assertThat(throttle.turn(client)).isEqualTo(AT_ONCE);
        fail(client, 5, 5);
        assertThat(throttle.slows(client)).isTrue();
        assertThat(throttle.slows(address(2))).isFalse();
        assertThat(throttle.turn(address(2))).isEqualTo(AT_ONCE);
    }

    @Test
    void one_wrong_pair_for_ever_slows_nobody() {
        for (int i = 0; i < 1000; i++) {
            fail(client, 7, 7);
        }
        assertThat(throttle.turn(client)).isEqualTo(AT_ONCE);
    }

    @Test
    void a_slowed_client_gets_one_turn_a_second_and_waits_three_at_most() {
        fail(client, 1, 5);

        assertThat(turns(6)).containsExactly("0", "1000", "2000", "3000", "too many", "too many");
        pass(Duration.ofMillis(999));
        assertThat(turns(1)).containsExactly("too many");
        pass(Duration.ofMillis(501));
        assertThat(turns(2)).containsExactly("2500", "too many");
        pass(Duration.ofSeconds(60));
        assertThat(turns(2)).as("turns are not saved up").containsExactly("0", "1000");
    }

    @Test
    void a_client_is_as_before_when_its_failures_are_old() {
        fail(client, 1, 1);
        pass(Duration.ofMinutes(1));
        fail(client, 2, 5);
        pass(LoginThrottle.MEMORY.minus(Duration.ofMinutes(1)).minusNanos(1));
        assertThat(throttle.slows(client)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(throttle.slows(client)).as("four are left").isFalse();
        assertThat(throttle.turn(client)).isEqualTo(AT_ONCE);
        fail(client, 6, 6);
        assertThat(throttle.slows(client)).isTrue();
    }

    @Test
    void whoever_goes_on_guessing_stays_slowed() {
        fail(client, 1, 5);
        for (int pair = 6; pair < 100; pair++) {
            pass(Duration.ofMinutes(1));
            fail(client, pair, pair);
        }
        pass(Duration.ofSeconds(59));
        assertThat(throttle.slows(client)).isTrue();
    }

    @Test
    void of_many_clients_those_are_forgotten_whose_last_failure_is_longest_ago() {
        fail(address(1), 1, 5);
        fail(address(2), 1, 5);
        fail(address(3), 1, 5);
        fail(address(1), 6, 6);
        fail(address(4), 1, 5);

        assertThat(throttle.size()).isEqualTo(3);
        assertThat(Stream.of(1, 2, 3, 4).filter(i -> throttle.slows(address(i))))
                .containsExactly(1, 3, 4);
    }

    private List<String> turns(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> throttle.turn(client)
                        .map(turn -> turn.slowed() ? Long.toString(turn.delay() / 1_000_000) : "at once")
                        .orElse("too many"))
                .toList();
    }

    private void fail(InetAddress from, int first, int last) {
        for (int pair = first; pair <= last; pair++) {
            throttle.failed(from, new PairKey(pair, 0, 0, 0));
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
