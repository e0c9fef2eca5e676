package io.konnectproxy.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other proxies out of the audit file: the lines of a second writer would look like gaps and forgeries. The lock
 * is on a separate file, because POSIX releases a lock on the audit file as soon as this process closes any descriptor
 * of that file. A removed or replaced lock file is noticed, because its lock no longer excludes anybody. Not
 * thread-safe.
 */
final class TrailLock implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TrailLock.class);
    /** One block of the usual file systems, which a full disk does not have. */
    private static final int BLOCK = 4096;

    private final Path file;
    private final TrailDirectory directory;
    private @Nullable FileChannel channel;
    /** Identifies the lock file that is locked. */
    private @Nullable Object key;

    private TrailLock(Path file, TrailDirectory directory) {
        this.file = file;
        this.directory = directory;
    }

    /**
     * @throws IOException where another proxy has the lock, or the lock file cannot be created; a device needs no lock
     */
    static TrailLock on(Path file, TrailDirectory directory) throws IOException {
        TrailLock lock = new TrailLock(file, directory);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return lock;
        }
        try {
            lock.acquire();
        } catch (AccessDeniedException e) {
            if (!Files.isWritable(file)) {
                throw e;
            }
            LOG.warn(
                    "The directory of the audit file {} lets no file be made beside it: no new file can be begun there, and"
                            + " nothing keeps another proxy out.",
                    file);
        }
        return lock;
    }

    private void acquire() throws IOException {
        FileChannel opened = directory.openLock();
        try {
            Object before = directory.keyOfLock();
            if (!lock(opened, file)) {
                throw new FileSystemException(file.toString(), null, FileTrouble.LOCKED);
            }
            if (!Objects.equals(before, directory.keyOfLock())) {
                throw new FileSystemException(file.toString(), null, "its lock file was replaced at this very moment");
            }
            key = before;
            channel = opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Locks a file. Returns false where another process has the lock, and true also where the file system has no locks.
     */
    static boolean lock(FileChannel channel, Path file) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.warn(
                    "The audit file {} cannot be locked on this file system; see that no other proxy writes it.", file);
            return true;
        }
    }

    /**
     * Checks that the lock file is still there; if not, creates and locks a new one.
     *
     * @return whether it was created again: in the meantime another proxy may have written
     * @throws IOException where another proxy has the lock now, or the lock file cannot be created
     */
    boolean renew() throws IOException {
        FileChannel before = channel;
        if (before == null || Objects.equals(key, directory.keyOfLock())) {
            return false;
        }
        acquire();
        before.close();
        LOG.warn(
                "The lock file beside the audit file {} was removed or replaced, and is locked anew. It keeps other proxies"
                        + " out; leave it there.",
                file);
        return true;
    }

    /** Checks that the disk has room for one more block, by writing it to the lock file. */
    void requireRoom() throws IOException {
        FileChannel locked = channel;
        if (locked == null) {
            return;
        }
        try {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            while (block.hasRemaining()) {
                locked.write(block, block.position());
            }
            locked.force(false);
        } finally {
            locked.truncate(0);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
