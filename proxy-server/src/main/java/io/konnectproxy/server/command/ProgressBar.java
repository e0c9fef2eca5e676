package io.konnectproxy.server.command;

import io.konnectproxy.trail.TrailWalk;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A line of progress that is overwritten a few times a second. */
final class ProgressBar implements TrailWalk.Progress {
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int WIDTH = 30;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final long total;
    private final long started = System.nanoTime();
    private long shown = started;

    /**
     * @param total all bytes to be read
     */
    ProgressBar(PrintWriter terminal, long total) {
        this.terminal = terminal;
        this.total = Math.max(1, total);
    }

    @Override
    public void at(long bytes, long lines) {
        long now = System.nanoTime();
        if (now - shown < EVERY) {
            return;
        }
        shown = now;
        int percent = (int) Math.min(100, bytes * 100 / total);
        int filled = percent * WIDTH / 100;
        terminal.print(String.format(
                Locale.ROOT,
                "%s[%s%s] %3d %%  %,d lines, %,d a second",
                ERASE,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                percent,
                lines,
                lines * TimeUnit.SECONDS.toNanos(1) / Math.max(1, now - started)));
        terminal.flush();
    }

    void erase() {
        if (shown != started) {
            terminal.print(ERASE);
            terminal.flush();
        }
    }
}
