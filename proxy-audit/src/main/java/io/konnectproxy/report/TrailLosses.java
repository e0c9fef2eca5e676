package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Checkpoint;
import io.konnectproxy.trail.event.TrailEvent.ClockJump;
import io.konnectproxy.trail.event.TrailEvent.Gap;
import io.konnectproxy.trail.event.TrailEvent.MirrorLoss;
import io.konnectproxy.trail.event.TrailEvent.Removed;
import io.konnectproxy.trail.event.TrailEvent.Torn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the trail records about itself: lost lines, incomplete ends, removed files, clock jumps, losses of mirrors, and
 * signing keys.
 */
public final class TrailLosses {
    static final int KEPT = 200;

    /** What one proxy may take of {@link #SERIOUS}, in a report on several. */
    private static final int SHARE = 20;

    private static final int SERIOUS = 1_000;

    private static final int MIRRORS = 100;
    private static final int KEYS = 20;

    private final Period period;
    private final List<Loss> kept = new ArrayList<>();
    /** Lost and incomplete lines, which a trail has few of. */
    private final List<Loss> serious = new ArrayList<>();
    /** How many of them each proxy has, in a report on several. */
    private final Map<String, Integer> seriousOf = new HashMap<>();

    private final Map<String, Long> missed = new TreeMap<>();
    private final Map<String, Long> keys = new TreeMap<>();
    private long gaps;
    private long lost;
    private long served;
    private long removed;
    private long torn;
    private long tornBytes;
    private long clockJumps;
    private long mirrorLosses;
    private long endsWithoutStop;
    private long all;

    /**
     * What a trail records.
     *
     * @param proxy whose trail it is; empty in a report on one trail
     */
    public record Loss(String proxy, TrailEvent event) {}

    TrailLosses(Period period) {
        this.period = period;
    }

    void gap(String proxy, Gap gap) {
        if (concerns(gap.time(), gap.from(), gap.until())) {
            gaps++;
            lost += Math.min(gap.lost(), Long.MAX_VALUE - lost);
            served += gap.served() ? Math.min(gap.lost(), Long.MAX_VALUE - served) : 0;
            keep(proxy, gap);
            keepSerious(proxy, gap);
        }
    }

    void torn(String proxy, Torn end) {
        if (concerns(end.time(), end.time(), end.time())) {
            torn++;
            tornBytes += Math.min(end.bytes(), Long.MAX_VALUE - tornBytes);
            keep(proxy, end);
            keepSerious(proxy, end);
        }
    }

    /** Returns whether it concerns the period. */
    boolean endedWithoutStop(ProcessEnds.EndWithoutStop end) {
        boolean concerns = concerns(end.next(), end.last(), end.next());
        endsWithoutStop += concerns ? 1 : 0;
        return concerns;
    }

    void removed(String proxy, Removed file) {
        if (concerns(file.time(), file.time(), file.time())) {
            removed++;
            keep(proxy, file);
        }
    }

    void clock(String proxy, ClockJump jump) {
        if (!jump.isRepeated() && concerns(jump.time(), jump.time(), jump.time())) {
            clockJumps++;
            keep(proxy, jump);
        }
    }

    void mirror(String proxy, MirrorLoss loss) {
        if (concerns(loss.time(), loss.from(), loss.until())) {
            mirrorLosses++;
            String mirror = missed.size() < MIRRORS || missed.containsKey(loss.mirror()) ? loss.mirror() : "(others)";
            missed.merge(mirror, loss.missed(), (a, b) -> a + Math.min(b, Long.MAX_VALUE - a));
            keep(proxy, loss);
        }
    }

    void checkpoint(Checkpoint checkpoint) {
        if (concerns(checkpoint.time(), checkpoint.time(), checkpoint.time())) {
            keys.merge(
                    keys.size() < KEYS || keys.containsKey(checkpoint.key()) ? checkpoint.key() : "(others)",
                    1L,
                    Long::sum);
        }
    }

    /** A loss is recorded after it is over, so its line may be later than the period although the loss is in it. */
    private boolean concerns(long time, long from, long until) {
        boolean written = time >= period.sinceMicros() && time < period.untilMicros();
        boolean happened = until >= period.sinceMicros() && from < period.untilMicros();
        return written || happened;
    }

    private void keep(String proxy, TrailEvent event) {
        all++;
        if (kept.size() < KEPT) {
            kept.add(new Loss(proxy, event));
        }
    }

    private void keepSerious(String proxy, TrailEvent event) {
        boolean one = proxy.isEmpty();
        if (serious.size() < (one ? KEPT : SERIOUS) && (one || seriousOf.merge(proxy, 1, Integer::sum) <= SHARE)) {
            serious.add(new Loss(proxy, event));
        }
    }

    /** {@link Gap}, {@link Torn}, {@link Removed}, {@link ClockJump} and {@link MirrorLoss}, the first {@value #KEPT} of them. */
    public List<Loss> kept() {
        return List.copyOf(kept);
    }

    /** {@link Gap} and {@link Torn}, the first ones of each proxy. */
    List<Loss> serious() {
        return List.copyOf(serious);
    }

    /** The number of all of them. */
    public long all() {
        return all;
    }

    public long gaps() {
        return gaps;
    }

    /** The lines lost in all gaps. */
    public long lost() {
        return lost;
    }

    /** The lost lines whose requests were served all the same. */
    public long served() {
        return served;
    }

    /** Finished files that the proxy removed. */
    public long removed() {
        return removed;
    }

    public long torn() {
        return torn;
    }

    public long tornBytes() {
        return tornBytes;
    }

    /** Processes of the proxy that ended without a stop, as a start after them shows: sums of refusals may be lost with them. */
    public long endsWithoutStop() {
        return endsWithoutStop;
    }

    public long clockJumps() {
        return clockJumps;
    }

    public long mirrorLosses() {
        return mirrorLosses;
    }

    /** The missed lines of each mirror. */
    public Map<String, Long> missed() {
        return Map.copyOf(missed);
    }

    /** The number of checkpoints that each key signed. */
    public Map<String, Long> keys() {
        return Map.copyOf(keys);
    }
}
