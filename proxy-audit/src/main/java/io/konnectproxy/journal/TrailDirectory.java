package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.trail.CompressedName;
import io.konnectproxy.trail.LineForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the audit file, and the names of the files in it. Not thread-safe. */
final class TrailDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(TrailDirectory.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path file;
    private final Durability durability;

    TrailDirectory(Path file, Durability durability) {
        this.file = file;
        this.durability = durability;
    }

    void create() throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent, mode("rwxr-x---"));
        }
    }

    /** Opens the lock file beside the audit file, which keeps other proxies out. */
    FileChannel openLock() throws IOException {
        return FileChannel.open(
                lockFile(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), mode("rw-r-----"));
    }

    private Path lockFile() {
        return file.resolveSibling(name(file) + ".lock");
    }

    /** Identifies the lock file, as opposed to another one of the same name. */
    @Nullable
    Object keyOfLock() throws IOException {
        return keyOf(lockFile());
    }

    /**
     * Identifies the audit file, as opposed to another one of the same name; null where the file system has no file
     * keys.
     */
    @Nullable
    Object keyOfFile() throws IOException {
        return keyOf(file);
    }

    /** The path itself where there is no file. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return path;
        }
    }

    /** Opens the audit file for appending, and creates it if it does not exist. */
    FileChannel openFile() throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return DeviceOpening.open(file);
        }
        boolean begins = Files.notExists(file);
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), mode("rw-r-----"));
        if (begins) {
            sync();
        }
        return channel;
    }

    /**
     * Whether the audit file may be what a crash has left of a first line: its beginning, or zeros of blocks that were
     * never written.
     */
    boolean beginsAsTrail() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] found = in.readNBytes(LineForm.BEGIN_1.length());
            return begins(found, LineForm.BEGIN_1)
                    || begins(found, LineForm.BEGIN_2)
                    || Arrays.equals(found, new byte[found.length]);
        }
    }

    private static boolean begins(byte[] found, String begin) {
        return begin.startsWith(new String(found, StandardCharsets.ISO_8859_1));
    }

    /** Shortens a file. */
    interface Cut {
        void to(long length) throws IOException;
    }

    /** Moves the bytes of the audit file from this offset on to a new file. */
    AuditRecord.SetAside cutAside(long from, String reason, Instant now, Cut cut) throws IOException {
        Path aside = free(asideName(now));
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel copy = FileChannel.open(
                        aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode("rw-r-----"))) {
            long end = source.size();
            for (long at = from; at < end; ) {
                at += source.transferTo(at, end - at, copy);
            }
            copy.force(true);
            cut.to(from);
            return setAside(aside, end - from, reason, now);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    /** Renames the audit file, because it is not part of the trail. */
    AuditRecord.SetAside moveAside(String reason, Instant now) throws IOException {
        Path aside = free(asideName(now));
        Files.move(file, aside);
        return setAside(aside, Files.size(aside), reason, now);
    }

    private AuditRecord.SetAside setAside(Path aside, long bytes, String reason, Instant now) {
        sync();
        LOG.warn("{} bytes of {} are not of the audit trail ({}); they are in {} now.", bytes, file, reason, aside);
        return new AuditRecord.SetAside(now, name(aside), bytes, reason);
    }

    /**
     * Renames the audit file to its finished name, and replaces it with a new one. The new one is created first: if
     * that fails, the old one stays.
     *
     * @return the new file, for appending
     */
    FileChannel begin(SegmentName finished) throws IOException {
        FileChannel next = FileChannel.open(
                nextFile(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), mode("rw-r-----"));
        try {
            if (next.size() > 0) {
                throw new FileSystemException(
                        nextFile().toString(), null, "there is a " + nextFile() + " that is not empty");
            }
            Path kept = free(finished.finishedName(name(file)));
            Files.move(file, kept);
            try {
                Files.move(nextFile(), file);
            } catch (IOException e) {
                Files.move(kept, file);
                throw e;
            }
            sync();
            return next;
        } catch (IOException e) {
            next.close();
            clearUnbegun();
            throw e;
        }
    }

    private Path nextFile() {
        return file.resolveSibling(name(file) + ".next");
    }

    /** Removes an empty next file, which a crash may have left before it was renamed. */
    void clearUnbegun() {
        try {
            if (Files.isRegularFile(nextFile()) && Files.size(nextFile()) == 0) {
                Files.delete(nextFile());
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be removed: {}", nextFile(), e.getMessage());
        }
    }

    private String asideName(Instant now) {
        return name(file) + ".torn-" + STAMP.format(now);
    }

    /** The path with this name; if it exists, with a number. */
    private Path free(String wanted) {
        String extension = SegmentName.extension(name(file));
        int dot = wanted.endsWith(extension) ? wanted.length() - extension.length() : wanted.length();
        Path free = file.resolveSibling(wanted);
        for (int i = 2; Files.exists(free) || Files.exists(CompressedName.of(free)); i++) {
            free = file.resolveSibling(wanted.substring(0, dot) + "-" + i + wanted.substring(dot));
        }
        return free;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** A new or renamed file is durable only when its directory is synced too. */
    private void sync() {
        Path parent = file.getParent();
        if (durability == Durability.OS || parent == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("The directory {} cannot be synced on this system: {}", parent, e.getMessage());
        }
    }

    private FileAttribute<?>[] mode(String mode) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
