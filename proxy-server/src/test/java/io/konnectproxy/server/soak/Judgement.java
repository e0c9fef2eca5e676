package io.konnectproxy.server.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Whether anything stayed behind: sentences for what did, none for a clean soak. */
final class Judgement {
    /** In these code is compiled, pools fill and caches grow to their size. */
    static final int WARM_UP = 2;

    private static final long HEAP_MARGIN = 2L << 20;
    private static final long DIRECT_MARGIN = 16L << 20;

    private final List<String> faults = new ArrayList<>();

    private Judgement() {}

    static List<String> of(Rounds soak, AuditCount audit) {
        Judgement judgement = new Judgement();
        judgement.faults.addAll(soak.problems());
        judgement.lines(soak, audit);
        Counters first = soak.rounds().get(0).rest();
        soak.rounds().forEach(round -> judgement.atRest(round, first));
        List<Round> warm = soak.rounds()
                .subList(
                        Math.min(WARM_UP, soak.rounds().size() - 1),
                        soak.rounds().size());
        judgement.flat("heap", warm, Counters::heap, HEAP_MARGIN);
        judgement.flat("direct memory", warm, Counters::direct, DIRECT_MARGIN);
        return judgement.faults;
    }

    private void lines(Rounds soak, AuditCount audit) {
        equal("decision lines", soak.decisionsOwed(), audit.decisions());
        equal("lines of a permission", soak.tunnelsOwed(), audit.permitted());
        equal("lines of a tunnel's end", soak.tunnelsOwed(), audit.tunnels());
        equal("lines of a tunnel that have no decision, or are a second one", 0, audit.wrong());
    }

    private void atRest(Round round, Counters first) {
        String when = " at rest after round " + round.number();
        Counters rest = round.rest();
        equal("connections" + when, 0, rest.connections());
        equal("channels" + when, 0, rest.channels());
        equal("tunnels" + when, 0, rest.tunnels());
        // Netty's HTTP encoder has two that it keeps for good.
        equal("buffers" + when, first.buffers(), rest.buffers());
        equal("leak reports" + when, 0, rest.leaks());
        equal("open files" + when, first.files(), rest.files());
        equal("threads" + when, first.threads(), rest.threads());
    }

    private void equal(String what, long wanted, long found) {
        if (wanted != found) {
            faults.add(what + ": " + found + " instead of " + wanted);
        }
    }

    /** The mean of the last third is not above that of the first. */
    private void flat(String what, List<Round> rounds, ToLongFunction<Counters> amount, long margin) {
        int third = Math.max(1, rounds.size() / 3);
        long early = mean(rounds.subList(0, third), amount);
        long late = mean(rounds.subList(rounds.size() - third, rounds.size()), amount);
        if (late > early + margin) {
            faults.add(what + " grows: " + (early >> 10) + " KiB in the first third, " + (late >> 10) + " in the last");
        }
    }

    private static long mean(List<Round> rounds, ToLongFunction<Counters> amount) {
        return (long) rounds.stream()
                .mapToLong(round -> amount.applyAsLong(round.rest()))
                .average()
                .orElseThrow();
    }
}
