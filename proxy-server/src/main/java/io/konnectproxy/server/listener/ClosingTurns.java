package io.konnectproxy.server.listener;

import io.konnectproxy.server.tunnel.Census;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.PolicyChanged;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Ends many tunnels one after the other, the oldest first, spread over a time: a data plane reconnects within 5 to 10 s, and a whole
 * fleet at once would be a storm for the proxy that it reaches next. Used by one thread at a time.
 */
final class ClosingTurns {
    /** The time to record what is still open when the time for all turns is over. */
    static final Duration LAST_MOMENT = Duration.ofSeconds(2);

    private final ChannelGroup clients;
    private final EventLoopGroup loops;
    /** When the tunnels end that the last change of the configuration refused. */
    private Map<Channel, ScheduledFuture<?>> turns = new HashMap<>();

    /** @param loops of all clients */
    ClosingTurns(ChannelGroup clients, EventLoopGroup loops) {
        this.clients = clients;
        this.loops = loops;
    }

    /**
     * Gives each tunnel that is refused by now its turn.
     *
     * @return the number of those tunnels
     */
    int review(Review review, Duration spread) {
        Queue<Channel> found = new ConcurrentLinkedQueue<>();
        Census census = new Census((tunnel, client) -> {
            if (review.refuses(tunnel, client)) {
                found.add(client);
            }
        });
        tellAll(census);
        // Each loop answers in turn, so all have looked once this has run on each of them.
        for (EventExecutor loop : loops) {
            loop.submit(() -> {}).awaitUninterruptibly();
        }
        List<Channel> oldestFirst = found.stream().sorted().toList();
        Map<Channel, ScheduledFuture<?>> earlier = turns;
        turns = new HashMap<>();
        for (int i = 0; i < oldestFirst.size(); i++) {
            Channel client = oldestFirst.get(i);
            long delay = spread.multipliedBy(i).dividedBy(oldestFirst.size()).toNanos();
            ScheduledFuture<?> before = earlier.get(client);
            // Changes that follow one another do not put off the end of what all of them refuse.
            turns.put(
                    client,
                    before != null && before.getDelay(TimeUnit.NANOSECONDS) <= delay ? before : turn(client, delay));
        }
        // Also those of tunnels that are permitted again.
        earlier.forEach((client, turn) -> {
            if (turns.get(client) != turn) {
                turn.cancel(false);
            }
        });
        return oldestFirst.size();
    }

    private static ScheduledFuture<?> turn(Channel client, long nanos) {
        return client.eventLoop()
                .schedule(() -> tell(client, PolicyChanged.POLICY_CHANGED), nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends all tunnels within this time, and what is left then at once. Blocks until all are closed, or the last moment is over. */
    void drain(Duration patience) throws InterruptedException {
        tellAll(Drain.BEGIN);
        ChannelGroupFuture allGone = clients.newCloseFuture();
        // Netty orders channels by their ids, which are numbered as they are made.
        List<Channel> oldestFirst = clients.stream().sorted().toList();
        long begin = System.nanoTime();
        int count = Math.max(1, oldestFirst.size());
        for (int turn = 1; turn <= count; turn++) {
            Duration left = patience.multipliedBy(turn).dividedBy(count).minusNanos(System.nanoTime() - begin);
            if (allGone.await(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
            tell(oldestFirst.get(turn - 1), Drain.TURN);
        }
        tellAll(Drain.END);
        allGone.await(LAST_MOMENT.toMillis());
    }

    /** Ends all tunnels at once. Blocks until all are closed, or the last moment is over. */
    void endAll() {
        tellAll(Drain.END);
        clients.newCloseFuture().awaitUninterruptibly(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tellAll(Object event) {
        clients.forEach(client -> tell(client, event));
    }

    private static void tell(Channel client, Object event) {
        // One that was accepted a moment ago has no event loop yet. It has no verdict either.
        if (client.isRegistered()) {
            client.pipeline().fireUserEventTriggered(event);
        }
    }
}
