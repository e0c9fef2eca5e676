package io.konnectproxy.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is proven, for how long, and who makes room. */
class ProvenClientsTest {
    private long now = Long.MAX_VALUE - 5; // Such clocks turn over.
    private final ProvenClients proven = new ProvenClients(5, () -> now);

    @Test
    void a_client_is_proven_for_a_day_after_its_last_right_pair() {
        assertThat(proven.has(client(1))).isFalse();
        proven.right(client(1), "kong");
        now += Duration.ofHours(12).toNanos();
        proven.right(client(1), "kong");
        now += ProvenClients.MEMORY.toNanos() - 1;
        assertThat(proven.has(client(1))).isTrue();
        now++;
        assertThat(proven.has(client(1))).isFalse();
    }

    @Test
    void one_user_with_many_addresses_pushes_out_none_but_its_own() {
        proven.right(client(1), "kong");
        proven.right(client(2), "kong");
        for (int i = 10; i < 100; i++) {
            proven.right(client(i), "insider");
        }
        assertThat(proven.has(client(1))).isTrue();
        assertThat(proven.has(client(2))).isTrue();
        assertThat(proven.has(client(96))).isFalse();
        assertThat(proven.has(client(97))).isTrue();
        assertThat(proven.has(client(99))).isTrue();
    }

    @Test
    void the_client_of_a_user_who_is_gone_is_proven_no_more() {
        proven.right(client(1), "kong");
        proven.right(client(2), "dp");
        proven.right(client(3), "kong");
        proven.right(client(3), "dp");
        proven.keep(user -> user.equals("dp"));
        assertThat(proven.has(client(1))).isFalse();
        assertThat(proven.has(client(2))).isTrue();
        assertThat(proven.has(client(3))).as("by another user since").isTrue();
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
