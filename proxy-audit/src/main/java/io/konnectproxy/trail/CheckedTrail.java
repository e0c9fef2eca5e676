package io.konnectproxy.trail;

import java.util.Optional;

/**
 * A trail of several, and what its verification came to.
 *
 * @param result empty if the trail could not be read to its end
 * @param trouble the sentence that says why
 */
public record CheckedTrail(Trail trail, Optional<VerifyResult> result, Optional<String> trouble) {
    /** What was verified without a defect. */
    public VerifyResult.Extent extent() {
        return result.map(VerifyResult::extent).orElse(VerifyResult.Extent.NOTHING);
    }

    public boolean isIntact() {
        return result.filter(VerifyResult.Intact.class::isInstance).isPresent();
    }

    public Optional<VerifyResult.Broken> broken() {
        return result.filter(VerifyResult.Broken.class::isInstance).map(VerifyResult.Broken.class::cast);
    }

    /** Lines that were written and are not here, by a checkpoint of the archive or by the numbers around a hole. */
    public Optional<VerifyResult.NotHere> notHere() {
        return result.flatMap(found -> {
            if (found instanceof VerifyResult.Intact intact) {
                return intact.notHere();
            }
            return found instanceof VerifyResult.Broken broken
                    ? broken.notHere()
                    : Optional.of(((VerifyResult.Absent) found).notHere());
        });
    }

    /** How many lines there were before the first one that is here. Nothing tells a removal by the keep rules from another. */
    public long before() {
        return extent().first().map(mark -> mark.seq() - 1).orElse(0L);
    }
}
