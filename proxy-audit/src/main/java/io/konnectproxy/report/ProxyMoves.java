package io.konnectproxy.report;

import io.konnectproxy.report.DataPlaneTracks.TrackedTrail;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a data plane went from one proxy to another: it had a tunnel at one, then none there, and then one at another, or had that one for
 * less than a minute before the first ended. A request that came to nothing is no move. Times are microseconds.
 */
final class ProxyMoves {
    private final FiveInTenMinutes times = new FiveInTenMinutes();
    private final List<String> proxies = new ArrayList<>(0);
    private final BitSet visited = new BitSet();
    private @Nullable BegunMove attempt;
    private String from = "";
    private String to = "";
    private long count;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private boolean often;

    /** A request at another proxy, whose tunnel may never open. */
    private record BegunMove(TrackedTrail from, TrackedTrail at, long time, boolean counted) {}

    void begin(TrackedTrail before, TrackedTrail at, long time, boolean counted) {
        attempt = new BegunMove(before, at, time, counted);
    }

    void cameToNothing(TrackedTrail at) {
        attempt = attempt != null && attempt.at() == at ? null : attempt;
    }

    /** The tunnel at a proxy was open. */
    void happened(TrackedTrail at) {
        if (attempt == null || attempt.at() != at) {
            return;
        }
        if (attempt.counted()) {
            from = attempt.from().proxy();
            to = at.proxy();
            was(attempt.from());
            was(at);
            count++;
            first = Math.min(first, attempt.time());
            last = Math.max(last, attempt.time());
            often |= times.add(attempt.time());
        }
        attempt = null;
    }

    private void was(TrackedTrail at) {
        if (!visited.get(at.trail().index())) {
            visited.set(at.trail().index());
            if (proxies.size() < ProxyNames.NAMED) {
                proxies.add(at.proxy());
            }
        }
    }

    long count() {
        return count;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    /** Whether it moved five times within ten minutes. */
    boolean areOften() {
        return often;
    }

    /** {@code from edge-1 to edge-2}. */
    String words() {
        return often
                ? "back and forth between " + proxies(to).words()
                : (count > 1 ? "the last time from " : "from ") + from + " to " + to;
    }

    /** @param only where it is if it never moved; empty in a report on one trail */
    ProxyNames proxies(String only) {
        return proxies.isEmpty() ? ProxyNames.of(only) : new ProxyNames(proxies, visited.cardinality());
    }
}
