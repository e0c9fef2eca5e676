package io.konnectproxy.bench.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the data planes counted against the lines that are left, request by request. Each request falls in exactly one of the sums;
 * what fits in none is a fault.
 */
final class Reckoning {
    /** Requests, and the bytes of their tunnels. */
    static final class Sum {
        long requests;
        long up;
        long down;

        void add(long moreUp, long moreDown) {
            requests++;
            up += moreUp;
            down += moreDown;
        }
    }

    /** What the lines that were lost with a machine said. */
    static final class Loss {
        final Sum permitted = new Sum();
        final Sum refused = new Sum();

        /** Tunnels whose decision is left, and whose end is not. */
        final Sum ends = new Sum();
    }

    private static final int MOST_TOLD = 5;

    private final Recorded left;
    private final List<Recorded> lost;
    private final Map<String, Machine> machines = new HashMap<>();
    private final Map<String, Loss> losses = new HashMap<>();
    private final Map<String, Long> withoutLine = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long faulty;

    final Sum permitted = new Sum();
    final Sum refused = new Sum();

    /** Of these, requests that have no line of their own, and are counted in a sum. */
    final Sum summed = new Sum();

    /** Tunnels that the data plane ended, with nothing under way: its bytes and the proxy's are the same. */
    final Sum atRest = new Sum();

    /** Tunnels that ended otherwise: the proxy's bytes, which lie between what was confirmed and what was sent. */
    final Sum cut = new Sum();

    /** Tunnels without an end in the trail, because their proxy was killed: the data planes' bytes. */
    final Sum killed = new Sum();

    /** Permitted, but the tunnel was never established, and the data plane was told so. */
    final Sum unestablished = new Sum();

    /** Permitted, but the answer never arrived. */
    final Sum permittedUnheard = new Sum();

    /** Refused, but the answer never arrived. */
    final Sum refusedUnheard = new Sum();

    /** Asked, but there is neither an answer nor a line. */
    final Sum undecided = new Sum();

    /**
     * @param left the lines that are left
     * @param lost all lines of each machine that is lost, some of which are left too
     */
    Reckoning(Recorded left, List<Recorded> lost, List<Machine> machines) {
        this.left = left;
        this.lost = lost;
        machines.forEach(machine -> this.machines.put(machine.instance(), machine));
    }

    void reckon(List<Attempt> attempts) {
        Set<String> known = new HashSet<>();
        for (Attempt attempt : attempts) {
            known.add(attempt.key());
            switch (attempt.answer) {
                case PERMITTED -> permitted(attempt);
                case REFUSED -> refused(attempt);
                case NONE -> unheard(attempt);
            }
        }
        left.decisions().keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> fault(key, "has a decision that nobody asked for"));
        Set<String> summedUp = new HashSet<>(withoutLine.keySet());
        summedUp.addAll(left.summed().keySet());
        for (String address : summedUp) {
            long counted = withoutLine.getOrDefault(address, 0L);
            long recorded = left.summed().getOrDefault(address, 0L);
            if (counted != recorded) {
                fault(address, "was refused " + counted + " times without a line, and sums say " + recorded);
            }
        }
        left.repeated().forEach(key -> fault(key, "has two decisions or two ends"));
    }

    private void permitted(Attempt attempt) {
        Recorded.Decision decision = left.decisions().get(attempt.key());
        Recorded.Decision gone = gone(attempt);
        if (decision != null && decision.permitted()) {
            permitted.add(0, 0);
            tunnel(attempt);
        } else if (decision == null && gone != null && gone.permitted()) {
            loss(attempt).permitted.add(attempt.sent, attempt.received);
        } else {
            fault(attempt.key(), "was permitted, and no line says so");
        }
    }

    private void tunnel(Attempt attempt) {
        Recorded.Tunnel tunnel = left.tunnels().get(attempt.key());
        if (tunnel == null) {
            if (lost.stream().anyMatch(lines -> lines.tunnels().containsKey(attempt.key()))) {
                loss(attempt).ends.add(attempt.sent, attempt.received);
            } else if (machine(attempt).mayHaveCut(attempt.ended)) {
                killed.add(attempt.sent, attempt.received);
            } else {
                fault(attempt.key(), "had a tunnel that has no end");
            }
        } else if (attempt.endedAtRest) {
            atRest.add(tunnel.up(), tunnel.down());
            if (tunnel.up() != attempt.sent || tunnel.down() != attempt.received) {
                fault(
                        attempt.key(),
                        "carried " + attempt.sent + " up and " + attempt.received + " down, and the trail says "
                                + tunnel.up() + " and " + tunnel.down());
            }
        } else {
            cut.add(tunnel.up(), tunnel.down());
            if (tunnel.up() < attempt.confirmed
                    || tunnel.up() > attempt.sent
                    || tunnel.down() < attempt.received
                    || tunnel.down() > attempt.expected) {
                fault(
                        attempt.key(),
                        "was cut after " + attempt.confirmed + " to " + attempt.sent + " up and " + attempt.received
                                + " to " + attempt.expected + " down, and the trail says " + tunnel.up() + " and "
                                + tunnel.down());
            }
        }
    }

    private void refused(Attempt attempt) {
        Recorded.Decision decision = left.decisions().get(attempt.key());
        Recorded.Decision gone = gone(attempt);
        if (decision != null && !decision.permitted() && decision.reason().equals(attempt.reason)) {
            refused.add(0, 0);
        } else if (decision != null && decision.permitted()) {
            unestablished(attempt);
        } else if (decision == null && gone != null) {
            (gone.permitted() ? loss(attempt).permitted : loss(attempt).refused).add(0, 0);
        } else if (decision == null) {
            withoutLine.merge(attempt.address(), 1L, Long::sum);
            refused.add(0, 0);
            summed.add(0, 0);
        } else {
            fault(attempt.key(), "was refused for " + attempt.reason + ", and the line says " + decision.reason());
        }
    }

    private void unestablished(Attempt attempt) {
        unestablished.add(0, 0);
        Recorded.Tunnel tunnel = left.tunnels().get(attempt.key());
        boolean lostEnd = lost.stream().anyMatch(lines -> lines.tunnels().containsKey(attempt.key()));
        if (tunnel == null && !lostEnd && !machine(attempt).mayHaveCut(attempt.ended)) {
            fault(attempt.key(), "was told " + attempt.reason + ", and no line says what became of its tunnel");
        } else if (tunnel != null && !tunnel.outcome().equals(attempt.reason)) {
            fault(attempt.key(), "was told " + attempt.reason + ", and the line says " + tunnel.outcome());
        }
    }

    private void unheard(Attempt attempt) {
        Recorded.Decision decision = left.decisions().get(attempt.key());
        if (decision == null) {
            undecided.add(0, 0);
        } else if (decision.permitted()) {
            permittedUnheard.add(0, 0);
            Recorded.Tunnel tunnel = left.tunnels().get(attempt.key());
            if (tunnel != null) {
                cut.add(tunnel.up(), tunnel.down());
            }
        } else {
            refusedUnheard.add(0, 0);
        }
    }

    private Recorded.@Nullable Decision gone(Attempt attempt) {
        return lost.stream()
                .map(lines -> lines.decisions().get(attempt.key()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Machine machine(Attempt attempt) {
        Machine machine = machines.get(attempt.instance);
        if (machine == null) {
            throw new IllegalStateException("no machine " + attempt.instance);
        }
        return machine;
    }

    private Loss loss(Attempt attempt) {
        return losses.computeIfAbsent(attempt.instance, instance -> new Loss());
    }

    private void fault(String key, String what) {
        faulty++;
        if (faults.size() < MOST_TOLD) {
            faults.add(key + " " + what);
        }
    }

    long faulty() {
        return faulty;
    }

    /** The first of them. */
    List<String> faults() {
        return faults;
    }

    /** By instance. */
    Map<String, Loss> losses() {
        return losses;
    }
}
