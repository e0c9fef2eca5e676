package io.konnectproxy.bench.siege;

import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.Optional;

/** One way to besiege the proxy. What its connections do, they do on the thread of the {@link Attackers}. */
abstract class Attack {
    /**
     * What it is, and how much of it.
     *
     * @param id what {@code --only} knows it by
     * @param what one line for the table
     * @param target what is dialled
     */
    record Plan(String id, String what, InetSocketAddress target, Load load) {}

    private final Plan plan;

    Attack(Plan plan) {
        this.plan = plan;
    }

    final Plan plan() {
        return plan;
    }

    /** What the next connection does, from the first on, which is 0. */
    abstract ChannelHandler connection(int n);

    /** Asked once it is over: what it has reached beyond what is seen of every attack. */
    Optional<String> reached(TrailGrowth trail) {
        return Optional.empty();
    }
}
