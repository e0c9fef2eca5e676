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
 * Keeps other proxies out of the audit file: two in one file would each be taken for gaps and forgeries of the other. The lock
 * is on a file of its own, since one on the audit file is gone as soon as anything here has read that file and closed it again
 * (POSIX). A lock file that was removed or replaced is noticed, since it would keep nobody out. One thread.
 */
final class TrailLock implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TrailLock.class);
    /** One block of the usual file systems: what a full disk does not have. */
    private static final int BLOCK = 4096;

    private final Path file;
    private final TrailDirectory directory;
    private @Nullable FileChannel channel;
    /** Of the lock file that is locked. */
    private @Nullable Object key;

    private TrailLock(Path file, TrailDirectory directory) {
        this.file = file;
        this.directory = directory;
    }

    /** @throws IOException where another one has it, or the file cannot be made; a device needs none */
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

    /** Locks a file. Returns false where another process has it, and true also where nothing can be locked. */
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
     * Looks whether the lock file is still there, and if not makes and locks another one.
     *
     * @return whether it was made anew: meanwhile another proxy may have come and gone
     * @throws IOException where another proxy has the lock now, or the file cannot be made
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

    /** Whether the disk takes a block more: tried here, where nobody reads. */
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
