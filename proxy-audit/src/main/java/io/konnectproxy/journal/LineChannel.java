package io.konnectproxy.journal;

import io.konnectproxy.journal.AuditSettings.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to an open file so that a failed write never joins two lines: the incomplete rest is cut off, or, where
 * that is not possible, a line feed precedes the next line. Not thread-safe.
 */
final class LineChannel {
    private static final Logger LOG = LoggerFactory.getLogger(LineChannel.class);

    private final FileChannel channel;
    private final Durability durability;
    /** A regular file, which can be shortened and synced. */
    private final boolean file;
    /** The end of the last recorded line of a file. */
    private long length;

    private boolean torn;
    private @Nullable FileLock lock;

    private LineChannel(FileChannel channel, Durability durability, boolean file, long length) {
        this.channel = channel;
        this.durability = durability;
        this.file = file;
        this.length = length;
    }

    /**
     * @param length the end of the last line of the file
     */
    static LineChannel toFile(FileChannel channel, Durability durability, long length) {
        return new LineChannel(channel, durability, true, length);
    }

    /** For standard output or a pipe, which cannot be shortened or synced. */
    static LineChannel toDevice(FileChannel channel) {
        return new LineChannel(channel, Durability.OS, false, 0);
    }

    /**
     * Locks the file itself against other proxies, for the case that its lock file was removed. It must be called again
     * after this process has closed another descriptor of the file, which releases the lock (POSIX).
     *
     * @return false where another process has locked it
     */
    boolean lock(Path path) throws IOException {
        FileLock before = lock;
        if (before != null) {
            before.release();
            lock = null;
        }
        try {
            lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("{} itself cannot be locked: {}", path, e.getMessage());
            return true;
        }
    }

    /** Whether no other process has locked the file. */
    static boolean isFree(FileChannel channel) {
        try (FileLock probe = channel.tryLock()) {
            return probe != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    Append append(ByteBuffer lines) {
        try {
            mend();
            writeAll(lines);
            requireAlone(lines.position());
            sync();
            length += lines.position();
            return new Append(lines.position(), Optional.empty());
        } catch (IOException e) {
            int kept = keep(lines);
            length += kept;
            return new Append(kept, Optional.of(e));
        }
    }

    /**
     * Checks that no other process has written. Lines after foreign bytes would be cut off with them, so they must not
     * count as written.
     */
    private void requireAlone(int written) throws IOException {
        if (file && channel.size() != length + written) {
            throw new IOException("something else writes or shortens the file");
        }
    }

    /** After a failure: returns how many bytes of the lines are in the trail, and cuts off the rest. */
    private int keep(ByteBuffer lines) {
        int written = lines.position();
        // If everything was written and the sync failed, it is not known what is on the disk.
        int kept = lines.hasRemaining() ? lineEnd(lines) : 0;
        if (!file) {
            torn = written > kept;
            return kept;
        }
        try {
            if (channel.size() != length + written) {
                // Another process writes to the file too, so nothing may be cut.
                return 0;
            }
            if (written > kept) {
                channel.truncate(length + kept);
            }
            sync();
            return kept;
        } catch (IOException e) {
            // The failure of the write is reported, not this one. The file has the wrong length now, which is repaired
            // later.
            return durability == Durability.DISK ? 0 : kept;
        }
    }

    /**
     * Whether the file has the expected length. Otherwise the rest of a failed write is left, or another process
     * writes.
     */
    boolean isSound() throws IOException {
        return !file || channel.size() == length;
    }

    /** Whether it is a regular file, and no device. */
    boolean isFile() {
        return file;
    }

    long length() {
        return length;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Shortens the file to the end of its last line. */
    void cut(long to) throws IOException {
        channel.truncate(to);
        length = to;
    }

    /** The actual length of the file. */
    long size() throws IOException {
        return channel.size();
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
                // Standard output was made non-blocking, and its reader is slow.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void sync() throws IOException {
        if (durability == Durability.DISK) {
            channel.force(false);
        }
    }

    /** The end of the last whole line in the written bytes. */
    private static int lineEnd(ByteBuffer lines) {
        int end = lines.position();
        while (end > 0 && lines.get(end - 1) != '\n') {
            end--;
        }
        return end;
    }

    /** Syncs a file to the disk, and closes it. */
    void close() throws IOException {
        try (channel) {
            if (file) {
                channel.force(true);
            }
        }
    }
}
