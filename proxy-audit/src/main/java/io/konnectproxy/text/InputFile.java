package io.konnectproxy.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens a file that is read to its end once. It may be a pipe, as {@code <(command)} of a shell makes one, and is read as long as
 * its writer takes. One that nobody writes to is not waited for.
 */
public final class InputFile {
    private InputFile() {}

    /** The file is a named pipe, and nobody writes to it. */
    public static final class NoWriterException extends IOException {
        private static final long serialVersionUID = 1;

        NoWriterException() {
            super("it is a named pipe that nobody writes to");
        }
    }

    /**
     * Opens it.
     *
     * @throws NoWriterException after two seconds
     */
    public static InputStream open(Path file) throws IOException {
        return Files.isRegularFile(file) || Files.isDirectory(file) || !Files.exists(file)
                ? Files.newInputStream(file)
                : PatientOpening.of(() -> Files.newInputStream(file)).orElseThrow(NoWriterException::new);
    }
}
