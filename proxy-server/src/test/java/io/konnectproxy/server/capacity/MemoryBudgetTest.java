package io.konnectproxy.server.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.capacity.MemoryBudget.Share;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted, for whom, and who is told no. */
class MemoryBudgetTest {
    private static final long MOST = 1_000_000;

    private final MemoryBudget budget = new MemoryBudget(new MemoryBounds(MOST, MOST));

    @Test
    void a_client_alone_may_hold_half() {
        Share share = of("10.0.0.1");
        assertThat(share.hold(MOST / 2)).isTrue();
        assertThat(share.hold(1)).isFalse();
        assertThat(budget.held()).isEqualTo(MOST / 2);
    }

    @ParameterizedTest(name = "{0} clients take all they can, in pieces")
    @ValueSource(ints = {1, 2, 10, 200})
    void however_many_take_all_they_can_as_much_is_left_for_one_more(int clients) {
        List<Share> greedy = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            greedy.add(of("10.0." + i / 256 + "." + i % 256));
        }
        boolean more = true;
        while (more) {
            more = false;
            for (Share share : greedy) {
                more |= share.hold(100);
            }
        }
        Share honest = of("192.168.0.1");
        long part = MOST / (clients + 1);
        assertThat(budget.held()).isBetween(MOST - part - 200, MOST - part + 200L * clients);
        assertThat(honest.hold(part / 2 - 200)).isTrue();
    }

    @Test
    void whoever_holds_most_is_told_no_and_whoever_holds_little_is_served() {
        Share most = of("10.0.0.1");
        Share little = of("10.0.0.2");
        assertThat(most.hold(MOST / 2)).isTrue();
        assertThat(little.hold(MOST / 5)).isTrue();
        assertThat(most.hold(1)).isFalse();
        assertThat(little.hold(1)).isTrue();
    }

    @ParameterizedTest(name = "{0} and {1} count as {2}")
    @CsvSource({
        "10.0.0.1, 10.0.0.1, one client",
        "10.0.0.1, 10.0.0.2, two clients",
        "2001:db8::1, 2001:db8::ffff:1, one client",
        "2001:db8::1, 2001:db8:0:1::1, two clients",
    })
    void a_clients_connections_count_together(String first, String second, String as) {
        assertThat(of(first).hold(MOST / 2 - 10)).isTrue();
        assertThat(of(second).hold(100)).isEqualTo(as.equals("two clients"));
        assertThat(budget.clients()).isEqualTo(as.equals("two clients") ? 2 : 1);
    }

    @Test
    void what_is_refused_is_not_counted() {
        Share share = of("10.0.0.1");
        assertThat(share.hold(MOST)).isFalse();
        assertThat(budget.held()).isZero();
        assertThat(share.hold(10)).isTrue();
    }

    @Test
    void what_is_released_can_be_held_again() {
        Share share = of("10.0.0.1");
        assertThat(share.hold(MOST / 2)).isTrue();
        share.release(1000);
        assertThat(share.hold(1000)).isTrue();
        assertThat(share.hold(1000)).isFalse();
    }

    @Test
    void a_connection_that_is_gone_holds_nothing_and_its_client_is_forgotten() {
        Share share = of("10.0.0.1");
        Share other = of("10.0.0.1");
        assertThat(share.hold(1000)).isTrue();
        share.close();
        share.close();
        share.release(1000);
        assertThat(share.hold(1)).as("closed").isFalse();
        assertThat(budget.held()).isZero();
        assertThat(budget.clients()).isEqualTo(1);
        other.close();
        assertThat(budget.clients()).isZero();
    }

    @Test
    void what_it_holds_moves_with_it_to_the_client_that_it_belongs_to() {
        Share share = of("10.0.0.1");
        assertThat(share.hold(MOST / 2)).isTrue();
        share.belongTo(address("10.0.0.2"));
        assertThat(budget.held()).isEqualTo(MOST / 2);
        assertThat(of("10.0.0.2").hold(1)).isFalse();
        assertThat(of("10.0.0.1").hold(MOST / 5)).isTrue();
        share.close();
        assertThat(budget.held()).isEqualTo(MOST / 5);
    }

    @Test
    void buffers_are_counted_beside_the_heap_and_outlive_the_connection() {
        Share share = of("10.0.0.1");
        assertThat(share.hold(MOST / 2)).isTrue();
        assertThat(share.room()).isEqualTo(MOST);
        share.buffered(MOST / 2 + 1000);
        assertThat(share.room()).isNegative();
        assertThat(of("10.0.0.2").room()).as("another client's").isEqualTo(MOST / 2 - 1000);
        share.close();
        assertThat(budget.held()).isEqualTo(MOST / 2 + 1000);
        share.buffered(-(MOST / 2 + 1000));
        assertThat(budget.held()).isZero();
    }

    @ParameterizedTest(name = "limits.memory {0} of a heap of {1} and buffers of {2}: {3} and {4}")
    @CsvSource({
        "300, 1000, 1000, 200, 100",
        "300, 300, 1000, 150, 100",
        "300, 1000, 100, 200, 50",
        "9000, 1000, 100, 500, 50",
    })
    void the_bounds_are_those_of_the_setting_or_of_what_there_is(
            long limit, long maxHeap, long maxBuffers, long heap, long buffers) {
        assertThat(MemoryBounds.within(limit, maxHeap, maxBuffers)).isEqualTo(new MemoryBounds(heap, buffers));
    }

    private Share of(String client) {
        return budget.share(address(client));
    }

    private static InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }
}
