package io.konnectproxy.server.credentials;

import io.konnectproxy.server.file.SafeFile;
import io.konnectproxy.server.file.SafeFile.Readers;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

/**
 * Changes one user of an htpasswd file. All other bytes, mode and owner are kept. The file is replaced atomically, so that
 * no reader sees a partial one.
 */
public final class UsersFileEditor {
    private final Path file;

    /**
     * Does not open the file yet.
     *
     * @param file may be missing; a symbolic link is followed
     */
    public UsersFileEditor(Path file) throws IOException {
        this.file = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    /** The outcome of an edit. */
    public enum UserEdit {
        ADDED,
        REPLACED,
        REMOVED,
        /** There is no such user, and the file is unchanged. */
        ABSENT
    }

    /** What must have happened before the file is replaced. */
    public interface Precondition {
        /**
         * Lets the file be replaced.
         *
         * @throws IOException if that has not happened; the file stays as it is
         */
        void require() throws IOException;
    }

    /**
     * Adds a user, or replaces the password of an existing one.
     *
     * @throws FileSystemException with the reason, if that is not possible
     */
    public UserEdit set(String name, byte[] password, int cost) throws IOException {
        return set(name, password, cost, () -> {});
    }

    /**
     * The same.
     *
     * @param first is called when nothing but the replacement of the file is left to do
     */
    public UserEdit set(String name, byte[] password, int cost, Precondition first) throws IOException {
        BcryptHash hash = BcryptHash.of(password, cost);
        return change(lines -> lines.set(name, hash) ? UserEdit.REPLACED : UserEdit.ADDED, first);
    }

    /**
     * Removes a user.
     *
     * @throws FileSystemException with the reason, if that is not possible
     */
    public UserEdit remove(String name) throws IOException {
        return Files.exists(file)
                ? change(lines -> lines.remove(name) ? UserEdit.REMOVED : UserEdit.ABSENT, () -> {})
                : UserEdit.ABSENT;
    }

    private UserEdit change(Function<UserLines, UserEdit> edit, Precondition first) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        FileChannel channel = open(next);
        try (channel) {
            UserLines lines = new UserLines(Files.exists(file) ? bytes() : new byte[0]);
            UserEdit outcome = edit.apply(lines);
            if (outcome == UserEdit.ABSENT) {
                Files.delete(next);
            } else {
                SafeFile.write(channel, lines.bytes());
                // The mode is kept: the file contains hashes, and its readers must keep their access.
                SafeFile.keepOwnerAndMode(file, next, Readers.ALL);
                first.require();
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return outcome;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(next);
            throw e;
        }
    }

    /** A line that is added to a file of another encoding would be garbage there. */
    private byte[] bytes() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            var unused = TextDecoding.ofBlocks(bytes);
        } catch (NotTextException e) {
            throw new FileSystemException(file.toString(), null, "it " + e.getMessage());
        }
        return bytes;
    }

    /** Fails if the file exists, so that concurrent edits do not undo each other. */
    private static FileChannel open(Path next) throws IOException {
        try {
            return SafeFile.begin(next, Readers.OWNER);
        } catch (FileAlreadyExistsException e) {
            throw new FileSystemException(
                    next.toString(),
                    null,
                    "it is there: somebody else changes the users, or was interrupted; then remove it");
        }
    }
}
