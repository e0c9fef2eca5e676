package io.konnectproxy.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit file: appended to, never rewritten. Follows its path, so that a file that was moved away (by log rotation) or
 * removed is begun anew. One thread.
 */
final class AuditFile implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final Set<OpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    private static final long LITTLE_ROOM = 64 * 1024;

    private final Path path;
    private LineChannel lines;
    /** Tells the open file from another one of the same name; null where the file system has no such thing. */
    private @Nullable Object key;

    private AuditFile(Path path) throws IOException {
        this.path = path;
        this.lines = openLines();
        this.key = keyOfPath();
    }

    static AuditFile open(Path path) throws JournalException {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            createParent(absolute);
            AuditFile file = new AuditFile(absolute);
            file.requireRoom();
            return file;
        } catch (IOException e) {
            FileTrouble trouble = FileTrouble.of(e);
            throw new JournalException(
                    "The audit file " + absolute + " cannot be written: " + trouble.reason() + ". " + trouble.remedy());
        }
    }

    private static void createParent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent, mode(parent, "rwxr-x---"));
        }
    }

    private static FileAttribute<?>[] mode(Path path, String mode) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private LineChannel openLines() throws IOException {
        boolean torn = endsInsideLine();
        FileChannel channel = FileChannel.open(path, APPEND, mode(path, "rw-r-----"));
        if (Files.isRegularFile(path)) {
            lock(channel);
        }
        if (torn) {
            LOG.warn("The last line of the audit file {} has no end; the next one begins on a line of its own.", path);
        }
        return new LineChannel(channel, Files.isRegularFile(path), torn);
    }

    /** Two proxies in one file would each be taken for gaps and forgeries of the other. The lock goes with the channel. */
    private void lock(FileChannel channel) throws IOException {
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        } catch (IOException e) {
            LOG.warn(
                    "The audit file {} cannot be locked on this file system; see that no other proxy writes it.", path);
            return;
        }
        if (!locked) {
            channel.close();
            throw new FileSystemException(path.toString(), null, FileTrouble.LOCKED);
        }
    }

    private boolean endsInsideLine() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return false;
        }
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            reading.read(last, reading.size() - 1);
            return last.get(0) != '\n';
        }
    }

    /** A full disk is found now and not by the first client; with room, the file is left alone for those who follow it. */
    private void requireRoom() throws IOException {
        if (Files.isRegularFile(path) && Files.getFileStore(path).getUsableSpace() < LITTLE_ROOM) {
            lines.tryWriting();
        }
    }

    @Override
    public Append append(ByteBuffer batch) {
        try {
            follow();
        } catch (IOException e) {
            return new Append(0, Optional.of(e));
        }
        return lines.append(batch);
    }

    @Override
    public boolean isWritable() {
        try {
            follow();
            if (Files.isRegularFile(path)) {
                lines.tryWriting();
                return true;
            }
        } catch (IOException e) {
            // Still out; the outage was reported when it began.
            return false;
        }
        // A device can only be tried with a record.
        return false;
    }

    /** The directory is not created again: that it is gone may mean that a volume is. */
    private void follow() throws IOException {
        if (lines.isOpen() && Objects.equals(keyOfPath(), key)) {
            return;
        }
        LineChannel successor = openLines();
        LOG.warn("The audit file {} was moved, removed or closed; it is opened anew.", path);
        LineChannel left = lines;
        lines = successor;
        key = keyOfPath();
        try {
            left.close();
        } catch (IOException e) {
            LOG.warn(
                    "The former audit file could not be synced: {}.",
                    FileTrouble.of(e).reason());
        }
    }

    private @Nullable Object keyOfPath() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return path;
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    @Override
    public String toString() {
        return "The audit file " + path;
    }
}
