package io.konnectproxy.server.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** Writes files of commands, with fsync. Their permissions are set when they are created, regardless of the umask. */
public final class SafeFile {
    /** Who may read a file. */
    public enum Readers {
        OWNER("rw-------"),
        ALL("rw-r--r--");

        private final String mode;

        Readers(String mode) {
            this.mode = mode;
        }
    }

    private SafeFile() {}

    /**
     * Writes a new file.
     *
     * @throws FileAlreadyExistsException if it exists
     */
    public static void create(Path file, String text, Readers readers) throws IOException {
        try (FileChannel channel = begin(file, readers)) {
            write(channel, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Opens a new file for writing.
     *
     * @throws FileAlreadyExistsException if it exists
     */
    public static FileChannel begin(Path file, Readers readers) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(file, readers));
    }

    /** Writes all bytes, and forces them to the disk. */
    public static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        channel.force(true);
    }

    /**
     * Writes a file atomically: readers see either the whole old text or the whole new one. An existing file keeps owner,
     * group and mode (a secret loses the permissions of others), since it is often written by another user than the
     * proxy's.
     *
     * @param readers who may read a new file
     */
    public static void replace(Path file, String text, Readers readers) throws IOException {
        // A symbolic link stays, and its target is replaced.
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path temporary = temporary(target);
        try {
            create(temporary, text, readers);
            keepOwnerAndMode(target, temporary, readers);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path temporary(Path target) {
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        return target.resolveSibling(
                "." + target.getFileName() + "." + HexFormat.of().formatHex(random));
    }

    /**
     * A file that is written piece by piece, under a temporary name until it is whole. For its owner only: a kill leaves at most the
     * temporary file.
     */
    public static final class PendingFile implements Closeable {
        private final Path target;
        private final Path temporary;
        private final FileChannel channel;
        private final boolean replaces;

        private PendingFile(Path target, Path temporary, boolean replaces) throws IOException {
            this.target = target;
            this.temporary = temporary;
            this.replaces = replaces;
            this.channel = begin(temporary, Readers.OWNER);
        }

        /** Where its content is written to. Not buffered; closing it does nothing of use. */
        public OutputStream stream() {
            return Channels.newOutputStream(channel);
        }

        /**
         * Forces it to the disk, and gives it its name.
         *
         * @throws FileAlreadyExistsException if another file has got the name meanwhile
         */
        public void finish() throws IOException {
            channel.force(true);
            if (replaces) {
                keepOwnerAndMode(target, temporary, Readers.OWNER);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(temporary, target);
            }
        }

        /** Removes it, unless it was finished. */
        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Begins a file that is written piece by piece.
     *
     * @param replaces whether it may replace a file
     * @throws FileAlreadyExistsException if it may not, and there is one
     * @throws FileSystemException if there is something else, such as a directory or a device
     */
    public static PendingFile pending(Path file, boolean replaces) throws IOException {
        if (!replaces && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path target = Files.exists(file) ? file.toRealPath() : file;
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(file.toString(), null, "it is no file that can be replaced; name another");
        }
        try {
            return new PendingFile(target, temporary(target), replaces);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString());
        }
    }

    /**
     * Copies owner, group and mode of an existing file to the one that is to replace it. Otherwise its readers, which often
     * are other users than the caller, would lose their access.
     *
     * @param readers {@code OWNER} removes all permissions of others
     * @throws FileSystemException if only the owner may do that
     */
    public static void keepOwnerAndMode(Path target, Path temporary, Readers readers) throws IOException {
        if (!isPosix(target) || !Files.exists(target)) {
            return;
        }
        PosixFileAttributes before = Files.readAttributes(target, PosixFileAttributes.class);
        PosixFileAttributes now = Files.readAttributes(temporary, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        try {
            if (!now.owner().equals(before.owner())) {
                view.setOwner(before.owner());
            }
            if (!now.group().equals(before.group())) {
                view.setGroup(before.group());
            }
        } catch (IOException e) {
            throw new FileSystemException(
                    target.toString(),
                    null,
                    "it belongs to " + before.owner() + ":" + before.group() + " and would not any more; run this as "
                            + before.owner());
        }
        Set<PosixFilePermission> mode = new HashSet<>(before.permissions());
        if (readers == Readers.OWNER) {
            mode.removeAll(PosixFilePermissions.fromString("------rwx"));
        }
        view.setPermissions(mode);
    }

    /** Describes an exception in a sentence for the operator. */
    public static String sentence(IOException e, String what) {
        if (e instanceof NoSuchFileException none) {
            return "There is no directory for " + none.getFile() + "; create it first.";
        }
        return what + " cannot be written: " + e.getMessage() + ".";
    }

    private static FileAttribute<?>[] attributes(Path file, Readers readers) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(readers.mode))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
