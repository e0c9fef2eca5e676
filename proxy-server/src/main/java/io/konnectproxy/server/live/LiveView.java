package io.konnectproxy.server.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.server.live.RecentDecisions.Position;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Renders the events of the live page, in the form of {@code text/event-stream}. Used by one thread at a time. Whoever shows it to others
 * does not render more often than they need it: with 5,000 tunnels it takes some 30 ms of CPU.
 */
public final class LiveView {
    /** Decisions that are shown at once to somebody who has seen none. */
    static final int FIRST_DECISIONS = 100;

    static final int NEXT_DECISIONS = 50;
    /** After a pause of this length rates begin anew. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final LiveSources sources;
    private final LongSupplier nanoTime;
    private final TunnelRates rates = new TunnelRates();
    private final TotalsWindow totals = new TotalsWindow();
    private long renderedAt;

    public LiveView(LiveSources sources, LongSupplier nanoTime) {
        this.sources = sources;
        this.nanoTime = nanoTime;
        this.renderedAt = nanoTime.getAsLong();
    }

    /** What a viewer asks for, and how far it has read the decisions. */
    public record Asked(LiveQuery query, Position from) {}

    /**
     * What was rendered.
     *
     * @param events for each that was asked for, the bytes to send; they are shared, so nobody may change them
     * @param until how far the decisions in it go
     */
    public record Rendered(Map<Asked, byte[]> events, Position until) {
        public Rendered {
            events = Map.copyOf(events);
        }
    }

    /**
     * Renders everything as it is now.
     *
     * @param viewers how many watch
     */
    public Rendered render(Set<Asked> asked, int viewers) {
        long now = nanoTime.getAsLong();
        if (now - renderedAt > PAUSE) {
            forget();
        }
        renderedAt = now;
        LiveSnapshot snapshot = LiveSnapshot.take(sources, rates, totals, now);
        Position until = sources.recent().now();
        Map<LiveQuery, byte[]> states = new HashMap<>();
        Map<Position, byte[]> decisions = new HashMap<>();
        Map<Asked, byte[]> events = new HashMap<>();
        for (Asked each : new HashSet<>(asked)) {
            byte[] state = states.computeIfAbsent(
                    each.query(), query -> event("state", snapshot.facts(), snapshot.figures(query, viewers)));
            byte[] recent = decisions.computeIfAbsent(each.from(), from -> decisions(from, until));
            events.put(each, joined(state, recent));
        }
        return new Rendered(events, until);
    }

    /** Nothing was recorded since, so there is no event; but somebody who has seen none is told that there are none. */
    private byte[] decisions(Position from, Position until) {
        boolean first = from.equals(Position.NONE);
        return from.equals(until)
                ? new byte[0]
                : event("decisions", sources.recent().between(from, until, first ? FIRST_DECISIONS : NEXT_DECISIONS));
    }

    private static byte[] event(String name, Record... data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(8 << 10);
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(US_ASCII));
        RecordJson.append(out, data);
        out.writeBytes("\n\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(first.length + second.length);
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    /** Nobody watches any more: what rates were computed from is not needed. */
    public void forget() {
        rates.forget();
        totals.forget();
    }
}
