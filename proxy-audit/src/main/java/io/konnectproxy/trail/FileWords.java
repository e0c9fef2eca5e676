package io.konnectproxy.trail;

import io.konnectproxy.trail.event.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Turns the JDK's exceptions about files into messages for users. */
public final class FileWords {
    private FileWords() {}

    static TrailException unreadable(Path file, IOException problem) {
        return unreadable(file.toString(), problem);
    }

    static TrailException unreadable(String name, IOException problem) {
        if (problem instanceof NoSuchFileException) {
            return new TrailException("There is no file " + Printable.of(name) + ".");
        }
        if (problem instanceof ChangedObjectException) {
            return new TrailException(Printable.of(name) + " changed while it was read; verify again.");
        }
        return new TrailException(Printable.of(name) + " cannot be read: " + reason(problem) + ".");
    }

    /**
     * A trail is read from its ends, and more than once: no pipe can be.
     *
     * @throws TrailException if it is there and is neither a file nor a directory
     */
    static void requireFile(Path file) throws TrailException {
        try {
            if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
                throw new TrailException(
                        Printable.of(file.toString()) + " is a pipe or a device; save what it has to a file first.");
            }
        } catch (IOException e) {
            // Whoever opens it says why.
            return;
        }
    }

    /** Whether the process may open no more files. */
    public static boolean lacksDescriptors(IOException problem) {
        return reason(problem).toLowerCase(Locale.ROOT).contains("too many open files");
    }

    /** The cause as half a sentence that begins in lower case. */
    public static String reason(IOException problem) {
        if (problem instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (problem instanceof EOFException) {
            return "it ends in the middle";
        }
        String words = problem instanceof FileSystemException system ? system.getReason() : problem.getMessage();
        return words == null || words.isEmpty()
                ? problem.getClass().getSimpleName()
                : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }
}
