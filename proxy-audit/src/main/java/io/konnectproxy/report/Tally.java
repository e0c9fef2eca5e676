package io.konnectproxy.report;

import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The counts for one key, such as a client or a target. A sum that would overflow stays at the largest number. */
public final class Tally {
    /** Thousands are kept. */
    private static final int LONGEST_HINT = 300;

    private long permitted;
    private long refused;
    private long letThrough;
    private long tunnels;
    private long failed;
    private long bytesUp;
    private long bytesDown;
    private long millis;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private @Nullable String hint;
    /** The indexes of the proxies; null in a report on one trail. */
    private @Nullable BitSet proxies;

    void count(Ruling judgement, long time) {
        switch (judgement) {
            case PERMITTED -> permitted++;
            case REFUSED -> refused++;
            case LET_THROUGH -> letThrough++;
        }
        seen(time);
    }

    /** Counts refusals that were recorded as a sum. */
    void countRefused(long count, TrailEvent.Refusals refusals) {
        refused = sum(refused, count);
        seen(refusals.first());
        seen(refusals.last());
    }

    void count(TrailEvent.TunnelEnd end) {
        bytesUp = sum(bytesUp, end.bytesUp());
        bytesDown = sum(bytesDown, end.bytesDown());
        if (Ending.of(end.outcome()).wasOpen()) {
            tunnels++;
            millis = sum(millis, end.millis());
        } else {
            failed++;
        }
        seen(end.time());
    }

    void add(Tally other) {
        permitted += other.permitted;
        refused = sum(refused, other.refused);
        letThrough += other.letThrough;
        tunnels += other.tunnels;
        failed += other.failed;
        bytesUp = sum(bytesUp, other.bytesUp);
        bytesDown = sum(bytesDown, other.bytesDown);
        millis = sum(millis, other.millis);
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
        hint = other.hint == null ? hint : other.hint;
        if (other.proxies != null) {
            setOfProxies().or(other.proxies);
        }
    }

    /** Keeps at which proxy it was, in a report on several trails. */
    void at(ReportedTrail trail) {
        if (trail.index() >= 0) {
            setOfProxies().set(trail.index());
        }
    }

    private BitSet setOfProxies() {
        if (proxies == null) {
            proxies = new BitSet();
        }
        return proxies;
    }

    /** The indexes of the proxies at which it was. */
    BitSet proxies() {
        return proxies == null ? new BitSet() : proxies;
    }

    /** Keeps what the last line with a hint told the operator. */
    void hint(Optional<String> told) {
        hint = told.filter(text -> text.length() <= LONGEST_HINT).orElse(hint);
    }

    private void seen(long time) {
        first = Math.min(first, time);
        last = Math.max(last, time);
    }

    /** The sum, or the largest number where it would overflow. */
    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** The number of counted decisions, ends of tunnels, and refusals in sums. */
    public long lines() {
        return sum(decisions(), tunnels + failed);
    }

    public long decisions() {
        return sum(refused, permitted + letThrough);
    }

    public long permitted() {
        return permitted;
    }

    /** Refused requests that were not let through. */
    public long refused() {
        return refused;
    }

    /** Requests that the policy refused and report-only mode let through. */
    public long letThrough() {
        return letThrough;
    }

    /** Ends of tunnels that had been open. */
    public long tunnels() {
        return tunnels;
    }

    /** Ends of tunnels that never opened, or were cut off before anything was relayed. */
    public long failed() {
        return failed;
    }

    public long bytesUp() {
        return bytesUp;
    }

    public long bytesDown() {
        return bytesDown;
    }

    public long bytes() {
        return sum(bytesUp, bytesDown);
    }

    /** The sum of the durations of all tunnels that had been open. */
    public long millis() {
        return millis;
    }

    /** The hint of the last line that had one; empty where none was counted with it. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** {@link Long#MAX_VALUE} when nothing was counted. */
    public long first() {
        return first;
    }

    /** {@link Long#MIN_VALUE} when nothing was counted. */
    public long last() {
        return last;
    }
}
