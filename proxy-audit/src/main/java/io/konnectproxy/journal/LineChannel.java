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
 * Appends lines to an open file so that no failure joins two of them: what a failed write leaves of a line is cut off
 * again, or where that cannot be, the next line begins on a line of its own. One thread.
 */
final class LineChannel {
    private static final Logger LOG = LoggerFactory.getLogger(LineChannel.class);

    private final FileChannel channel;
    private final Durability durability;
    /** A regular file, which can be shortened and synced. */
    private final boolean file;
    /** Of a file: where its last line ends that counts. */
    private long length;

    private boolean torn;
    private @Nullable FileLock lock;

    private LineChannel(FileChannel channel, Durability durability, boolean file, long length) {
        this.channel = channel;
        this.durability = durability;
        this.file = file;
        this.length = length;
    }

    /** @param length where the last line of the file ends */
    static LineChannel toFile(FileChannel channel, Durability durability, long length) {
        return new LineChannel(channel, durability, true, length);
    }

    /** For what only takes bytes: standard output, a pipe. */
    static LineChannel toDevice(FileChannel channel) {
        return new LineChannel(channel, Durability.OS, false, 0);
    }

    /**
     * Keeps other proxies out of the file itself, also where its lock file was removed. Is to be said again after anything here
     * has closed another descriptor of the file, which lets the lock go.
     *
     * @return false where another process has it
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

    /** What stands behind a stranger's bytes will be cut off with them, so it must not count. */
    private void requireAlone(int written) throws IOException {
        if (file && channel.size() != length + written) {
            throw new IOException("something else writes or shortens the file");
        }
    }

    /** After a failure: what of the lines is in the trail, the rest cut off. */
    private int keep(ByteBuffer lines) {
        int written = lines.position();
        // All written, and yet it failed: nobody knows what of it is on the disk.
        int kept = lines.hasRemaining() ? lineEnd(lines) : 0;
        if (!file) {
            torn = written > kept;
            return kept;
        }
        try {
            if (channel.size() != length + written) {
                // Somebody else writes here too: then nothing may be cut.
                return 0;
            }
            if (written > kept) {
                channel.truncate(length + kept);
            }
            sync();
            return kept;
        } catch (IOException e) {
            // The trouble that is reported is the write's, not this one's. What is left there is not as long as it
            // should be.
            return durability == Durability.DISK ? 0 : kept;
        }
    }

    /** Whether the file is as long as what was written to it. Else something of a failure is left, or somebody else writes. */
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

    /** Forgets what stands behind the end of the last line. */
    void cut(long to) throws IOException {
        channel.truncate(to);
        length = to;
    }

    /** How long the file really is. */
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
                // Somebody made standard output non-blocking, and its reader is behind.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void sync() throws IOException {
        if (durability == Durability.DISK) {
            channel.force(false);
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

    /** Sees to it that the disk has it all. */
    void close() throws IOException {
        try (channel) {
            if (file) {
                channel.force(true);
            }
        }
    }
}
