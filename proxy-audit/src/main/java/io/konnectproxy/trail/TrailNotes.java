package io.konnectproxy.trail;

import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What can be said of several trails together that none says by itself. */
public final class TrailNotes {
    /** Clocks of the machines that an instance moves between may differ. */
    private static final long TOLERANCE = Duration.ofMinutes(1).toNanos() / 1_000;

    private TrailNotes() {}

    /**
     * The trails of one instance that overlap in time, and those that begin anew where another ended without a stop, as sentences.
     *
     * @param trails in the order of {@link Trails#all}
     */
    public static List<String> of(List<CheckedTrail> trails) {
        Map<String, List<CheckedTrail>> byInstance = new TreeMap<>();
        trails.stream()
                .filter(checked -> checked.extent().first().isPresent())
                .forEach(checked -> checked.trail()
                        .instance()
                        .ifPresent(name -> byInstance
                                .computeIfAbsent(name, any -> new ArrayList<>())
                                .add(checked)));
        List<String> notes = new ArrayList<>();
        byInstance.forEach((instance, all) -> of(Printable.of(instance), all, notes));
        return notes;
    }

    private static void of(String instance, List<CheckedTrail> trails, List<String> notes) {
        Optional<CheckedTrail> longest = Optional.empty();
        for (CheckedTrail next : trails) {
            if (longest.isPresent()) {
                compare(instance, longest.get(), next, notes);
            }
            if (longest.isEmpty() || end(next) > end(longest.get())) {
                longest = Optional.of(next);
            }
        }
    }

    private static void compare(String instance, CheckedTrail before, CheckedTrail next, List<String> notes) {
        VerifyResult.Mark first = next.extent().first().orElseThrow();
        VerifyResult.Mark last = before.extent().last().orElseThrow();
        if (Micros.parse(first.time()) < end(before) - TOLERANCE) {
            notes.add(name(before) + " and " + name(next) + " are both of " + instance + " and overlap from "
                    + first.time() + " on: two proxies have one name, or a volume was copied.");
        } else if (first.seq() == 1 && before.isIntact() && !before.extent().stopped()) {
            notes.add(name(before) + " of " + instance + " ends at " + last.time() + " without a stop, and "
                    + name(next) + " begins anew at " + first.time() + ".");
        }
    }

    private static String name(CheckedTrail checked) {
        return "Trail " + checked.trail().id().orElse("(version 1)");
    }

    /** By the time that the trail had seen pass, where its clock was ahead of it. */
    private static long end(CheckedTrail checked) {
        long last = Micros.parse(checked.extent().last().orElseThrow().time());
        return last - Math.max(0, checked.extent().ahead());
    }
}
