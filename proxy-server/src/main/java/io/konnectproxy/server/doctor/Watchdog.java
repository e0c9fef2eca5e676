package io.konnectproxy.server.doctor;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes connections after a time, which ends what blocks on them: a peer that sends a byte now and then is no exception. */
final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "doctor-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    void closeAfter(Closeable connection, Duration time) {
        var unused = timer.schedule(() -> close(connection), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    static void close(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow().forEach(Runnable::run);
    }
}
