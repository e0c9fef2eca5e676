package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The lines of a segment as they are when it is opened. Of one that is being written, the line that was begun then is
 * awaited, and what comes after it is left for another time. One thread.
 */
final class SegmentLines implements Closeable {
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(10);

    private final LineReader lines;
    private final long end;
    private final Duration patience;

    /** @param patience how long the end of a line is awaited that was begun */
    SegmentLines(LineReader lines, Duration patience) throws IOException {
        this.lines = lines;
        this.patience = patience;
        this.end = lines.isCompressed() ? Long.MAX_VALUE : lines.size();
    }

    /** @param live whether somebody may be writing it */
    boolean next(boolean live) throws IOException {
        return lines.passed() < end && (lines.next() || (live && awaitNext()));
    }

    private boolean awaitNext() throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (lines.unfinished() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_EVERY);
            if (lines.next()) {
                return true;
            }
        }
        return false;
    }

    boolean read(TrailLine line) {
        return line.read(lines.bytes(), lines.from(), lines.end());
    }

    long number() {
        return lines.number();
    }

    /** Bytes of a line that was begun and has no end. */
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
            // What was only read loses nothing by that.
            return;
        }
    }
}
