package io.konnectproxy.server.credentials;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Does what it is given when it is told to, on the calling thread. */
final class ByHand extends AbstractExecutorService {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final int capacity;
    private boolean shutdown;

    ByHand(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public void execute(Runnable action) {
        if (shutdown || waiting.size() == capacity) {
            throw new RejectedExecutionException();
        }
        waiting.add(action);
    }

    int waiting() {
        return waiting.size();
    }

    /** Gives how many there were. */
    int runAll() {
        return run(Integer.MAX_VALUE);
    }

    /** Does no more than so many; gives how many there were. */
    int run(int most) {
        int count = 0;
        while (count < most && !waiting.isEmpty()) {
            waiting.remove().run();
            count++;
        }
        return count;
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = List.copyOf(waiting);
        waiting.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
