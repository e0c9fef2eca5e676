package io.konnectproxy.trail;

import io.konnectproxy.keys.VerificationKey;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks the evidence that write access to the files is not enough to forge: signatures of checkpoints, and checkpoints that
 * were kept elsewhere. Not thread-safe.
 */
final class Evidence {
    private static final int MANY_KEYS = 100;

    private final Map<String, VerificationKey> keys;
    private final NavigableMap<Long, String> kept;
    private final Set<String> named = new TreeSet<>();
    private long checkpoints;
    private OptionalLong signedTo = OptionalLong.empty();
    private OptionalLong keptTo = OptionalLong.empty();
    /** The number of the next kept checkpoint, so that a line costs one comparison; the maximum value if there is none. */
    private long nextKept;

    Evidence(List<VerificationKey> keys, NavigableMap<Long, String> kept) {
        this.keys =
                keys.stream().collect(Collectors.toMap(VerificationKey::fingerprint, key -> key, (one, same) -> one));
        this.kept = new TreeMap<>(kept);
        this.nextKept = kept.isEmpty() ? Long.MAX_VALUE : kept.firstKey();
    }

    /** Checks a line that the chain check accepted. */
    Optional<ChainCheck.Fault> check(TrailLine line) {
        if (line.isEvent(LineForm.CHECKPOINT)) {
            Optional<ChainCheck.Fault> wrong = checkpoint(line);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return line.seq() < nextKept ? Optional.empty() : compare(line);
    }

    private Optional<ChainCheck.Fault> checkpoint(TrailLine line) {
        TrailLine.SignedPart checkpoint = line.checkpoint().orElseThrow();
        checkpoints++;
        if (named.size() < MANY_KEYS) {
            named.add(checkpoint.key());
        }
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        VerificationKey key = keys.get(checkpoint.key());
        if (key == null) {
            return Optional.of(new ChainCheck.Fault(
                    Defect.OTHER_KEY,
                    "key " + String.join(" or ", keys.keySet()) + " (--key may be given for each key that ever signed)",
                    "key " + checkpoint.key()));
        }
        if (!key.verifies(checkpoint.signed(), checkpoint.signature())) {
            return Optional.of(new ChainCheck.Fault(
                    Defect.WRONG_SIGNATURE,
                    "a signature with key " + checkpoint.key(),
                    "one that was not made with it over these bytes"));
        }
        signedTo = OptionalLong.of(line.seq());
        return Optional.empty();
    }

    private Optional<ChainCheck.Fault> compare(TrailLine line) {
        Map.Entry<Long, String> wanted = kept.firstEntry();
        if (line.seq() > wanted.getKey()) {
            return Optional.of(new ChainCheck.Fault(
                    Defect.NOT_COVERED,
                    "the segment with line " + wanted.getKey(),
                    "the trail from line " + line.seq() + " on"));
        }
        if (!line.text().equals(wanted.getValue())) {
            return Optional.of(new ChainCheck.Fault(Defect.REWRITTEN, wanted.getValue(), line.text()));
        }
        keptTo = OptionalLong.of(line.seq());
        kept.remove(wanted.getKey());
        nextKept = kept.isEmpty() ? Long.MAX_VALUE : kept.firstKey();
        return Optional.empty();
    }

    /** The defect of a trail that ends after this line. */
    Optional<ChainCheck.Fault> atEnd(long lastSeq) {
        if (!kept.isEmpty()) {
            long missing = kept.lastKey();
            return Optional.of(new ChainCheck.Fault(
                    Defect.CUT,
                    "line " + missing + ", a checkpoint that was kept elsewhere",
                    "line " + lastSeq + " as the last one; missing at least: "
                            + ChainCheck.count(missing - lastSeq, lastSeq + 1)));
        }
        return !keys.isEmpty() && checkpoints == 0
                ? Optional.of(new ChainCheck.Fault(
                        Defect.UNSIGNED, "a checkpoint with key " + String.join(" or ", keys.keySet()), "none"))
                : Optional.empty();
    }

    /** The last line that a verified signature proves. */
    OptionalLong signedTo() {
        return signedTo;
    }

    VerifyResult.Intact intact(VerifyResult.Extent extent, VerifyResult.Incidents incidents) {
        return new VerifyResult.Intact(extent, checkpoints, Set.copyOf(named), signedTo, keptTo, incidents);
    }
}
