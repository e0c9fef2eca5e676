package io.konnectproxy.trail;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.event.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a trail from its first line to its last and finds the first defect. It needs memory for one line. It reads the trail
 * itself, or is shown lines that somebody else reads. For one use; not thread-safe.
 */
public final class TrailCheck implements TrailVisitor {
    private final ChainCheck chain = new ChainCheck();
    private final TrailLine line = new TrailLine();
    private final ExtentCount extent = new ExtentCount();
    private final IncidentList incidents = new IncidentList();
    private final Beginning beginning = new Beginning();
    private final Evidence evidence;
    private final Duration lineTimeout;
    private @Nullable Segment segment;
    private @Nullable Segment first;
    private @Nullable MissingLine missing;
    private VerifyResult.@Nullable Broken broken;
    private @Nullable TrailException failure;

    /**
     * Creates a check.
     *
     * @param keys the public keys for signatures; if empty, signatures are not verified
     * @param kept checkpoint lines that must be in the trail, by their sequence numbers
     */
    public TrailCheck(List<VerificationKey> keys, NavigableMap<Long, String> kept) {
        this(keys, kept, List.of(), TrailWalk.LINE_TIMEOUT);
    }

    /** A check of one trail of several, also against the checkpoints that the archive keeps of it. */
    public TrailCheck(List<VerificationKey> keys, NavigableMap<Long, String> kept, Trail trail) {
        this(keys, kept, trail.archived(), TrailWalk.LINE_TIMEOUT);
    }

    TrailCheck(List<VerificationKey> keys, NavigableMap<Long, String> kept, Duration lineTimeout) {
        this(keys, kept, List.of(), lineTimeout);
    }

    /** A check with another timeout for the end of an incomplete line. */
    TrailCheck(
            List<VerificationKey> keys,
            NavigableMap<Long, String> kept,
            List<CheckpointSource> archived,
            Duration lineTimeout) {
        this.lineTimeout = lineTimeout;
        this.evidence = new Evidence(keys, kept, archived);
    }

    /**
     * Reads a trail and verifies it.
     *
     * @throws TrailException if a file cannot be read
     */
    public VerifyResult run(Segments segments, TrailWalk.Progress progress) throws TrailException {
        new TrailWalk(progress, lineTimeout).over(segments, this);
        return result();
    }

    /**
     * The result, after all lines.
     *
     * @throws TrailException if a file could not be read
     */
    public VerifyResult result() throws TrailException {
        explain();
        if (failure != null) {
            throw failure;
        }
        if (broken != null) {
            return broken;
        }
        evidence.readArchived();
        Optional<TrailException> unread = evidence.unread();
        if (unread.isPresent()) {
            throw unread.get();
        }
        return segment == null ? absent() : atEnd(segment);
    }

    private VerifyResult absent() {
        return evidence.falseCheckpoint()
                .map(this::wrong)
                .or(() -> evidence.cutWhole().map(this::wrong))
                .<VerifyResult>map(broken -> broken)
                .orElseGet(() -> new VerifyResult.Absent(evidence.notHere(0, Optional.empty())
                        .orElseThrow(() -> new IllegalStateException("no file was shown"))));
    }

    private VerifyResult.Broken wrong(ArchivedCheckpoint checkpoint) {
        ChainCheck.Fault fault = checkpoint.fault().orElseThrow();
        return new VerifyResult.Broken(
                extent.extent(chain.trail()),
                evidence.signedTo(),
                fault.defect(),
                checkpoint.name(),
                OptionalLong.empty(),
                fault.expected(),
                fault.found(),
                Optional.empty());
    }

    /** The number of lines that were verified so far. */
    public long verified() {
        return extent.lines();
    }

    private Segment current() {
        if (segment == null) {
            throw new IllegalStateException("no file was shown");
        }
        return segment;
    }

    @Override
    public boolean isDone() {
        return broken != null || failure != null;
    }

    /** Copies were left out, so that one of the two is false. */
    @Override
    public void twins(Segment one, Segment other) {
        explain();
        if (!isDone()) {
            breaks(
                    new ChainCheck.Fault(
                            Defect.TWO_FILES,
                            "one file that begins with line " + one.firstSeq(),
                            Printable.of(one.name()) + " and " + Printable.of(other.name())),
                    OptionalLong.empty(),
                    one);
        }
    }

    @Override
    public void begins(Segment next) {
        explain();
        if (!isDone()) {
            segment = next;
            first = first == null ? next : first;
            beginning.in(next.fileName());
            extent.segment();
        }
    }

    @Override
    public void line(byte[] bytes, int from, int end, long number) {
        if (isDone()) {
            return;
        }
        boolean wellFormed = line.read(bytes, from, end);
        if (missing != null) {
            if (missing.isExplainedBy(wellFormed ? line.seq() : 0, number)) {
                explain();
            }
            return;
        }
        if (number == 1 && wellFormed) {
            requireOwnName(current());
            requireSame(current());
        }
        if (!isDone()) {
            check(wellFormed).ifPresent(fault -> broken(fault, number));
        }
    }

    private void broken(ChainCheck.Fault fault, long number) {
        if (fault.defect() == Defect.MISSING && (number > 1 || extent.lines() == 0)) {
            // It may be further down in the file, which the following lines show.
            missing = new MissingLine(fault, chain.expected(), number);
            return;
        }
        boolean first = fault.defect() == Defect.MISSING;
        breaks(
                first ? new ChainCheck.Fault(Defect.SEGMENT_MISSING, fault.expected(), fault.found()) : fault,
                OptionalLong.of(number));
    }

    private void breaks(ChainCheck.Fault fault, OptionalLong number) {
        breaks(fault, number, current());
    }

    private void breaks(ChainCheck.Fault fault, OptionalLong number, Segment where) {
        broken = new VerifyResult.Broken(
                extent.extent(chain.trail()),
                evidence.signedTo(),
                fault.defect(),
                where.name(),
                number,
                fault.expected(),
                fault.found(),
                notHere(fault.defect()));
    }

    private Optional<VerifyResult.NotHere> notHere(Defect defect) {
        return defect == Defect.SEGMENT_MISSING && line.seq() > chain.expected()
                ? Optional.of(new VerifyResult.NotHere(
                        chain.expected(),
                        line.seq() - 1,
                        extent.extent(chain.trail()).last().map(VerifyResult.Mark::time),
                        line.time()))
                : Optional.empty();
    }

    /** Ends the search for a line that is missing. */
    private void explain() {
        if (missing != null) {
            breaks(missing.fault(), OptionalLong.of(missing.number()));
            missing = null;
        }
    }

    /** The file may have been rotated between the search for segments and this read, so that another file has its name. */
    private void requireSame(Segment opened) {
        if (!isDone() && line.seq() != opened.firstSeq() && opened.firstSeq() != Segment.LAST && line.hashFits()) {
            failure = moved(opened);
        }
    }

    /** The key of an object is never trusted. */
    private void requireOwnName(Segment opened) {
        Optional<String> named = opened.source().trailByName();
        // The first lines of a trail may be of version 1, and do not say of which trail they are.
        boolean own =
                line.seq() == opened.firstSeq() && line.trail().or(() -> named).equals(named);
        if (named.isPresent() && !own && line.hashFits()) {
            breaks(
                    new ChainCheck.Fault(
                            Defect.FALSE_NAME,
                            "line " + opened.firstSeq() + " of trail " + named.get(),
                            "line " + line.seq() + " of "
                                    + line.trail()
                                            .map(trail -> "trail " + trail)
                                            .orElse("a trail of version 1")),
                    OptionalLong.of(1));
        }
    }

    private static TrailException moved(Segment segment) {
        return new TrailException(Printable.of(segment.name())
                + " was rotated or compressed while the trail was read; check it once more.");
    }

    private Optional<ChainCheck.Fault> check(boolean wellFormed) {
        if (!wellFormed) {
            return Optional.of(new ChainCheck.Fault(
                    Defect.NOT_A_LINE, extent.lines() == 0 ? "a line" : "line " + chain.expected(), line.fault()));
        }
        Optional<ChainCheck.Fault> fault = chain.next(line);
        if (fault.isPresent()) {
            return fault;
        }
        Optional<ChainCheck.Fault> denied = evidence.check(line);
        if (denied.isEmpty()) {
            extent.line(line);
            beginning.line(line);
            incidents.add(line);
        }
        return denied;
    }

    @Override
    public void unfinished(long number, long bytes) {
        explain();
        if (!isDone()) {
            breaks(
                    new ChainCheck.Fault(
                            Defect.TORN, "a line feed at the end of the file", bytes + " bytes behind the last one"),
                    OptionalLong.of(number));
        }
    }

    @Override
    public void unreadable(long number, IOException reason) {
        explain();
        if (isDone()) {
            return;
        }
        if (reason instanceof EOFException || reason instanceof ZipException) {
            breaks(
                    new ChainCheck.Fault(Defect.DAMAGED_FILE, "more of it", FileWords.reason(reason)),
                    OptionalLong.of(number));
        } else if (reason instanceof NoSuchFileException) {
            failure = moved(current());
        } else {
            failure = FileWords.unreadable(current().name(), reason);
        }
    }

    @Override
    public void ended(long lines) {
        explain();
        // It would pass for the last file, and hide the checkpoints of those before it that were deleted.
        if (lines == 0 && !isDone()) {
            current()
                    .source()
                    .trailByName()
                    .ifPresent(trail -> breaks(
                            new ChainCheck.Fault(
                                    Defect.FALSE_NAME,
                                    "line " + current().firstSeq() + " of trail " + trail,
                                    "no line at all"),
                            OptionalLong.empty()));
        }
    }

    private VerifyResult atEnd(Segment newest) throws TrailException {
        if (extent.lines() == 0) {
            throw moved(newest);
        }
        Optional<ChainCheck.Fault> lost = beginning.atEnd();
        if (lost.isPresent()) {
            breaks(lost.get(), OptionalLong.of(1), first == null ? newest : first);
            return result();
        }
        Optional<ChainCheck.Fault> fault = evidence.atEnd(chain.expected() - 1);
        if (fault.isPresent()) {
            breaks(fault.get(), OptionalLong.empty());
            return result();
        }
        return evidence.falseCheckpoint()
                .<VerifyResult>map(this::wrong)
                .orElseGet(() -> evidence.intact(extent.extent(chain.trail()), incidents.incidents()));
    }
}
