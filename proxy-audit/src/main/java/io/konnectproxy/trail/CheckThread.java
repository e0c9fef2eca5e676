package io.konnectproxy.trail;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Verifies lines on a thread of its own, while the caller does other work with them: those of one trail, or of many that are read
 * side by side. Lines are copied and handed over in batches, which trails share, so that its memory does not grow with their number. At
 * most {@value #BATCHES} batches wait; then the caller waits. To be used by one thread.
 */
public final class CheckThread implements AutoCloseable {
    private static final int BATCHES = 8;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int BATCH_LINES = 256;

    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<LineBatch> unused = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread = new Thread(this::verify, "audit-verify");
    private LineBatch batch = new LineBatch();

    public CheckThread() {
        for (int i = 1; i < BATCHES; i++) {
            unused.add(new LineBatch());
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** What the thread is handed. */
    @FunctionalInterface
    private interface Step {
        void run();
    }

    /** Successive lines, each of its trail. */
    private static final class LineBatch implements Step {
        private byte[] bytes = new byte[BATCH_BYTES];
        private final int[] ends = new int[BATCH_LINES];
        private final long[] numbers = new long[BATCH_LINES];
        private final TrailOfThread[] trails = new TrailOfThread[BATCH_LINES];
        private int lines;

        /** Returns false if there is no room. A line that is longer than a batch gets one of its own. */
        boolean add(TrailOfThread trail, byte[] from, int begin, int end, long number) {
            int used = lines == 0 ? 0 : ends[lines - 1];
            int length = end - begin;
            if (lines == BATCH_LINES || (lines > 0 && used + length > bytes.length)) {
                return false;
            }
            if (length > bytes.length) {
                bytes = new byte[length];
            }
            System.arraycopy(from, begin, bytes, used, length);
            numbers[lines] = number;
            trails[lines] = trail;
            ends[lines++] = used + length;
            return true;
        }

        void clear() {
            Arrays.fill(trails, 0, lines, null);
            lines = 0;
            if (bytes.length > BATCH_BYTES) {
                bytes = Arrays.copyOf(bytes, BATCH_BYTES);
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < lines; i++) {
                trails[i].verify(bytes, i == 0 ? 0 : ends[i - 1], ends[i], numbers[i]);
            }
        }
    }

    /** A trail whose lines are verified on the thread. */
    public final class TrailOfThread implements TrailVisitor {
        private final TrailCheck check;
        private final CompletableFuture<VerifyResult> result = new CompletableFuture<>();
        private volatile boolean done;

        private TrailOfThread(TrailCheck check) {
            this.check = check;
        }

        private void verify(byte[] bytes, int from, int end, long number) {
            if (!done) {
                attempt(() -> check.line(bytes, from, end, number));
            }
        }

        private void attempt(Step step) {
            try {
                step.run();
                done = check.isDone();
            } catch (RuntimeException | Error e) {
                // The caller must not wait for a thread that has ended.
                done = true;
                result.completeExceptionally(e);
            }
        }

        private void hand(Step step) {
            flush();
            put(() -> {
                if (!done) {
                    attempt(step);
                }
            });
        }

        @Override
        public void line(byte[] bytes, int from, int end, long number) {
            if (!done && !batch.add(this, bytes, from, end, number)) {
                flush();
                batch.add(this, bytes, from, end, number);
            }
        }

        @Override
        public void twins(Segment one, Segment other) {
            hand(() -> check.twins(one, other));
        }

        @Override
        public void begins(Segment segment) {
            hand(() -> check.begins(segment));
        }

        @Override
        public void unfinished(long number, long bytes) {
            hand(() -> check.unfinished(number, bytes));
        }

        @Override
        public void unreadable(long number, IOException reason) {
            hand(() -> check.unreadable(number, reason));
        }

        @Override
        public void ended(long lines) {
            hand(() -> check.ended(lines));
        }

        /** The result, once the thread has come to it, after all lines. A {@link TrailException} if a file could not be read. */
        public CompletableFuture<VerifyResult> toResult() {
            flush();
            put(() -> {
                try {
                    result.complete(check.result());
                } catch (TrailException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
            return result;
        }

        /**
         * Waits for the result, after all lines.
         *
         * @throws TrailException if a file could not be read
         */
        public VerifyResult result() throws TrailException {
            return joined(toResult());
        }
    }

    /**
     * Waits for a result.
     *
     * @throws TrailException if a file could not be read
     */
    public static VerifyResult joined(CompletableFuture<VerifyResult> result) throws TrailException {
        try {
            return result.join();
        } catch (CompletionException e) {
            Throwable thrown = e.getCause();
            if (thrown instanceof TrailException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw thrown instanceof RuntimeException exception ? exception : e;
        }
    }

    /**
     * Adds a trail.
     *
     * @param check is not to be used by anybody else
     */
    public TrailOfThread trail(TrailCheck check) {
        return new TrailOfThread(check);
    }

    private void verify() {
        try {
            while (true) {
                Step step = steps.take();
                step.run();
                if (step instanceof LineBatch used) {
                    used.clear();
                    unused.put(used);
                }
            }
        } catch (InterruptedException e) {
            // The caller has all results, or gave up.
            Thread.currentThread().interrupt();
        }
    }

    private void flush() {
        if (batch.lines > 0) {
            put(batch);
            try {
                batch = unused.take();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private void put(Step step) {
        try {
            steps.put(step);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while lines were verified", e);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
