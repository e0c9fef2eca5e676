package io.konnectproxy.trail;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Verifies lines on a thread of its own, while the caller does other work with them. Lines are copied and handed over in
 * batches. At most {@value #BATCHES} batches wait; then the caller waits. To be used by one thread.
 */
public final class CheckThread implements TrailVisitor, AutoCloseable {
    private static final int BATCHES = 8;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int BATCH_LINES = 256;

    private final TrailCheck check;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<LineBatch> unused = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread = new Thread(this::verify, "audit-verify");
    private LineBatch batch = new LineBatch();
    private volatile boolean done;
    private volatile @Nullable Throwable thrown;

    /** @param check is not to be used by anybody else */
    public CheckThread(TrailCheck check) {
        this.check = check;
        for (int i = 1; i < BATCHES; i++) {
            unused.add(new LineBatch());
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** What the check is shown. */
    private interface Step {
        void show(TrailCheck check);

        /** Whether it is the last one. */
        default boolean isLast() {
            return false;
        }
    }

    /** Successive lines of a file. */
    private static final class LineBatch implements Step {
        private byte[] bytes = new byte[BATCH_BYTES];
        private final int[] ends = new int[BATCH_LINES];
        private int lines;
        private long first;

        /** Returns false if there is no room. A line that is longer than a batch gets one of its own. */
        boolean add(byte[] from, int begin, int end, long number) {
            int used = lines == 0 ? 0 : ends[lines - 1];
            int length = end - begin;
            if (lines == BATCH_LINES || (lines > 0 && used + length > bytes.length)) {
                return false;
            }
            if (length > bytes.length) {
                bytes = new byte[length];
            }
            System.arraycopy(from, begin, bytes, used, length);
            first = lines == 0 ? number : first;
            ends[lines++] = used + length;
            return true;
        }

        void clear() {
            lines = 0;
            if (bytes.length > BATCH_BYTES) {
                bytes = Arrays.copyOf(bytes, BATCH_BYTES);
            }
        }

        @Override
        public void show(TrailCheck check) {
            for (int i = 0; i < lines; i++) {
                check.line(bytes, i == 0 ? 0 : ends[i - 1], ends[i], first + i);
            }
        }
    }

    private static final class Last implements Step {
        @Override
        public void show(TrailCheck check) {
            // Nothing comes after it.
        }

        @Override
        public boolean isLast() {
            return true;
        }
    }

    private void verify() {
        try {
            for (Step step = steps.take(); !step.isLast(); step = steps.take()) {
                show(step);
                if (step instanceof LineBatch used) {
                    used.clear();
                    unused.put(used);
                }
            }
        } catch (InterruptedException e) {
            // The caller gave up.
            Thread.currentThread().interrupt();
        }
    }

    private void show(Step step) {
        if (done) {
            return;
        }
        try {
            step.show(check);
            done = check.isDone();
        } catch (RuntimeException | Error e) {
            // The caller must not wait for a thread that has ended.
            thrown = e;
            done = true;
        }
    }

    @Override
    public void line(byte[] bytes, int from, int end, long number) {
        if (!done && !batch.add(bytes, from, end, number)) {
            flush();
            batch.add(bytes, from, end, number);
        }
    }

    private void flush() {
        if (batch.lines > 0) {
            hand(batch);
            try {
                batch = unused.take();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private void hand(Step step) {
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
    public void twins(Segment one, Segment other) {
        flush();
        hand(to -> to.twins(one, other));
    }

    @Override
    public void begins(Segment segment) {
        flush();
        hand(to -> to.begins(segment));
    }

    @Override
    public void unfinished(long number, long bytes) {
        flush();
        hand(to -> to.unfinished(number, bytes));
    }

    @Override
    public void unreadable(long number, IOException reason) {
        flush();
        hand(to -> to.unreadable(number, reason));
    }

    @Override
    public void ended(long lines) {
        flush();
        hand(to -> to.ended(lines));
    }

    /**
     * Waits for the result, after all lines.
     *
     * @throws TrailException if a file could not be read
     */
    public VerifyResult result() throws TrailException {
        flush();
        hand(new Last());
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return check.result();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
