package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads the lines of a file from its beginning. Compression is detected by the first bytes of the file. It needs memory for one
 * line. At the end of the file {@link #next} can be called again, because the file may have grown. Not thread-safe.
 */
public final class LineReader implements Closeable {
    private static final int BLOCK = 256 * 1024;

    private final SeekableByteChannel channel;
    private final InputStream in;
    private byte[] buffer = new byte[BLOCK];
    private int filled;
    /** The position of the next line. */
    private int next;
    /** There is no line feed between {@code next} and this position. */
    private int searched;

    private int from;
    private int end;
    private long number;
    private long dropped;
    private long passed;

    private LineReader(SeekableByteChannel channel, InputStream in) {
        this.channel = channel;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read, or begins like a gzip file and is not one
     */
    public static LineReader open(Path file) throws IOException {
        return open(Files.newByteChannel(file));
    }

    /** Reads an open file from its position. */
    static LineReader open(SeekableByteChannel channel) throws IOException {
        return new LineReader(channel, Compression.plain(Channels.newInputStream(channel)));
    }

    /** Opens an uncompressed file at the beginning of one of its lines. */
    static LineReader open(Path file, long from) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        return new LineReader(channel.position(from), Channels.newInputStream(channel));
    }

    /**
     * Moves to the next complete line. A line that is too long for the trail is truncated to a length that is still too long.
     *
     * @return false if there is no complete line now
     */
    public boolean next() throws IOException {
        while (true) {
            searched = Swar.lineFeed(buffer, searched, filled);
            if (searched < filled) {
                from = next;
                end = searched++;
                next = searched;
                number++;
                passed += dropped + next - from;
                dropped = 0;
                return true;
            }
            makeRoom();
            int more = in.read(buffer, filled, buffer.length - filled);
            if (more <= 0) {
                return false;
            }
            filled += more;
        }
    }

    private void makeRoom() {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            filled -= next;
            next = 0;
        } else if (filled > LineForm.MAX_LINE + BLOCK) {
            dropped += filled - (LineForm.MAX_LINE + 1);
            filled = LineForm.MAX_LINE + 1;
        } else if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        searched = filled;
    }

    /** The array that contains the line. Valid until the next call of {@link #next}. */
    public byte[] bytes() {
        return buffer;
    }

    public int from() {
        return from;
    }

    /** The position after the line's last byte, which is that of its line feed. */
    public int end() {
        return end;
    }

    /** The number of the line in the file, from 1. */
    public long number() {
        return number;
    }

    /** Uncompressed bytes of the lines so far, line feeds included. */
    public long passed() {
        return passed;
    }

    /** Bytes after the last complete line, as far as they were read. */
    public long unfinished() {
        return dropped + filled - next;
    }

    boolean isCompressed() {
        return in instanceof GZIPInputStream;
    }

    /** The read position in the file, which may be compressed. */
    long position() throws IOException {
        return channel.position();
    }

    /** The current size of the file, which may be compressed. */
    long size() throws IOException {
        return channel.size();
    }

    /** Returns to the end of the last complete line, because the bytes after it may be replaced. Uncompressed files only. */
    void dropUnfinished() throws IOException {
        channel.position(channel.position() - unfinished());
        filled = next;
        searched = next;
        dropped = 0;
    }

    boolean unfinishedBegins(byte[] prefix) {
        int length = Math.min(prefix.length, filled - next);
        return length > 0 && Arrays.equals(buffer, next, next + length, prefix, 0, length);
    }

    @Override
    public void close() throws IOException {
        try (in) {
            channel.close();
        }
    }
}
