package io.konnectproxy.mirror;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All destinations for copies of the trail's lines. The trail is complete without them.
 *
 * <p>All methods but {@link #prepare}, {@link #discard} and {@link #missedInAll} are called by one thread. None of them blocks, except
 * {@link #close}, for a bounded time.
 */
public final class Mirrors implements AutoCloseable {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Enough for half a minute of a busy proxy, in an amount of memory that a small proxy has. */
    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);

    private final String instance;
    private final Optional<Mirror> stdout;
    /** Replaced as a whole, by the one thread. */
    private volatile Map<MirrorTarget, Mirror> peers;
    /** Those that are no longer configured, until they have sent what waited or two seconds have passed. */
    private final List<Leaving> leaving = new ArrayList<>();

    private record Leaving(Mirror mirror, long end) {}

    private Mirrors(String instance, Optional<Mirror> stdout, Map<MirrorTarget, Mirror> peers) {
        this.instance = instance;
        this.stdout = stdout;
        this.peers = Collections.unmodifiableMap(peers);
    }

    /**
     * Opens them without connecting, so that an unreachable receiver does not prevent the start.
     *
     * @param instance the name of this proxy for the receivers
     * @param stdout whether lines are copied to standard output
     */
    public static Mirrors open(String instance, boolean stdout, List<MirrorTarget> targets) {
        Map<MirrorTarget, Mirror> peers = new LinkedHashMap<>();
        targets.forEach(target -> peers.computeIfAbsent(target, another -> opened(instance, another)));
        return new Mirrors(instance, stdout ? Optional.of(new StandardOutputMirror()) : Optional.empty(), peers);
    }

    private static Mirror opened(String instance, MirrorTarget target) {
        return new PeerMirror(target.url().toString(), transport(instance, target), BOUNDS);
    }

    /** Other destinations, opened and not in use yet. */
    public static final class PreparedMirrors {
        private final Map<MirrorTarget, Mirror> all;
        /** Those that were in use when the others were opened. */
        private final Set<Mirror> kept;

        private PreparedMirrors(Map<MirrorTarget, Mirror> all, Set<Mirror> kept) {
            this.all = all;
            this.kept = kept;
        }
    }

    /** Opens the new ones of these destinations, and keeps those that are in use. Any thread. */
    public PreparedMirrors prepare(List<MirrorTarget> targets) {
        Map<MirrorTarget, Mirror> before = peers;
        Map<MirrorTarget, Mirror> all = new LinkedHashMap<>();
        for (MirrorTarget target : targets) {
            all.computeIfAbsent(target, same -> before.containsKey(same) ? before.get(same) : opened(instance, same));
        }
        return new PreparedMirrors(all, Set.copyOf(before.values()));
    }

    /** Closes those of these destinations that are not in use. Any thread. */
    public void discard(PreparedMirrors prepared) {
        Collection<Mirror> inUse = peers.values();
        prepared.all.values().stream().filter(mirror -> !inUse.contains(mirror)).forEach(mirror -> {
            mirror.beginEnd();
            mirror.awaitEnd(System.nanoTime());
        });
    }

    /** Sends to the prepared destinations from now on. Those that are not among them have two seconds to send the rest. */
    public void change(PreparedMirrors change) {
        long end = System.nanoTime() + CLOSE_NANOS;
        change.all.replaceAll((target, mirror) -> change.kept.contains(mirror) && !peers.containsValue(mirror)
                // It was in use when this was prepared, and another change came first.
                ? opened(instance, target)
                : mirror);
        peers.forEach((target, mirror) -> {
            if (!change.all.containsValue(mirror)) {
                mirror.beginEnd();
                leaving.add(new Leaving(mirror, end));
            }
        });
        peers = Collections.unmodifiableMap(change.all);
    }

    /** All in use, and those that are leaving. */
    private Stream<Mirror> all() {
        return Stream.concat(inUse(), leaving.stream().map(Leaving::mirror));
    }

    private Stream<Mirror> inUse() {
        return Stream.concat(stdout.stream(), peers.values().stream());
    }

    private static Transport transport(String instance, MirrorTarget target) {
        return target.url().protocol().isSyslog()
                ? SyslogTransport.to(instance, target)
                : OtlpTransport.to(instance, target);
    }

    /** Whether a printed line would go nowhere. */
    public boolean isEmpty() {
        return stdout.isEmpty() && peers.isEmpty();
    }

    /**
     * Gives a line to all mirrors; each takes it or counts it as missed.
     *
     * @param line of the trail, without its line feed
     */
    public void print(String line) {
        inUse().forEach(mirror -> mirror.print(line));
    }

    /**
     * The losses to be recorded in the trail. Each loss is returned once: when the mirror takes lines again, so that it
     * gets the record too; after a minute if it still does not; or after {@link #close}.
     */
    public List<Missed> missed() {
        long now = System.nanoTime();
        leaving.stream()
                .filter(each -> now - each.end() >= 0)
                .forEach(each -> each.mirror().awaitEnd(now));
        List<Missed> missed = all().flatMap(mirror -> mirror.missed().stream()).toList();
        leaving.removeIf(each -> now - each.end() >= 0 && !each.mirror().isUnsettled());
        return missed;
    }

    /** Whether {@link #missed} may return a loss, now or later, even if no further line is printed. */
    public boolean isUnsettled() {
        return !leaving.isEmpty() || inUse().anyMatch(Mirror::isUnsettled);
    }

    /**
     * The lines that each mirror has missed since it was opened, by its name; those that left are not counted. Any thread.
     */
    public Map<String, Long> missedInAll() {
        return inUse().collect(Collectors.toMap(Mirror::name, Mirror::missedInAll, Long::sum));
    }

    /**
     * Gives all mirrors two seconds to take the waiting lines. After that {@link #missed} returns those that they did
     * not take.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_NANOS;
        all().forEach(Mirror::beginEnd);
        all().forEach(mirror -> mirror.awaitEnd(end));
    }
}
