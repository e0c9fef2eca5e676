package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads the lines that a segment has when it is opened. If the segment is being written, the end of a line that was incomplete
 * at that time is awaited; later lines are not read. Not thread-safe.
 */
final class SegmentLines implements Closeable {
    private static final long POLL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

    private final LineReader lines;
    private final long end;
    private final Duration lineTimeout;

    /** @param lineTimeout how long the end of an incomplete line is awaited */
    SegmentLines(LineReader lines, Duration lineTimeout) throws IOException {
        this.lines = lines;
        this.lineTimeout = lineTimeout;
        this.end = lines.isCompressed() ? Long.MAX_VALUE : lines.size();
    }

    /** @param live whether the segment may still be written to */
    boolean next(boolean live) throws IOException {
        return lines.passed() < end && (lines.next() || (live && awaitNext()));
    }

    private boolean awaitNext() throws IOException {
        long deadline = System.nanoTime() + lineTimeout.toNanos();
        while (lines.unfinished() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_INTERVAL);
            if (lines.next()) {
                return true;
            }
        }
        return false;
    }

    /** Has the line. */
    LineReader reader() {
        return lines;
    }

    long number() {
        return lines.number();
    }

    /** Length of an incomplete line at the end. */
    long unfinished() {
        return lines.passed() < end ? lines.unfinished() : 0;
    }

    long position() throws IOException {
        return lines.position();
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            // The file was only read, so no data is lost.
            return;
        }
    }
}
