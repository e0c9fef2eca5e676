package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Policy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configurations with the times at which they were in force, and the runs of the proxy, of one trail or of several. Keeps the
 * last {@value #KEPT} of each.
 */
public final class History {
    static final int KEPT = 200;

    /** Refused reloads that are kept, because each may have many problems. */
    static final int KEPT_REFUSED = 20;

    /** The most values of all kept configurations together, because one may have thousands. */
    private static final long KEPT_VALUES = 200_000;

    private final long since;
    private final Deque<ConfigurationPeriod> configurations = new ArrayDeque<>();
    private final Deque<Run> runs = new ArrayDeque<>();
    private long values;
    private long earlierConfigurations;
    private long earlierRuns;
    private long starts;
    private long reloads;
    private long refusedReloads;
    private final Deque<TrailEvent.ReloadRefused> lastRefusedReloads = new ArrayDeque<>();
    private long stops;
    private long drains;
    private long failedStarts;
    private Optional<TrailEvent.NotStarted> lastFailure = Optional.empty();

    /** @param since the beginning of the period, in microseconds */
    History(long since) {
        this.since = since;
    }

    /**
     * A stretch of time with one configuration.
     *
     * @param of the trail whose proxy had it
     * @param before the configuration before it, where that is known
     * @param tally of the period's requests under this configuration
     */
    public record ConfigurationPeriod(HistoryOfTrail of, Policy policy, Optional<Policy> before, Tally tally) {
        /** The proxy; empty in a report on one trail. */
        public String proxy() {
            return of.proxy;
        }
    }

    /** One process of the proxy, as far as it is known from the lines. */
    public static final class Run {
        private final HistoryOfTrail of;
        private final Optional<TrailEvent.Start> start;
        private Optional<Long> drain = Optional.empty();
        private Optional<Long> stop = Optional.empty();
        private boolean crashed;

        private Run(HistoryOfTrail of, Optional<TrailEvent.Start> start) {
            this.of = of;
            this.start = start;
        }

        /** The proxy; empty in a report on one trail. */
        public String proxy() {
            return of.proxy;
        }

        /** Empty when it began before the first line. */
        public Optional<TrailEvent.Start> start() {
            return start;
        }

        public Optional<Long> drain() {
            return drain;
        }

        /** Empty when it crashed, or still ran at the last line. */
        public Optional<Long> stop() {
            return stop;
        }

        /** Whether another process began before this one recorded its stop. */
        public boolean crashed() {
            return crashed;
        }
    }

    /** What belongs to one trail. */
    final class HistoryOfTrail {
        private final String proxy;
        private @Nullable ConfigurationPeriod configuration;
        private @Nullable Run run;

        private HistoryOfTrail(String proxy) {
            this.proxy = proxy;
        }

        void configured(Policy policy) {
            reloads += policy.isReload() && policy.time() >= since ? 1 : 0;
            ConfigurationPeriod current = configuration;
            if (current != null && isSame(current.policy(), policy)) {
                return;
            }
            if (policy.time() < since) {
                // Of the earlier configurations, only the last one was in force in the period.
                configurations.stream()
                        .filter(kept -> kept.of() == this)
                        .forEach(kept -> values -= size(kept.policy()));
                configurations.removeIf(kept -> kept.of() == this);
            }
            values += size(policy);
            while (!configurations.isEmpty() && (configurations.size() == KEPT || values > KEPT_VALUES)) {
                values -= size(configurations.removeFirst().policy());
                earlierConfigurations++;
            }
            configuration = new ConfigurationPeriod(
                    this, policy, Optional.ofNullable(current).map(ConfigurationPeriod::policy), new Tally());
            configurations.addLast(configuration);
        }

        void count(Decision decision) {
            if (configuration != null) {
                configuration.tally().count(decision.judgement(), decision.time());
            }
        }

        void count(TrailEvent.Refusals refusals) {
            if (configuration != null) {
                configuration.tally().countRefused(refusals.count(), refusals);
            }
        }

        void started(TrailEvent.Start start) {
            boolean crashed = run != null && run.stop.isEmpty();
            if (crashed && run != null) {
                run.crashed = true;
            }
            if (start.time() >= since) {
                starts++;
            } else {
                // Of the earlier runs, only the last one can have continued into the period.
                runs.removeIf(kept -> kept.of == this);
            }
            begin(Optional.of(start));
        }

        private Run begin(Optional<TrailEvent.Start> start) {
            if (runs.size() == KEPT) {
                runs.removeFirst();
                earlierRuns++;
            }
            Run next = new Run(this, start);
            runs.addLast(next);
            run = next;
            return next;
        }

        void drained(TrailEvent.Drain drain) {
            drains += drain.time() >= since ? 1 : 0;
            current().drain = Optional.of(drain.time());
        }

        void stopped(TrailEvent.Stop stop) {
            stops += stop.time() >= since ? 1 : 0;
            current().stop = Optional.of(stop.time());
        }

        private Run current() {
            return run == null || run.stop.isPresent() ? begin(Optional.empty()) : run;
        }
    }

    /** @param proxy whose trail it is; empty in a report on one trail */
    HistoryOfTrail trail(String proxy) {
        return new HistoryOfTrail(proxy);
    }

    /** A line of version 1 does not identify the whole configuration. */
    private static boolean isSame(Policy one, Policy other) {
        boolean changed = one.configurationDigest().isPresent()
                && other.configurationDigest().isPresent()
                && !one.configurationDigest().equals(other.configurationDigest());
        return !changed && one.digest().equals(other.digest()) && one.values().equals(other.values());
    }

    void reloadRefused(TrailEvent.ReloadRefused refused) {
        if (refused.time() < since) {
            return;
        }
        refusedReloads++;
        if (lastRefusedReloads.size() == KEPT_REFUSED) {
            lastRefusedReloads.removeFirst();
        }
        lastRefusedReloads.addLast(refused);
    }

    private static long size(Policy policy) {
        return policy.values().values().stream().mapToLong(List::size).sum();
    }

    /** A failed start is not a run, because no client was accepted. */
    void notStarted(TrailEvent.NotStarted failure) {
        if (failure.time() >= since) {
            failedStarts++;
            lastFailure = Optional.of(failure);
        }
    }

    /** In order; the first may have begun before the period. */
    public List<ConfigurationPeriod> configurations() {
        return List.copyOf(configurations);
    }

    /** The number of configurations that are not kept. */
    public long earlierConfigurations() {
        return earlierConfigurations;
    }

    public List<Run> runs() {
        return List.copyOf(runs);
    }

    public long earlierRuns() {
        return earlierRuns;
    }

    /** Configurations that were put in force while the proxy ran. */
    public long reloads() {
        return reloads;
    }

    /** Configurations that were refused while the proxy ran. */
    public long refusedReloads() {
        return refusedReloads;
    }

    /** The last of them, in order. */
    public List<TrailEvent.ReloadRefused> lastRefusedReloads() {
        return List.copyOf(lastRefusedReloads);
    }

    public long starts() {
        return starts;
    }

    public long stops() {
        return stops;
    }

    /** Failed starts, which are not counted in {@link #starts}. */
    public long failedStarts() {
        return failedStarts;
    }

    public Optional<TrailEvent.NotStarted> lastFailure() {
        return lastFailure;
    }

    public long drains() {
        return drains;
    }
}
