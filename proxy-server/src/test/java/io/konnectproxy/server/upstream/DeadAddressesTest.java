package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadAddressesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final DeadAddresses dead = new DeadAddresses(nanos::get);

    private static InetSocketAddress at(String host) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(host), 443);
    }

    private List<String> order() {
        return dead
                .last(Stream.of("10.0.0.1", "10.0.0.2", "10.0.0.3")
                        .map(DeadAddressesTest::at)
                        .toList())
                .stream()
                .map(address -> address.getAddress().getHostAddress())
                .toList();
    }

    @Test
    void come_last_and_keep_their_order() {
        dead.failed(at("10.0.0.2"));
        dead.failed(at("10.0.0.1"));
        assertThat(order()).containsExactly("10.0.0.3", "10.0.0.1", "10.0.0.2");
    }

    @Test
    void are_forgotten_when_they_answer() {
        dead.failed(at("10.0.0.1"));
        dead.answered(at("10.0.0.1"));
        assertThat(order()).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void are_forgotten_after_a_while() {
        dead.failed(at("10.0.0.1"));
        nanos.addAndGet(DeadAddresses.MEMORY.toNanos() - 1);
        assertThat(order()).first().isEqualTo("10.0.0.2");
        nanos.addAndGet(1);
        assertThat(order()).first().isEqualTo("10.0.0.1");
    }

    @Test
    void are_bounded_and_the_oldest_goes() {
        dead.failed(at("10.0.0.1"));
        for (int i = 0; i < DeadAddresses.CAPACITY - 1; i++) {
            dead.failed(at("10.1." + i / 256 + "." + i % 256));
        }
        assertThat(order()).first().isEqualTo("10.0.0.2");
        dead.failed(at("10.2.0.1"));
        assertThat(order()).first().isEqualTo("10.0.0.1");
    }
}
