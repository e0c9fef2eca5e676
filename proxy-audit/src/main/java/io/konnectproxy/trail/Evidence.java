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
import java.util.stream.Stream;

/**
 * Checks the evidence that write access to the files is not enough to forge: signatures of checkpoints, and checkpoints that
 * were kept elsewhere. Not thread-safe.
 */
final class Evidence {
    private static final int MANY_KEYS = 100;

    private final Map<String, VerificationKey> keys;
    private final NavigableMap<Long, String> kept;
    /** Checkpoints that the archive keeps; those that were met are taken out. */
    private final NavigableMap<Long, CheckpointSource> archived = new TreeMap<>();

    /** The newest one of the archive that was met, and the line with its number. It binds all lines before it. */
    private Optional<CheckpointSource> met = Optional.empty();

    private String metLine = "";
    /** The newest one of the archive behind the last line, once it was read. */
    private Optional<ArchivedCheckpoint> behind = Optional.empty();

    private Optional<ChainCheck.Fault> rewritten = Optional.empty();
    private Optional<ArchivedCheckpoint> unsound = Optional.empty();
    private final Set<String> named = new TreeSet<>();
    private long checkpoints;
    private OptionalLong signedTo = OptionalLong.empty();
    private OptionalLong keptTo = OptionalLong.empty();
    /** The number of the next checkpoint to compare, so that a line costs one comparison; the maximum value if there is none. */
    private long nextKept;

    /** @param archived checkpoints that the archive keeps beside the files */
    Evidence(List<VerificationKey> keys, NavigableMap<Long, String> kept, List<CheckpointSource> archived) {
        this.keys =
                keys.stream().collect(Collectors.toMap(VerificationKey::fingerprint, key -> key, (one, same) -> one));
        this.kept = new TreeMap<>(kept);
        archived.forEach(checkpoint -> this.archived.put(checkpoint.key().seq(), checkpoint));
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
        meet(line);
        Optional<ChainCheck.Fault> fault =
                kept.isEmpty() || line.seq() < kept.firstKey() ? Optional.empty() : compareKept(line);
        next();
        return fault;
    }

    private void meet(TrailLine line) {
        // Those of files that are not given say nothing of these.
        archived.headMap(line.seq()).clear();
        CheckpointSource wanted = archived.remove(line.seq());
        if (wanted != null) {
            met = Optional.of(wanted);
            metLine = line.text();
        }
    }

    /** Reads the two checkpoints of the archive that say everything, after all lines. */
    void readArchived() {
        Optional<ArchivedCheckpoint> newest = Optional.ofNullable(archived.lastEntry())
                .map(last -> last.getValue().read());
        behind = newest.filter(ArchivedCheckpoint::isSound).map(last -> last.with(signature(last.signedPart())));
        Optional<ArchivedCheckpoint> within = met.map(CheckpointSource::read);
        // What lies beside the files proves no more than their signatures: whoever can write these may write those.
        rewritten = within.filter(
                        checkpoint -> checkpoint.isSound() && !checkpoint.line().equals(metLine))
                .map(checkpoint -> new ChainCheck.Fault(Defect.REWRITTEN, checkpoint.line(), metLine));
        unsound = Stream.of(within, newest, behind)
                .flatMap(Optional::stream)
                .filter(checkpoint -> !checkpoint.isSound())
                .findFirst();
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

    /** The newest checkpoint of a trail without files, if it had a line by one that was kept elsewhere. */
    Optional<ArchivedCheckpoint> cutWhole() {
        return kept.isEmpty()
                ? Optional.empty()
                : behind.map(newest -> newest.with(Optional.of(new ChainCheck.Fault(
                        Defect.CUT,
                        "line " + kept.lastKey() + ", a checkpoint that was kept elsewhere",
                        "no line of the trail"))));
    }

    /** The defect of a trail that ends after this line. */
    Optional<ChainCheck.Fault> atEnd(long lastSeq) {
        if (rewritten.isPresent()) {
            return rewritten;
        }
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

    /** A checkpoint of the archive, of the two that were read, that is not what its name says, or not signed with a given key. */
    Optional<ArchivedCheckpoint> falseCheckpoint() {
        return unsound.filter(checkpoint -> checkpoint.fault().isPresent());
    }

    /** Why a checkpoint of the archive could not be read. */
    Optional<TrailException> unread() {
        return unsound.flatMap(ArchivedCheckpoint::trouble);
    }

    /** What the archive's checkpoints prove to have been written behind the last line. */
    Optional<VerifyResult.NotHere> notHere(long lastSeq, Optional<String> lastTime) {
        return behind.map(last -> new VerifyResult.NotHere(lastSeq + 1, last.seq(), lastTime, last.time()));
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
