package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.capacity.MemoryBounds;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.MemoryLimit;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What counts as one client. This is a unit test, because loopback has no second IPv6 address that a socket could use.
 */
class AdmissionTest {
    private static final Optional<Refusal> ADMITTED = Optional.empty();
    private static final Optional<Refusal> REFUSED = Optional.of(Refusal.CLIENT_TUNNEL_LIMIT);

    private static final InetAddress PEER = address("10.9.9.9");
    private final Admission admission = new Admission(
            new Configuration.Limits(10, 1, 100, new MemoryLimit.Percentage(40), 60, 1024),
            new MemoryBudget(new MemoryBounds(1 << 20, 1 << 20)));

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:2::1, the same client",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff, the same client",
        "2001:db8:1:2::1, 2001:db8:1:3::1, another client",
        "2001:db8:1:2:ffff::1, 2001:db9:1:2:ffff::1, another client",
        "10.0.0.1, 10.0.0.1, the same client",
        "10.0.0.1, 10.0.0.2, another client",
        "::ffff:10.0.0.1, 10.0.0.1, the same client",
    })
    void an_ipv4_address_or_an_ipv6_network_is_a_client(String first, String second, String expected) {
        assertThat(admission.slot(PEER).takeFor(address(first))).isEqualTo(ADMITTED);
        assertThat(admission.slot(PEER).takeFor(address(second)))
                .isEqualTo(expected.equals("the same client") ? REFUSED : ADMITTED);
    }

    @Test
    void a_cut_tunnel_whose_client_has_closed_already_leaves() {
        Admission.CountedSlot slot = admission.slot(PEER);
        assertThat(slot.takeFor(address("10.0.0.1"))).isEqualTo(ADMITTED);
        slot.relaying();
        slot.onClientClosed();
        assertThat(admission.connections()).isEqualTo(1);
        slot.relayed();
        assertThat(admission.connections()).isZero();
    }

    @Test
    void a_connection_that_leaves_releases_its_place_in_the_network() {
        Admission.CountedSlot first = admission.slot(PEER);
        assertThat(first.takeFor(address("2001:db8::1"))).isEqualTo(ADMITTED);
        assertThat(admission.slot(PEER).takeFor(address("2001:db8::2"))).isEqualTo(REFUSED);
        first.leave();
        first.leave();
        assertThat(admission.connections()).isZero();
        assertThat(admission.slot(PEER).takeFor(address("2001:db8::2"))).isEqualTo(ADMITTED);
    }

    @Test
    void a_slot_that_gets_its_client_later_is_one_slot() {
        Admission.CountedSlot first = admission.slot(PEER);
        assertThat(first.take()).isEqualTo(ADMITTED);
        assertThat(first.takeFor(address("10.0.0.1"))).isEqualTo(ADMITTED);
        assertThat(admission.connections()).isEqualTo(1);
        Admission.CountedSlot second = admission.slot(PEER);
        assertThat(second.take()).isEqualTo(ADMITTED);
        assertThat(second.takeFor(address("10.0.0.1"))).isEqualTo(REFUSED);
        assertThat(admission.connections())
                .as("whoever may not stay takes nothing of what is there for all")
                .isEqualTo(1);
        first.leave();
        assertThat(admission.connections()).isZero();
    }

    private static InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }
}
