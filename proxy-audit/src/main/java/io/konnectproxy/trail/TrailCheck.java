package io.konnectproxy.trail;

import io.konnectproxy.keys.VerificationKey;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipException;

/**
 * Verifies a trail from its first line to its last and finds the first defect. It needs memory for one line. Lines that a
 * running proxy adds meanwhile are not verified. For one use; not thread-safe.
 */
public final class TrailCheck {
    /** A running proxy completes a line much sooner. A line that a crash interrupted stays incomplete. */
    private static final Duration LINE_TIMEOUT = Duration.ofSeconds(2);

    private static final int LINES_A_REPORT = 10_000;
    private static final int LOOK_AHEAD = 10_000;

    private final ChainCheck chain = new ChainCheck();
    private final TrailLine line = new TrailLine();
    private final ExtentCount extent = new ExtentCount();
    private final IncidentList incidents = new IncidentList();
    private final Evidence evidence;
    private final Progress progress;
    private final Duration lineTimeout;
    private long bytesBefore;

    /** Receives the progress of a check at intervals. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports the progress.
         *
         * @param bytes bytes of the files that were read, as stored
         * @param lines lines that were verified
         */
        void at(long bytes, long lines);
    }

    /**
     * Creates a check.
     *
     * @param keys the public keys for signatures; if empty, signatures are not verified
     * @param kept checkpoint lines that must be in the trail, by their sequence numbers
     */
    public TrailCheck(List<VerificationKey> keys, NavigableMap<Long, String> kept, Progress progress) {
        this(keys, kept, progress, LINE_TIMEOUT);
    }

    /** A check with another timeout for the end of an incomplete line. */
    TrailCheck(List<VerificationKey> keys, NavigableMap<Long, String> kept, Progress progress, Duration lineTimeout) {
        this.lineTimeout = lineTimeout;
        this.evidence = new Evidence(keys, kept);
        this.progress = progress;
    }

    /**
     * Runs the check.
     *
     * @throws TrailException if a file cannot be read
     */
    public VerifyResult run(Segments segments) throws TrailException {
        List<Segment> inOrder = segments.inOrder();
        Segment newest = inOrder.get(inOrder.size() - 1);
        // The file stays open during the check, because another file has its name after a rotation.
        try (SegmentLines end = open(segments, newest)) {
            for (Segment segment : inOrder.subList(0, inOrder.size() - 1)) {
                try (SegmentLines lines = open(segments, segment)) {
                    Optional<VerifyResult> broken = read(segment, lines, false);
                    if (broken.isPresent()) {
                        return broken.get();
                    }
                }
            }
            Optional<VerifyResult> broken = read(newest, end, true);
            return broken.isPresent() ? broken.get() : atEnd(newest);
        }
    }

    private SegmentLines open(Segments segments, Segment segment) throws TrailException {
        try {
            return new SegmentLines(segments.open(segment), lineTimeout);
        } catch (NoSuchFileException e) {
            throw moved(segment);
        } catch (IOException e) {
            throw FileWords.unreadable(segment.file(), e);
        }
    }

    private static TrailException moved(Segment segment) {
        return new TrailException(
                segment.file() + " was rotated or compressed while the trail was read; check it once more.");
    }

    private Optional<VerifyResult> read(Segment segment, SegmentLines lines, boolean newest) throws TrailException {
        extent.segment();
        try {
            while (lines.next(newest)) {
                if (lines.number() == 1) {
                    requireSame(segment, lines);
                }
                Optional<ChainCheck.Fault> fault = check(lines);
                if (fault.isPresent()) {
                    // explain() reads further lines.
                    long number = lines.number();
                    return Optional.of(broken(explain(fault.get(), lines), segment, number));
                }
                if (lines.number() % LINES_A_REPORT == 0) {
                    progress.at(bytesBefore + lines.position(), extent.lines());
                }
            }
            bytesBefore += lines.position();
        } catch (EOFException | ZipException e) {
            ChainCheck.Fault fault = new ChainCheck.Fault(Defect.DAMAGED_FILE, "more of it", FileWords.reason(e));
            return Optional.of(broken(fault, segment, lines.number() + 1));
        } catch (IOException e) {
            throw FileWords.unreadable(segment.file(), e);
        }
        return lines.unfinished() == 0 ? Optional.empty() : Optional.of(torn(segment, lines));
    }

    private VerifyResult torn(Segment segment, SegmentLines lines) {
        ChainCheck.Fault fault = new ChainCheck.Fault(
                Defect.TORN, "a line feed at the end of the file", lines.unfinished() + " bytes behind the last one");
        return broken(fault, segment, lines.number() + 1);
    }

    /** The file may have been rotated between the search for segments and this read, so that another file has its name. */
    private void requireSame(Segment segment, SegmentLines lines) throws TrailException {
        if (lines.read(line)
                && line.seq() != segment.firstSeq()
                && segment.firstSeq() != Segment.LAST
                && line.hashFits()) {
            throw moved(segment);
        }
    }

    private Optional<ChainCheck.Fault> check(SegmentLines lines) {
        if (!lines.read(line)) {
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
            incidents.add(line);
        }
        return denied;
    }

    /** Missing lines may be further down in the segment, or a whole segment may be missing. */
    private ChainCheck.Fault explain(ChainCheck.Fault fault, SegmentLines lines) throws IOException {
        if (fault.defect() != Defect.MISSING) {
            return fault;
        }
        if (lines.number() == 1 && extent.lines() > 0) {
            return new ChainCheck.Fault(Defect.SEGMENT_MISSING, fault.expected(), fault.found());
        }
        long wanted = chain.expected();
        long here = lines.number();
        for (int i = 0; i < LOOK_AHEAD && lines.next(false); i++) {
            if (lines.read(line) && line.seq() == wanted) {
                return new ChainCheck.Fault(
                        Defect.SWAPPED,
                        fault.expected(),
                        fault.found().replaceAll(";.*", "") + "; line " + wanted + " stands " + (lines.number() - here)
                                + " further down");
            }
        }
        return fault;
    }

    private VerifyResult atEnd(Segment newest) throws TrailException {
        if (extent.lines() == 0) {
            throw moved(newest);
        }
        VerifyResult.Extent read = extent.extent(chain.trail());
        Optional<ChainCheck.Fault> fault = evidence.atEnd(chain.expected() - 1);
        return fault.isPresent()
                ? new VerifyResult.Broken(
                        read,
                        fault.get().defect(),
                        newest.file(),
                        OptionalLong.empty(),
                        fault.get().expected(),
                        fault.get().found())
                : evidence.intact(read, incidents.incidents());
    }

    private VerifyResult broken(ChainCheck.Fault fault, Segment segment, long number) {
        return new VerifyResult.Broken(
                extent.extent(chain.trail()),
                fault.defect(),
                segment.file(),
                OptionalLong.of(number),
                fault.expected(),
                fault.found());
    }
}
