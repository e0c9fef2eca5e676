package io.konnectproxy.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A proxy, with all its trails: a new one begins where the files of the last one are not there any more.
 *
 * @param name escaped
 * @param trails at least one
 */
public record ReportedProxy(String name, List<ReportedTrail> trails) {
    /** What the verification of a trail came to, the worst first. Tokens are stable. */
    public enum Proof {
        BROKEN,
        /** A file could not be read. */
        NOT_VERIFIED,
        /** There are checkpoints of it, and no line. */
        NO_LINES,
        /** The chain is whole, and nothing else is known. */
        CHAIN,
        /** A checkpoint that was kept elsewhere holds lines of it. */
        KEPT,
        /** Lines of it were signed with a given key. */
        SIGNED;

        boolean isWhole() {
            return this == CHAIN || this == KEPT || this == SIGNED;
        }

        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Proof of(ReportedTrail trail) {
            if (trail.isEmpty()) {
                return NO_LINES;
            }
            if (trail.integrity().verification().isEmpty()) {
                return NOT_VERIFIED;
            }
            TrailVerification found = trail.integrity().verification().get();
            if (found.broken().isPresent()) {
                return BROKEN;
            }
            return found.signedTo().isPresent() ? SIGNED : found.keptTo().isPresent() ? KEPT : CHAIN;
        }
    }

    public ReportedProxy {
        trails = List.copyOf(trails);
    }

    /** The one that was heard of last. */
    public ReportedTrail newest() {
        return trails.stream()
                .max(Comparator.comparingLong(ReportedTrail::heard))
                .orElseThrow();
    }

    /** The worst of its trails. */
    public Proof proof() {
        return trails.stream().map(Proof::of).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** The last line of a trail that its proof holds; empty where it holds none. */
    public static OptionalLong provenTo(ReportedTrail trail) {
        return switch (Proof.of(trail)) {
            case NOT_VERIFIED, NO_LINES -> OptionalLong.empty();
            case SIGNED -> trail.integrity().verification().orElseThrow().signedTo();
            case KEPT -> trail.integrity().verification().orElseThrow().keptTo();
            case CHAIN, BROKEN ->
                OptionalLong.of(trail.integrity().verification().orElseThrow().last());
        };
    }

    /** Lines of the period. */
    public long lines() {
        return trails.stream().mapToLong(ReportedTrail::lines).sum();
    }

    public long unreadable() {
        return trails.stream().mapToLong(ReportedTrail::unreadable).sum();
    }

    public Tally tally() {
        Tally sum = new Tally();
        trails.forEach(trail -> sum.add(trail.tally()));
        return sum;
    }

    /** {@link Long#MAX_VALUE} without a line. */
    public long first() {
        return trails.stream().mapToLong(ReportedTrail::first).min().orElse(Long.MAX_VALUE);
    }

    /** {@link Long#MIN_VALUE} without a line. */
    public long last() {
        return trails.stream().mapToLong(ReportedTrail::last).max().orElse(Long.MIN_VALUE);
    }
}
