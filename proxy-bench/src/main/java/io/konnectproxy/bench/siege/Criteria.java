package io.konnectproxy.bench.siege;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What must hold of every attack. */
final class Criteria {
    /** Of the time to the 200, for 99 of 100 honest visits. */
    private static final double MOST_MILLIS = 1_000;

    /** What may stay, in bytes: what is in caches for a while. */
    private static final long MORE_HEAP = 16 << 20;

    private static final long MORE_OUTSIDE = 32 << 20;

    /** These, what the JVM has compiled meanwhile, and the room that it leaves in the heap. */
    private static final long MORE_HELD = 96 << 20;

    private Criteria() {}

    static List<String> honest(HonestFigures honest) {
        List<String> faults = new ArrayList<>();
        if (honest.answers.size() == 0) {
            faults.add("nobody was served");
        } else if (honest.answers.micros(0.99) / 1e3 > MOST_MILLIS) {
            faults.add(String.format(
                    Locale.ROOT,
                    "of the honest one in a hundred waited %.0f ms or more for the 200",
                    honest.answers.micros(0.99) / 1e3));
        }
        honest.lost().forEach((why, times) -> faults.add("lost, " + why + " (" + times + ")"));
        if (honest.healthFailures() > 0) {
            faults.add("/healthz had no answer within 1 s, " + honest.healthFailures() + " of " + honest.health.size()
                    + " times");
        }
        return faults;
    }

    static List<String> memory(Memory before, Memory after) {
        List<String> faults = new ArrayList<>();
        returns(faults, "memory", before.held(), after.held(), MORE_HELD);
        returns(faults, "the live heap", before.heap(), after.heap(), MORE_HEAP);
        returns(faults, "memory outside the heap", before.outside(), after.outside(), MORE_OUTSIDE);
        return faults;
    }

    private static void returns(List<String> faults, String what, long before, long after, long more) {
        if (after > before + more) {
            faults.add(what + " did not return: " + Memory.mebibytes(before) + " MiB before, " + Memory.mebibytes(after)
                    + " MiB after");
        }
    }
}
