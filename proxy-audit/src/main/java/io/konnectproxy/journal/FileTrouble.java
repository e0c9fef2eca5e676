package io.konnectproxy.journal;

import io.konnectproxy.trail.FileWords;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Set;

/**
 * Explains an exception of the JDK about a file to the operator: the reason as the end of a sentence, and the remedy.
 */
record FileTrouble(String reason, String remedy) {
    static final String LOCKED = "another proxy writes it";

    static final String TAKEN_OVER = "another proxy has written to it meanwhile";

    static final String NO_READER = "it is a named pipe that nobody reads";

    static final String SOCKET = "it is a socket";

    static final String DOES_NOT_OPEN = "it is no regular file, and does not open";

    static final String NO_TRAIL = "it holds something else than an audit trail";

    private static final String ELSEWHERE = ", or set audit.file.";

    static FileTrouble of(IOException problem) {
        if (problem instanceof AccessDeniedException) {
            return new FileTrouble(FileWords.reason(problem), "Make the directory and the file writable" + ELSEWHERE);
        }
        if (problem instanceof NoSuchFileException) {
            return new FileTrouble("its directory does not exist", "Create the directory" + ELSEWHERE);
        }
        if (problem instanceof FileAlreadyExistsException) {
            return new FileTrouble("a file stands where a directory should be", "Move that file away" + ELSEWHERE);
        }
        String reason = FileWords.reason(problem);
        return new FileTrouble(reason, remedy(reason));
    }

    private static String remedy(String reason) {
        if (reason.equals(LOCKED)) {
            return "Stop that one" + ELSEWHERE;
        }
        if (reason.equals(TAKEN_OVER)) {
            return "Restart this one, and run one proxy for each audit.file.";
        }
        if (Set.of(NO_READER, SOCKET, DOES_NOT_OPEN).contains(reason)) {
            return "Name a regular file in audit.file.";
        }
        if (reason.equals(NO_TRAIL)) {
            return "Move that away" + ELSEWHERE;
        }
        if (reason.contains("no space") || reason.contains("quota")) {
            return "Free some space" + ELSEWHERE;
        }
        if (reason.contains("is a directory")) {
            return "Name a file, not a directory, in audit.file.";
        }
        if (reason.contains("is a compressed file")) {
            return "Move it away or decompress it" + ELSEWHERE;
        }
        return reason.contains("read-only")
                ? "Mount a writable volume there" + ELSEWHERE
                : "Make it writable" + ELSEWHERE;
    }
}
