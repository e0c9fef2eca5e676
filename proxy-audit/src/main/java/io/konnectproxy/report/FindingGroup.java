package io.konnectproxy.report;

import java.util.List;
import java.util.Optional;

/**
 * All findings of a kind.
 *
 * @param listed the first of them
 * @param all how many there are
 * @param times how often in all
 */
public record FindingGroup(
        FindingKind kind, List<ReportFinding> listed, int all, long times, Optional<Long> first, Optional<Long> last) {
    public FindingGroup {
        listed = List.copyOf(listed);
    }

    static FindingGroup of(FindingKind kind, List<ReportFinding> found, int most) {
        long times = 0;
        Optional<Long> first = Optional.empty();
        Optional<Long> last = Optional.empty();
        for (ReportFinding finding : found) {
            times = Tally.sum(times, finding.times());
            first = earlier(first, finding.first());
            last = later(last, finding.last());
        }
        return new FindingGroup(kind, found.subList(0, Math.min(most, found.size())), found.size(), times, first, last);
    }

    private static Optional<Long> earlier(Optional<Long> one, Optional<Long> other) {
        return one.isEmpty() || (other.isPresent() && other.get() < one.get()) ? other : one;
    }

    private static Optional<Long> later(Optional<Long> one, Optional<Long> other) {
        return one.isEmpty() || (other.isPresent() && other.get() > one.get()) ? other : one;
    }
}
