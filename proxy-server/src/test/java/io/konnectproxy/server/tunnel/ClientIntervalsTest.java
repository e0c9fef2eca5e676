package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.tunnel.ClientIntervals.Told;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** At a time of the test's. */
class ClientIntervalsTest {
    private long now = Long.MAX_VALUE - 5;
    private final ClientIntervals intervals = new ClientIntervals(() -> now);

    @Test
    void counts_what_was_not_said() {
        assertThat(intervals.happened(client(1))).isEqualTo(new Told(true, 1, true));
        assertThat(intervals.happened(client(1))).isEqualTo(new Told(false, 1, true));
        pass(59);
        assertThat(intervals.happened(client(1))).isEqualTo(new Told(false, 2, true));
        pass(1);
        assertThat(intervals.happened(client(1))).isEqualTo(new Told(true, 3, true));
        assertThat(intervals.happened(client(2))).isEqualTo(new Told(true, 1, true));
    }

    @Test
    void says_of_clients_beyond_the_bound_that_they_are_many_once_a_minute() {
        for (int i = 0; i < ClientIntervals.CLIENTS; i++) {
            assertThat(intervals.happened(client(i)).now()).isTrue();
        }
        assertThat(intervals.happened(client(5_000))).isEqualTo(new Told(true, 1, false));
        for (int i = 5_001; i < 10_000; i++) {
            assertThat(intervals.happened(client(i)).now()).isFalse();
        }
        assertThat(intervals.size()).isEqualTo(ClientIntervals.CLIENTS + 1);
        pass(60);
        assertThat(intervals.happened(client(5_000))).isEqualTo(new Told(true, 1, true));
        assertThat(intervals.size()).isEqualTo(1);
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
