package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.listener.BoundedConnections.Entry;
import io.konnectproxy.server.tunnel.Crowded;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which connection is closed at a bound, and with which refusal. */
class BoundedConnectionsTest {
    private final List<String> gone = new ArrayList<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final BoundedConnections pending = new BoundedConnections(3, 6);

    @Test
    void at_the_bound_of_a_client_its_oldest_connection_is_told() {
        enter("a1", "a2", "a3", "a4", "a5");
        assertThat(gone).containsExactly("a1 client_tunnel_limit", "a2 client_tunnel_limit");
        assertThat(pending.size()).isEqualTo(3);
    }

    @Test
    void of_all_the_oldest_of_whoever_has_most_goes() {
        enter("a1", "b1", "b2", "b3", "c1", "c2");
        assertThat(gone).isEmpty();
        enter("d1");
        assertThat(gone).containsExactly("b1 tunnel_limit");
    }

    @Test
    void among_clients_with_equal_counts_the_first_one_is_told() {
        enter("a1", "b1", "c1", "d1", "e1", "f1", "g1");
        assertThat(gone).containsExactly("a1 tunnel_limit");
        enter("h1");
        assertThat(gone).containsExactly("a1 tunnel_limit", "b1 tunnel_limit");
    }

    @Test
    void a_connection_with_a_verdict_is_never_told() {
        enter("a1", "a2", "a3");
        assertThat(pending.leave(entries.get("a1"))).isTrue();
        assertThat(pending.leave(entries.get("a1"))).isFalse();
        enter("a4");
        assertThat(gone).isEmpty();
        enter("a5");
        assertThat(gone).containsExactly("a2 client_tunnel_limit");
    }

    @Test
    void a_connection_that_was_told_is_not_counted() {
        enter("a1", "a2", "a3", "a4");
        assertThat(pending.leave(entries.get("a1"))).isFalse();
        entries.values().forEach(pending::leave);
        assertThat(pending.size()).isZero();
        assertThat(pending.size(client("a"))).isZero();
    }

    @Test
    void a_connection_is_its_clients_once_that_is_known() {
        enter("l1", "a1", "a2", "a3");
        pending.belongTo(entries.get("l1"), client("a"));
        passGrace();
        assertThat(gone).containsExactly("a1 client_tunnel_limit");
        assertThat(pending.size(client("l"))).isZero();
        assertThat(pending.size(client("a"))).isEqualTo(3);
    }

    @Test
    void a_connection_that_left_is_not_assigned_to_a_client() {
        enter("a1", "a2", "a3", "a4");
        pending.belongTo(entries.get("a1"), client("b"));
        assertThat(pending.size(client("b"))).isZero();
        assertThat(pending.size()).isEqualTo(3);
    }

    /** Adds connections by name; the letter is the client. */
    private void enter(String... names) {
        for (String name : names) {
            entries.put(name, pending.enter(channel(name), client(name)));
            passGrace();
        }
    }

    private void passGrace() {
        channels.forEach(channel -> {
            channel.advanceTimeBy(BoundedConnections.GRACE.toMillis(), TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        });
    }

    private EmbeddedChannel channel(String name) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                Refusal refusal = ((Crowded) event).refusal();
                gone.add(name + " " + refusal.token());
            }
        });
        channels.add(channel);
        return channel;
    }

    private static InetAddress client(String name) {
        return NetUtil.createInetAddressFromIpAddressString("10.0.0." + (int) name.charAt(0));
    }
}
