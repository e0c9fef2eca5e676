package io.konnectproxy.bench.siege;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An attack that is going on: keeps as many connections open as its load says. All on the attackers' thread. */
final class Wave {
    private static final int TICK_MILLIS = 10;

    /** Of what it did not open while it had enough, a wave makes up for a tenth of a second at most. */
    private static final double MOST_IN_ARREARS = 0.1;

    private final Attack attack;
    private final Load load;
    private final Bootstrap bootstrap;
    private final EventExecutor loop;
    private final ChannelGroup connections;
    private final int[] open;
    private final AtomicInteger opened = new AtomicInteger();
    private final Future<?> ticks;
    private long last = System.nanoTime();
    private double due;

    /** Begins at once. */
    Wave(Attack attack, Load load, Bootstrap bootstrap, EventExecutor loop) {
        this.attack = attack;
        this.load = load;
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.connections = new DefaultChannelGroup(loop);
        this.open = new int[load.addresses()];
        this.ticks = loop.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        due += load.perSecond() * (now - last) / 1e9;
        last = now;
        double most = Math.max(1, load.perSecond() * MOST_IN_ARREARS);
        due = Math.min(due, most);
        while (due >= 1) {
            int attacker = fewest();
            if (open[attacker] >= load.each()) {
                return;
            }
            due--;
            open(attacker);
        }
    }

    /** The attacker who has the fewest connections. */
    private int fewest() {
        int fewest = 0;
        for (int attacker = 1; attacker < open.length; attacker++) {
            if (open[attacker] < open[fewest]) {
                fewest = attacker;
            }
        }
        return fewest;
    }

    private void open(int attacker) {
        open[attacker]++;
        Channel channel = bootstrap
                .clone()
                .handler(attack.connection(opened.getAndIncrement()))
                .connect(attack.plan().target(), load.source(attacker))
                .channel();
        connections.add(channel);
        channel.closeFuture().addListener(closed -> open[attacker]--);
    }

    /** How many connections it has begun so far. */
    int opened() {
        return opened.get();
    }

    /** Opens nothing more, and resets what is open. */
    void end() {
        // On the thread that opens them, so that none is opened behind the last look.
        loop.submit(() -> {
                    ticks.cancel(false);
                    connections.close();
                })
                .awaitUninterruptibly();
        connections.newCloseFuture().awaitUninterruptibly();
    }
}
