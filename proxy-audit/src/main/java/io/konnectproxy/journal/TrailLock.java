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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other proxies out of the audit file: two in one file would each be taken for gaps and forgeries of the other. The lock
 * is on a file of its own, since one on the audit file would be gone as soon as anything here has read that file and closed it
 * again (POSIX). One thread.
 */
final class TrailLock implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TrailLock.class);
    /** One block of the usual file systems: what a full disk does not have. */
    private static final int BLOCK = 4096;

    private final @Nullable FileChannel channel;

    private TrailLock(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException where another one has it, or the file cannot be made; a device needs none */
    static TrailLock on(Path file, TrailDirectory directory) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return new TrailLock(null);
        }
        FileChannel channel;
        try {
            channel = directory.openLock();
        } catch (AccessDeniedException e) {
            if (!Files.isWritable(file)) {
                throw e;
            }
            LOG.warn(
                    "The directory of the audit file {} lets no file be made beside it: no new file can be begun there, and"
                            + " nothing keeps another proxy out.",
                    file);
            return new TrailLock(null);
        }
        lock(channel, file);
        return new TrailLock(channel);
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        } catch (IOException e) {
            LOG.warn(
                    "The audit file {} cannot be locked on this file system; see that no other proxy writes it.", file);
            return;
        }
        if (!locked) {
            channel.close();
            throw new FileSystemException(file.toString(), null, FileTrouble.LOCKED);
        }
    }

    /** Whether the disk takes a block more: tried here, where nobody reads. */
    void requireRoom() throws IOException {
        if (channel == null) {
            return;
        }
        try {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            while (block.hasRemaining()) {
                channel.write(block, block.position());
            }
            channel.force(false);
        } finally {
            channel.truncate(0);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
