package io.konnectproxy.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends lines to an open file so that no failure joins two of them: what a failed write leaves of a line is cut off
 * again, or where that cannot be, the next line begins on a line of its own. One thread.
 */
final class LineChannel {
    /** One block of the usual file systems: what a full disk does not have. */
    private static final int BLOCK = 4096;

    private final FileChannel channel;
    private final boolean cuttable;
    private boolean torn;

    /**
     * @param cuttable whether the file is ours to shorten
     * @param torn whether its last line has no end
     */
    LineChannel(FileChannel channel, boolean cuttable, boolean torn) {
        this.channel = channel;
        this.cuttable = cuttable;
        this.torn = torn;
    }

    Append append(ByteBuffer lines) {
        long before = 0;
        try {
            mend();
            before = cuttable ? channel.size() : 0;
            writeAll(lines);
            return new Append(lines.position(), Optional.empty());
        } catch (IOException e) {
            int kept = lineEnd(lines);
            if (lines.position() > kept) {
                torn = !cutBack(before + lines.position(), before + kept);
            }
            return new Append(kept, Optional.of(e));
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Writes a block and takes it back. Only for files that are ours to shorten. */
    void tryWriting() throws IOException {
        mend();
        long before = channel.size();
        ByteBuffer block = ByteBuffer.wrap("\n".repeat(BLOCK).getBytes(StandardCharsets.US_ASCII));
        try {
            writeAll(block);
        } finally {
            channel.truncate(before);
        }
    }

    private void mend() throws IOException {
        if (torn) {
            writeAll(ByteBuffer.wrap(new byte[] {'\n'}));
            torn = false;
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                // Somebody made standard output non-blocking, and its reader is behind.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** The end of the last whole line among the bytes that were written. */
    private static int lineEnd(ByteBuffer lines) {
        int end = lines.position();
        while (end > 0 && lines.get(end - 1) != '\n') {
            end--;
        }
        return end;
    }

    private boolean cutBack(long from, long to) {
        try {
            // Another length means that somebody else writes here too: then nothing may be cut.
            if (cuttable && channel.size() == from) {
                channel.truncate(to);
                return true;
            }
        } catch (IOException e) {
            // The trouble that is reported is the write's, not this one's.
            return false;
        }
        return false;
    }

    /** Sees to it that the disk has it all. */
    void close() throws IOException {
        try (channel) {
            if (cuttable) {
                channel.force(true);
            }
        }
    }
}
