package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trail once, from its first line to its last, and shows each line to a visitor. Lines that a running proxy adds
 * meanwhile are not read. It needs memory for one line. For one use; not thread-safe.
 */
public final class TrailWalk {
    /** A running proxy completes a line much sooner. A line that a crash interrupted stays incomplete. */
    static final Duration LINE_TIMEOUT = Duration.ofSeconds(2);

    private static final int LINES_A_REPORT = 10_000;

    private final Duration lineTimeout;
    private final Progress progress;
    private long bytesBefore;
    private long linesBefore;

    /** Receives the progress at intervals. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports the progress.
         *
         * @param bytes bytes of the files that were read, as stored
         * @param lines lines that were read
         */
        void at(long bytes, long lines);
    }

    public TrailWalk(Progress progress) {
        this(progress, LINE_TIMEOUT);
    }

    /** @param lineTimeout how long the end of an incomplete line is awaited */
    TrailWalk(Progress progress, Duration lineTimeout) {
        this.progress = progress;
        this.lineTimeout = lineTimeout;
    }

    /** A file, or why it could not be opened. */
    private record OpenedSegment(
            @Nullable SegmentLines lines, @Nullable IOException failure) implements Closeable {
        SegmentLines get() throws IOException {
            if (lines == null) {
                throw failure == null ? new IOException("it was not opened") : failure;
            }
            return lines;
        }

        @Override
        public void close() {
            if (lines != null) {
                lines.close();
            }
        }
    }

    /** Shows all lines, or those until the visitor is done. */
    public void over(Segments segments, TrailVisitor visitor) {
        List<Segment> inOrder = segments.inOrder();
        if (inOrder.isEmpty()) {
            return;
        }
        Segment newest = inOrder.get(inOrder.size() - 1);
        // The file stays open meanwhile, because another file has its name after a rotation.
        try (OpenedSegment end = open(segments, newest)) {
            for (int i = 0; i < inOrder.size() - 1; i++) {
                Segment segment = inOrder.get(i);
                Segment next = inOrder.get(i + 1);
                if (segment.firstSeq() == next.firstSeq() && next.firstSeq() != Segment.LAST) {
                    visitor.twins(segment, next);
                }
                if (visitor.isDone()) {
                    return;
                }
                try (OpenedSegment lines = open(segments, segment)) {
                    show(segment, lines, false, visitor);
                }
            }
            if (!visitor.isDone()) {
                // An object is finished.
                show(newest, end, newest.source().trailByName().isEmpty(), visitor);
            }
        }
    }

    private OpenedSegment open(Segments segments, Segment segment) {
        try {
            return new OpenedSegment(new SegmentLines(segments.open(segment), lineTimeout), null);
        } catch (IOException e) {
            return new OpenedSegment(null, e);
        }
    }

    /** @param live whether the segment may still be written to */
    private void show(Segment segment, OpenedSegment opened, boolean live, TrailVisitor visitor) {
        visitor.begins(segment);
        long read = 0;
        try {
            SegmentLines lines = opened.get();
            while (!visitor.isDone() && lines.next(live)) {
                read = lines.number();
                lines.show(visitor);
                if (read % LINES_A_REPORT == 0) {
                    progress.at(bytesBefore + lines.position(), linesBefore + read);
                }
            }
            bytesBefore += lines.position();
            if (!visitor.isDone() && lines.unfinished() > 0) {
                visitor.unfinished(read + 1, lines.unfinished());
            }
        } catch (IOException e) {
            visitor.unreadable(read + 1, e);
        }
        linesBefore += read;
        visitor.ended(read);
    }
}
