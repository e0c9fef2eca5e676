package io.konnectproxy.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens a file that is read to its end once. It may be a pipe, as {@code <(command)} of a shell makes one, and is read as long as
 * its writer takes. But opening a named pipe waits for a writer, and nothing can interrupt that: so a thread of its own waits, and
 * is left behind where none comes.
 */
public final class InputFile {
    private static final long WAIT_SECONDS = 2;

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
        if (Files.isRegularFile(file) || Files.isDirectory(file) || !Files.exists(file)) {
            return Files.newInputStream(file);
        }
        CompletableFuture<InputStream> opening = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(file, opening), "open-pipe");
        thread.setDaemon(true);
        thread.start();
        try {
            return opening.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (opening.completeExceptionally(new NoWriterException())) {
                throw new NoWriterException();
            }
            return opening.join();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was opened", e);
        }
    }

    private static void open(Path file, CompletableFuture<InputStream> opening) {
        try {
            InputStream in = Files.newInputStream(file);
            if (!opening.complete(in)) {
                in.close();
            }
        } catch (IOException e) {
            opening.completeExceptionally(e);
        }
    }
}
