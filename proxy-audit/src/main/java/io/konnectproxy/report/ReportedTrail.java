package io.konnectproxy.report;

import io.konnectproxy.trail.VerifyResult.NotHere;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.Optional;

/**
 * What a report keeps of a trail beyond its end: whose it is, how far it goes, and what its verification came to. Times are
 * microseconds.
 */
public final class ReportedTrail {
    /** Lines are written shortly after the recorded events, so their times may be slightly out of order. */
    private static final long TOLERANCE = Micros.MINUTE;

    private final String proxy;
    private final int index;
    private final Numbering numbering = new Numbering();
    private final Integrity integrity = new Integrity();
    private final Tally tally = new Tally();
    private Optional<String> id = Optional.empty();
    private Optional<String> version = Optional.empty();
    private Optional<RunningConfiguration> configuration = Optional.empty();
    private long within;
    private long unread;
    private long backwards;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    /** Of the line that was read last. */
    private long latest = Long.MIN_VALUE;

    private long furthest = Long.MIN_VALUE;
    private long longestPause;
    private boolean stopped;
    private long endsWithoutStop;
    private long firstEndWithoutStop = Long.MAX_VALUE;
    private long lastEndWithoutStop = Long.MIN_VALUE;
    private long leftOpen;
    private Optional<NotHere> notHere = Optional.empty();

    /**
     * The newest configuration of a proxy.
     *
     * @param policy the digest of what it permits
     * @param whole the digest of all of it; empty in lines of version 1
     * @param since when it was put in force
     */
    public record RunningConfiguration(String policy, Optional<String> whole, long since) {
        /** What a person knows it by. */
        public String shortened() {
            String digest = whole.orElse(policy);
            return digest.substring(0, Math.min(12, digest.length()));
        }
    }

    /**
     * @param proxy the name of the proxy, escaped; empty in a report on one trail, which names none
     * @param index of that name; -1 in a report on one trail
     */
    ReportedTrail(String proxy, int index) {
        this.proxy = proxy;
        this.index = index;
    }

    /** Counts a line, in the period or not. Returns whether it was more than a minute earlier than the one before. */
    boolean line(TrailEvent event, boolean within, boolean after) {
        long time = event.time();
        boolean back = latest != Long.MIN_VALUE && time < latest - TOLERANCE;
        backwards += back ? 1 : 0;
        if (latest != Long.MIN_VALUE && !stopped && !(event instanceof TrailEvent.ClockJump)) {
            longestPause = Math.max(longestPause, time - latest);
        }
        latest = time;
        furthest = Math.max(furthest, time);
        this.within += within ? 1 : 0;
        if (!after) {
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        return back;
    }

    void named(String trail) {
        if (id.isEmpty()) {
            id = Optional.of(trail);
        }
    }

    void configured(TrailEvent.Policy policy) {
        boolean same = configuration
                .map(known ->
                        known.policy().equals(policy.digest()) && known.whole().equals(policy.configurationDigest()))
                .orElse(false);
        if (!same) {
            configuration =
                    Optional.of(new RunningConfiguration(policy.digest(), policy.configurationDigest(), policy.time()));
        }
    }

    void started(TrailEvent.Start start) {
        stopped = false;
        version = start.version();
    }

    void stopped() {
        stopped = true;
    }

    /** Of the period. */
    void endedWithoutStop(ProcessEnds.EndWithoutStop end) {
        endsWithoutStop++;
        firstEndWithoutStop = Math.min(firstEndWithoutStop, end.last());
        lastEndWithoutStop = Math.max(lastEndWithoutStop, end.next());
    }

    void unread() {
        unread++;
    }

    /** @param open requests whose end the trail does not have */
    void ended(long open) {
        leftOpen = open;
    }

    void notHere(NotHere lines) {
        notHere = Optional.of(lines);
    }

    /** The name of the proxy, escaped; empty in a report on one trail. */
    public String proxy() {
        return proxy;
    }

    int index() {
        return index;
    }

    /** Its name; empty if all its lines are of version 1. */
    public Optional<String> id() {
        return id;
    }

    /** That of the last start. */
    public Optional<String> version() {
        return version;
    }

    public Optional<RunningConfiguration> configuration() {
        return configuration;
    }

    public Numbering numbering() {
        return numbering;
    }

    public Integrity integrity() {
        return integrity;
    }

    /** Of the period. */
    public Tally tally() {
        return tally;
    }

    /** Lines of the period. */
    public long lines() {
        return within;
    }

    /** Lines that cannot be read. */
    public long unreadable() {
        return unread;
    }

    long backwards() {
        return backwards;
    }

    /** The earliest time, in the period or before it; {@link Long#MAX_VALUE} without any. */
    public long first() {
        return first;
    }

    /** The latest time, in the period or before it; {@link Long#MIN_VALUE} without any. */
    public long last() {
        return last;
    }

    /** The latest time of all lines. What happened later is not known. */
    long furthest() {
        return furthest;
    }

    /** The longest time between two lines of one process. */
    long longestPause() {
        return longestPause;
    }

    /** Whether the last process recorded its stop. */
    public boolean isStopped() {
        return stopped;
    }

    /** Processes in the period that ended without a stop, as a start after them shows. */
    long endsWithoutStop() {
        return endsWithoutStop;
    }

    /** The last line before the first of them. */
    long firstEndWithoutStop() {
        return firstEndWithoutStop;
    }

    /** The start after the last of them. */
    long lastEndWithoutStop() {
        return lastEndWithoutStop;
    }

    /** Requests that were let in, and whose end the trail does not have, although no other process began. */
    public long leftOpen() {
        return leftOpen;
    }

    /** Whether there is no line of it. */
    public boolean isEmpty() {
        return numbering.first() == 0;
    }

    /** Lines behind the last one that a checkpoint in the archive proves. */
    Optional<NotHere> notHere() {
        return notHere;
    }

    /** The last line that a checkpoint in the archive proves and that was not read; 0 without one. */
    public long provenAndNotHere() {
        return notHere.map(NotHere::to).orElse(0L);
    }

    /** When the proxy was heard of last, by a line or by a checkpoint in the archive. */
    long heard() {
        return Math.max(last, notHere.map(lines -> Micros.parse(lines.until())).orElse(Long.MIN_VALUE));
    }

    /** The first defect that the verification found. */
    public Optional<TrailVerification.FirstDefect> broken() {
        return integrity.verification().flatMap(TrailVerification::broken);
    }
}
