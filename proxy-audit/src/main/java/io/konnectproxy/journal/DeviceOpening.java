package io.konnectproxy.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens what is no regular file. Opening a named pipe waits for its reader, and nothing can interrupt that: so a thread of its own
 * waits, and is left behind.
 */
final class DeviceOpening {
    private static final long WAIT_SECONDS = 2;
    private static final int TYPE = 0xF000;
    private static final int PIPE = 0x1000;
    private static final int SOCKET = 0xC000;

    private DeviceOpening() {}

    static FileChannel open(Path file) throws IOException {
        int type = typeOf(file);
        if (type == SOCKET) {
            throw new FileSystemException(file.toString(), null, FileTrouble.SOCKET);
        }
        CompletableFuture<FileChannel> opening = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(file, opening), "audit-open");
        thread.setDaemon(true);
        thread.start();
        try {
            return opening.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (!opening.cancel(false)) {
                return opening.join();
            }
            throw new FileSystemException(
                    file.toString(), null, type == PIPE ? FileTrouble.NO_READER : FileTrouble.DOES_NOT_OPEN);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was opened", e);
        }
    }

    private static void open(Path file, CompletableFuture<FileChannel> opening) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND);
            if (!opening.complete(channel)) {
                channel.close();
            }
        } catch (IOException e) {
            opening.completeExceptionally(e);
        }
    }

    /** 0 where the system does not tell. */
    private static int typeOf(Path file) {
        try {
            return Files.getAttribute(file, "unix:mode") instanceof Integer mode ? mode & TYPE : 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }
}
