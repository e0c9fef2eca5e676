package io.konnectproxy.trail;

import io.konnectproxy.keys.VerificationKey;
import java.util.ArrayList;
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
    /** Checkpoints that the archive keeps; those that were met are taken out. */
    private final NavigableMap<Long, ArchivedCheckpoint> archived = new TreeMap<>();

    private final List<ArchivedCheckpoint> unsound = new ArrayList<>();
    private final Set<String> named = new TreeSet<>();
    private long checkpoints;
    private OptionalLong signedTo = OptionalLong.empty();
    private OptionalLong keptTo = OptionalLong.empty();
    /** The number of the next checkpoint to compare, so that a line costs one comparison; the maximum value if there is none. */
    private long nextKept;

    /** @param archived checkpoints that the archive keeps beside the files */
    Evidence(List<VerificationKey> keys, NavigableMap<Long, String> kept, List<ArchivedCheckpoint> archived) {
        this.keys =
                keys.stream().collect(Collectors.toMap(VerificationKey::fingerprint, key -> key, (one, same) -> one));
        this.kept = new TreeMap<>(kept);
        for (ArchivedCheckpoint checkpoint : archived) {
            if (!checkpoint.isSound()) {
                unsound.add(checkpoint);
            } else {
                this.archived.put(checkpoint.seq(), checkpoint);
            }
        }
        next();
    }

    private void next() {
        long ofKept = kept.isEmpty() ? Long.MAX_VALUE : kept.firstKey();
        nextKept = Math.min(ofKept, archived.isEmpty() ? Long.MAX_VALUE : archived.firstKey());
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
        Optional<ChainCheck.Fault> fault = signature(checkpoint);
        if (fault.isEmpty() && !keys.isEmpty()) {
            signedTo = OptionalLong.of(line.seq());
        }
        return fault;
    }

    private Optional<ChainCheck.Fault> signature(TrailLine.SignedPart checkpoint) {
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
        return Optional.empty();
    }

    private Optional<ChainCheck.Fault> compare(TrailLine line) {
        Optional<ChainCheck.Fault> fault = compareArchived(line);
        if (fault.isEmpty() && !kept.isEmpty() && line.seq() >= kept.firstKey()) {
            fault = compareKept(line);
        }
        next();
        return fault;
    }

    private Optional<ChainCheck.Fault> compareArchived(TrailLine line) {
        // Those of files that are not given say nothing of these.
        archived.headMap(line.seq()).clear();
        ArchivedCheckpoint wanted = archived.remove(line.seq());
        if (wanted == null) {
            return Optional.empty();
        }
        if (!line.text().equals(wanted.line())) {
            return Optional.of(new ChainCheck.Fault(Defect.REWRITTEN, wanted.line(), line.text()));
        }
        // What lies beside the files proves no more than their signatures: whoever can write these may write those.
        return Optional.empty();
    }

    private Optional<ChainCheck.Fault> compareKept(TrailLine line) {
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

    /** A checkpoint of the archive that is not what its name says, or not signed with a given key. */
    Optional<ArchivedCheckpoint> falseCheckpoint() {
        return unsound.stream()
                .filter(checkpoint -> checkpoint.fault().isPresent())
                .findFirst()
                .or(() -> archived.values().stream()
                        .map(behind -> behind.with(signature(behind.signedPart())))
                        .filter(behind -> behind.fault().isPresent())
                        .findFirst());
    }

    /** Why a checkpoint of the archive could not be read. */
    Optional<TrailException> unread() {
        return unsound.stream()
                .flatMap(checkpoint -> checkpoint.trouble().stream())
                .findFirst();
    }

    /** What the archive's checkpoints prove to have been written behind the last line. */
    Optional<VerifyResult.NotHere> notHere(long lastSeq, Optional<String> lastTime) {
        return archived.isEmpty()
                ? Optional.empty()
                : Optional.of(new VerifyResult.NotHere(
                        lastSeq + 1,
                        archived.lastKey(),
                        lastTime,
                        archived.lastEntry().getValue().time()));
    }

    /** The last line that a verified signature proves. */
    OptionalLong signedTo() {
        return signedTo;
    }

    VerifyResult.Intact intact(VerifyResult.Extent extent, VerifyResult.Incidents incidents) {
        VerifyResult.Mark last = extent.last().orElseThrow();
        return new VerifyResult.Intact(
                extent,
                checkpoints,
                Set.copyOf(named),
                signedTo,
                keptTo,
                notHere(last.seq(), Optional.of(last.time())),
                incidents);
    }
}
