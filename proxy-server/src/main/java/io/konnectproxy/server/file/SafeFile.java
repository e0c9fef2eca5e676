package io.konnectproxy.server.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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

/**
 * Files that a command writes, on the disk when it says so. Who may read them is settled from the first moment on, whatever
 * the umask allows.
 */
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
     * Writes a file that is not there yet.
     *
     * @throws FileAlreadyExistsException when it is
     */
    public static void create(Path file, String text, Readers readers) throws IOException {
        try (FileChannel channel = begin(file, readers)) {
            write(channel, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Opens a file that is not there yet, for writing.
     *
     * @throws FileAlreadyExistsException when it is
     */
    public static FileChannel begin(Path file, Readers readers) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(file, readers));
    }

    /** Writes it all, and sees to it that the disk has it. */
    public static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        channel.force(true);
    }

    /**
     * Writes a file in one step: who reads it at any moment has all of the old text, or all of the new. A file that is there
     * keeps owner, group and mode (a secret's but for everybody else), for it is seldom the proxy's own user who renews what the proxy reads.
     *
     * @param readers who may read one that is not there yet
     */
    public static void replace(Path file, String text, Readers readers) throws IOException {
        // A link stays one, and leads to the new text.
        Path target = Files.exists(file) ? file.toRealPath() : file;
        byte[] chance = new byte[8];
        new SecureRandom().nextBytes(chance);
        Path beside = target.resolveSibling(
                "." + target.getFileName() + "." + HexFormat.of().formatHex(chance));
        try {
            create(beside, text, readers);
            keepOwnerAndMode(target, beside, readers);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Gives a file that is to take another one's place owner, group and mode of that, if it is there: else whoever reads it,
     * seldom the user who calls this, could no longer do so.
     *
     * @param readers {@code OWNER} for a mode that lets nobody else in but the group
     * @throws FileSystemException where only the owner may do that
     */
    public static void keepOwnerAndMode(Path target, Path beside, Readers readers) throws IOException {
        if (!isPosix(target) || !Files.exists(target)) {
            return;
        }
        PosixFileAttributes before = Files.readAttributes(target, PosixFileAttributes.class);
        PosixFileAttributes now = Files.readAttributes(beside, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
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

    /** Whose name stands in an exception, as a sentence for the operator. */
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
