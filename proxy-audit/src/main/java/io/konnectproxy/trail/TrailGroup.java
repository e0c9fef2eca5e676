package io.konnectproxy.trail;

import io.konnectproxy.trail.SegmentSearch.Candidate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Files of one trail.
 *
 * @param id empty if all begin with lines of version 1
 */
record TrailGroup(Optional<String> id, List<Candidate> files) {
    private static final Comparator<Candidate> ORDER = Comparator.comparingLong(Candidate::seq);

    Candidate oldest() {
        return files.stream().min(ORDER).orElseThrow();
    }

    /** But for one without a whole line, if there is another. */
    Candidate newest() {
        return files.stream()
                .filter(file -> file.seq() != Segment.LAST)
                .max(ORDER)
                .orElse(files.get(0));
    }
}
