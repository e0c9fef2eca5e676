package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trail line by line, whenever the caller asks for the next one, so that several trails can be read side by side. What else
 * the files have is shown to a visitor on the way. Lines that a running proxy adds after a file was opened are not read. Not thread-safe.
 */
public final class TrailSteps implements Closeable {
    private final Segments segments;
    private final TrailVisitor visitor;
    private final Duration lineTimeout;
    private final List<Segment> inOrder;
    private final Segment newest;

    /** The newest file, held open from the first step on, because another file has its name after a rotation. */
    private @Nullable OpenedSegment last;

    /** The file that is read. */
    private @Nullable OpenedSegment current;

    private int begun;
    private boolean live;
    private long read;
    private long linesBefore;
    private long bytesBefore;

    /**
     * @param segments at least one; closed by whoever found them
     * @param visitor is shown everything but the lines, which {@link #show} shows
     */
    public TrailSteps(Segments segments, TrailVisitor visitor) {
        this(segments, visitor, TrailWalk.LINE_TIMEOUT);
    }

    /** @param lineTimeout how long the end of an incomplete line is awaited */
    TrailSteps(Segments segments, TrailVisitor visitor, Duration lineTimeout) {
        this.segments = segments;
        this.visitor = visitor;
        this.lineTimeout = lineTimeout;
        this.inOrder = segments.inOrder();
        this.newest = inOrder.get(inOrder.size() - 1);
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

    private OpenedSegment open(Segment segment) {
        try {
            return new OpenedSegment(new SegmentLines(segments.open(segment), lineTimeout), null);
        } catch (IOException e) {
            return new OpenedSegment(null, e);
        }
    }

    /** Moves to the next line; false after the last one. */
    public boolean next() {
        if (last == null) {
            last = open(newest);
        }
        while (current != null || begun < inOrder.size()) {
            if (current == null) {
                begin(inOrder.get(begun++));
            }
            if (moves()) {
                return true;
            }
            ends();
        }
        return false;
    }

    private void begin(Segment segment) {
        if (begun < inOrder.size()) {
            Segment next = inOrder.get(begun);
            if (segment.firstSeq() == next.firstSeq() && next.firstSeq() != Segment.LAST) {
                visitor.twins(segment, next);
            }
        }
        boolean isNewest = begun == inOrder.size();
        current = isNewest ? last : open(segment);
        // An object is finished.
        live = isNewest && segment.source().trailByName().isEmpty();
        read = 0;
        visitor.begins(segment);
    }

    /** Whether the file has another line. If not, the visitor is shown why. */
    private boolean moves() {
        try {
            SegmentLines lines = opened().get();
            if (lines.next(live)) {
                read = lines.number();
                return true;
            }
            bytesBefore += lines.position();
            if (lines.unfinished() > 0) {
                visitor.unfinished(read + 1, lines.unfinished());
            }
        } catch (IOException e) {
            visitor.unreadable(read + 1, e);
        }
        return false;
    }

    private OpenedSegment opened() {
        if (current == null) {
            throw new IllegalStateException("no file is open");
        }
        return current;
    }

    private LineReader line() {
        SegmentLines lines = opened().lines();
        if (lines == null) {
            throw new IllegalStateException("there is no line");
        }
        return lines.reader();
    }

    private void ends() {
        linesBefore += read;
        opened().close();
        current = null;
        visitor.ended(read);
    }

    /** Shows the line to the visitor. */
    public void show() {
        LineReader line = line();
        visitor.line(line.bytes(), line.from(), line.end(), line.number());
    }

    /** The array that has the line, until the next step. */
    public byte[] bytes() {
        return line().bytes();
    }

    public int from() {
        return line().from();
    }

    /** The position after the line's last byte, which is not the line feed. */
    public int end() {
        return line().end();
    }

    /** The number of the line in its file, from 1. */
    public long number() {
        return read;
    }

    /** How many lines there were so far. */
    long lines() {
        return linesBefore + read;
    }

    /** Bytes of the files that were read so far, as stored. */
    long position() {
        try {
            return bytesBefore + opened().get().position();
        } catch (IOException e) {
            // The next step says so.
            return bytesBefore;
        }
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
        }
        if (last != null) {
            last.close();
        }
    }
}
