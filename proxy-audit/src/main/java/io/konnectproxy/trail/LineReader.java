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
 * The lines of a file from its beginning, whether it is compressed or not, which its first bytes tell and not its name.
 * Memory for one line, however long the file. At the end it can be asked again: a live file may have grown. One thread.
 */
public final class LineReader implements Closeable {
    private static final int BLOCK = 256 * 1024;

    private final SeekableByteChannel channel;
    private final InputStream in;
    private byte[] buffer = new byte[BLOCK];
    private int filled;
    /** Where the next line begins. */
    private int next;
    /** Up to here, no line feed stands from {@code next} on. */
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
     * @throws IOException when it cannot be read, or begins like a compressed one and is none
     */
    public static LineReader open(Path file) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        return new LineReader(channel, Compression.plain(Channels.newInputStream(channel)));
    }

    /** Opens a plain file somewhere in it, where a line begins. */
    static LineReader open(Path file, long from) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        return new LineReader(channel.position(from), Channels.newInputStream(channel));
    }

    /**
     * Goes to the next line that has an end. One that is too long for the trail is kept in part, and is still too long.
     *
     * @return false when there is no whole line now; more may come
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

    /** Where the line is: good until the next one is asked for. */
    public byte[] bytes() {
        return buffer;
    }

    public int from() {
        return from;
    }

    /** Behind the line's last byte, where its line feed stands. */
    public int end() {
        return end;
    }

    /** Counts the lines from 1. */
    public long number() {
        return number;
    }

    /** Bytes of the lines so far, line feeds included; of a compressed file, of what it says. */
    public long passed() {
        return passed;
    }

    /** Bytes behind the last whole line, as far as they were read. */
    public long unfinished() {
        return dropped + filled - next;
    }

    boolean isCompressed() {
        return in instanceof GZIPInputStream;
    }

    /** How far the file itself was read. */
    long position() throws IOException {
        return channel.position();
    }

    /** Of the file itself, now. */
    long size() throws IOException {
        return channel.size();
    }

    /** Goes back to the end of the last whole line: what stands behind it may be replaced. Not of a compressed file. */
    void dropUnfinished() throws IOException {
        channel.position(channel.position() - unfinished());
        filled = next;
        searched = next;
        dropped = 0;
    }

    boolean unfinishedBegins(byte[] like) {
        int length = Math.min(like.length, filled - next);
        return length > 0 && Arrays.equals(buffer, next, next + length, like, 0, length);
    }

    @Override
    public void close() throws IOException {
        try (in) {
            channel.close();
        }
    }
}
