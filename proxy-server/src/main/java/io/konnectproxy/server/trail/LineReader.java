package io.konnectproxy.server.trail;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file from its beginning, whether it is compressed or not, which its first bytes tell and not its name.
 * Memory for one line, however long the file. At the end it can be asked again: a live file may have grown. One thread.
 */
public final class LineReader implements Closeable {
    private static final int BLOCK = 256 * 1024;

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

    private LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws IOException when it cannot be read, or begins like a compressed one and is none
     */
    public static LineReader open(Path file) throws IOException {
        return new LineReader(Compression.open(file));
    }

    /**
     * Goes to the next line that has an end. One that is too long for the trail is kept in part, and is still too long.
     *
     * @return false when there is no whole line now; more may come
     */
    public boolean next() throws IOException {
        while (true) {
            while (searched < filled) {
                if (buffer[searched++] == '\n') {
                    from = next;
                    end = searched - 1;
                    next = searched;
                    number++;
                    dropped = 0;
                    return true;
                }
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

    /** Bytes behind the last whole line, as far as they were read. */
    public long unfinished() {
        return dropped + filled - next;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
