package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads the lines of an uncompressed file from its end to its beginning. It needs memory for one line. */
final class BackwardLines implements Closeable {
    private static final int BLOCK = 64 * 1024;

    private final FileChannel channel;
    private final long size;
    private final byte[] block = new byte[BLOCK];
    private long blockAt;
    private int blockLength;
    private byte[] line = new byte[BLOCK];
    private int length;
    private long begin;
    private long end;

    BackwardLines(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        size = channel.size();
        blockAt = size;
        begin = size;
    }

    long size() {
        return size;
    }

    /** Whether the last line of the file is complete. True for an empty file. */
    boolean endsWithLineFeed() throws IOException {
        return size == 0 || byteAt(size - 1) == '\n';
    }

    /** Moves to the previous line; at first to the last complete line. Returns false at the beginning of the file. */
    boolean previous() throws IOException {
        long from = begin;
        while (begin == size && from > 0 && byteAt(from - 1) != '\n') {
            from--;
        }
        if (from == 0) {
            return false;
        }
        end = from - 1;
        begin = end;
        while (begin > 0 && byteAt(begin - 1) != '\n') {
            begin--;
        }
        load();
        return true;
    }

    long begin() {
        return begin;
    }

    /** The position of the line's line feed. */
    long end() {
        return end;
    }

    /** The bytes of the line, without its line feed. Valid until the next call of {@link #previous}. */
    byte[] line() {
        return line;
    }

    int length() {
        return length;
    }

    /** A line that is too long for the trail is truncated to a length that is still too long. */
    private void load() throws IOException {
        length = (int) Math.min(end - begin, LineForm.MAX_LINE + 1L);
        if (line.length < length) {
            line = new byte[length];
        }
        fill(ByteBuffer.wrap(line, 0, length), begin);
    }

    private byte byteAt(long at) throws IOException {
        if (at < blockAt || at >= blockAt + blockLength) {
            // The file is read backwards, so the block ends with this byte.
            blockAt = Math.max(0, at + 1 - BLOCK);
            blockLength = (int) (at + 1 - blockAt);
            fill(ByteBuffer.wrap(block, 0, blockLength), blockAt);
        }
        return block[(int) (at - blockAt)];
    }

    private void fill(ByteBuffer to, long at) throws IOException {
        long from = at;
        while (to.hasRemaining()) {
            int read = channel.read(to, from);
            if (read < 0) {
                throw new IOException("the file became shorter while it was read");
            }
            from += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
