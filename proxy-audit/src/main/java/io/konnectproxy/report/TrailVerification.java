package io.konnectproxy.report;

import io.konnectproxy.trail.Defect;
import io.konnectproxy.trail.VerifyResult;
import io.konnectproxy.trail.event.Printable;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the verification of the lines came to, in the same pass.
 *
 * @param keyGiven whether a public key was given
 * @param keptGiven whether a checkpoint that was kept elsewhere was given
 * @param first the number of the first line that was verified; 0 if none was
 * @param last the number of the last one
 * @param signedTo the last line that a verified signature proves
 * @param keptTo the last line that a kept checkpoint proves
 * @param broken the first defect; empty if there is none
 */
public record TrailVerification(
        boolean keyGiven,
        boolean keptGiven,
        long first,
        long last,
        OptionalLong signedTo,
        OptionalLong keptTo,
        Optional<FirstDefect> broken) {
    private static final Set<Defect> OF_SIGNATURES =
            EnumSet.of(Defect.WRONG_SIGNATURE, Defect.OTHER_KEY, Defect.UNSIGNED);
    private static final Set<Defect> OF_KEPT_ONES = EnumSet.of(Defect.CUT, Defect.REWRITTEN, Defect.NOT_COVERED);
    private static final Set<Defect> OF_MISSING_LINES =
            EnumSet.of(Defect.MISSING, Defect.SEGMENT_MISSING, Defect.CUT, Defect.TORN);

    /**
     * The first defect; what comes after it was not verified.
     *
     * @param token the stable name of the defect, {@code edited}
     * @param sentence what it is, without a full stop
     * @param place {@code trail.jsonl:12}, or the file alone
     * @param ofSignatures whether it is one of the signatures
     * @param ofKeptOnes whether a kept checkpoint shows it
     * @param ofMissingLines whether lines are missing
     */
    public record FirstDefect(
            String token,
            String sentence,
            String place,
            String expected,
            String found,
            boolean ofSignatures,
            boolean ofKeptOnes,
            boolean ofMissingLines) {
        static FirstDefect of(VerifyResult.Broken broken) {
            Defect defect = broken.defect();
            String file = broken.segment().substring(broken.segment().lastIndexOf('/') + 1);
            return new FirstDefect(
                    defect.name().toLowerCase(Locale.ROOT),
                    defect.sentence(),
                    Printable.of(file)
                            + (broken.line().isPresent() ? ":" + broken.line().getAsLong() : ""),
                    Printable.of(broken.expected()),
                    Printable.of(broken.found()),
                    OF_SIGNATURES.contains(defect),
                    OF_KEPT_ONES.contains(defect),
                    OF_MISSING_LINES.contains(defect));
        }
    }

    static TrailVerification of(VerifyResult result, boolean keyGiven, boolean keptGiven) {
        VerifyResult.Extent extent = result.extent();
        Optional<VerifyResult.Intact> intact =
                result instanceof VerifyResult.Intact found ? Optional.of(found) : Optional.empty();
        return new TrailVerification(
                keyGiven,
                keptGiven,
                extent.first().map(VerifyResult.Mark::seq).orElse(0L),
                extent.last().map(VerifyResult.Mark::seq).orElse(0L),
                result instanceof VerifyResult.Broken broken
                        ? broken.signedTo()
                        : intact.map(VerifyResult.Intact::signedTo).orElse(OptionalLong.empty()),
                intact.map(VerifyResult.Intact::keptTo).orElse(OptionalLong.empty()),
                result instanceof VerifyResult.Broken broken ? Optional.of(FirstDefect.of(broken)) : Optional.empty());
    }
}
