package io.konnectproxy.text;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens what may be a named pipe. Opening one waits for its other end, and nothing can interrupt that: so a thread of its own waits,
 * and is left behind where nobody comes.
 */
public final class PatientOpening {
    private static final long WAIT_SECONDS = 2;

    private PatientOpening() {}

    /** Opens a file. */
    public interface Opening<T extends Closeable> {
        T open() throws IOException;
    }

    /**
     * Waits two seconds.
     *
     * @return empty where it is not open by then
     * @throws IOException where it cannot be opened, or the caller was interrupted
     */
    public static <T extends Closeable> Optional<T> of(Opening<T> opening) throws IOException {
        CompletableFuture<T> opened = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(opening, opened), "open-file");
        thread.setDaemon(true);
        thread.start();
        try {
            return Optional.of(opened.get(WAIT_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return opened.cancel(false) ? Optional.empty() : Optional.of(result(opened));
        } catch (ExecutionException e) {
            throw reason(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static <T extends Closeable> void open(Opening<T> opening, CompletableFuture<T> opened) {
        try {
            T file = opening.open();
            if (!opened.complete(file)) {
                file.close();
            }
        } catch (IOException e) {
            opened.completeExceptionally(e);
        }
    }

    /** Of one that came at the last moment. */
    private static <T> T result(CompletableFuture<T> opened) throws IOException {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw reason(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException reason(ExecutionException failure) {
        return failure.getCause() instanceof IOException cause ? cause : new IOException(failure.getCause());
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while it was opened", cause);
    }
}
