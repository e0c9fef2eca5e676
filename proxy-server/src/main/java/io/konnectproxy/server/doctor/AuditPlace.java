package io.konnectproxy.server.doctor;

import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.trail.FileWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the audit file is, or will be. Nothing is created.
 *
 * @param directory of the file, or the existing one above it that it will be made in
 * @param writable whether this user may write there
 * @param owner of the directory
 * @param user who runs this program
 * @param usable bytes
 * @param wanted bytes of one audit file
 */
record AuditPlace(
        Path file, Path directory, boolean writable, String owner, String user, long usable, Optional<Long> wanted) {
    /** Some thousand lines. */
    private static final long LEAST = 16L << 20;

    private static final String ROOT = "root";

    /** @throws IllegalStateException with a sentence, if the file system does not answer */
    static AuditPlace of(String file, Optional<Long> rotation) {
        Path path = Path.of(file).toAbsolutePath();
        Path directory = existing(path);
        boolean writable = Files.exists(path) ? Files.isWritable(path) : Files.isWritable(directory);
        try {
            return new AuditPlace(
                    path,
                    directory,
                    writable,
                    Files.getOwner(directory).getName(),
                    System.getProperty("user.name", ""),
                    Files.getFileStore(directory).getUsableSpace(),
                    rotation);
        } catch (IOException e) {
            throw new IllegalStateException(directory + " cannot be examined: " + FileWords.reason(e) + ".", e);
        }
    }

    private static Path existing(Path file) {
        Path directory = file.getParent();
        while (directory != null && !Files.exists(directory)) {
            directory = directory.getParent();
        }
        return directory == null ? file.getRoot() : directory;
    }

    Diagnosis diagnose() {
        String room = (usable >> 20) + " MiB of room";
        if (!Files.isDirectory(directory)) {
            return new Failing(
                    directory + " is a file, and a directory is needed.", "Move it away, or set audit.file.");
        }
        if (!writable) {
            return new Failing(
                    "The user " + user + " may not write there; " + directory + " belongs to " + owner + ".",
                    "Run doctor and the proxy as a user who may, or have the directory given to that user.");
        }
        if (usable < LEAST) {
            return new Failing(
                    "There is " + room + " on the disk of " + directory + ": the trail will soon be unwritable, and the"
                            + " proxy then refuses everything (audit.on-failure).",
                    "Free some space, or set audit.rotate.keep-size.");
        }
        if (user.equals(ROOT) && !owner.equals(ROOT)) {
            return new Doubtful(
                    "It can be written, but this is root, and " + directory + " belongs to " + owner + ". There is "
                            + room + ".",
                    "Run doctor as the user that the proxy runs as: sudo -u " + owner + " konnect-proxy doctor.");
        }
        if (wanted.isPresent() && usable < wanted.get()) {
            return new Doubtful(
                    "There is " + room + ", less than one audit file may have (audit.rotate.size).",
                    "Free some space, or lower audit.rotate.size and set audit.rotate.keep-size.");
        }
        return new Fine("It can be written by " + user + ", and there is " + room + ".");
    }
}
