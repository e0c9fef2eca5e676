package io.konnectproxy.server.splice;

import io.konnectproxy.support.Relaying;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The real calls, counted, and with failures of the test's. */
public final class CountedCalls implements SystemCalls {
    private final SystemCalls real = new Relaying.LibraryCalls();
    private final AtomicInteger splices = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong moved = new AtomicLong();
    private volatile int refusedPipe;
    private volatile int refusedSize;
    private volatile int refusedSplice;

    /** From now on there is this error in place of a pipe; 0 for none. */
    public void refusePipe(int error) {
        refusedPipe = error;
    }

    /** From now on there is this error in place of a size; 0 for none. */
    public void refuseSize(int error) {
        refusedSize = error;
    }

    /** From now on there is this error in place of bytes. */
    public void refuseSplice(int error) {
        refusedSplice = error;
    }

    public int splices() {
        return splices.get();
    }

    /** Bytes, into pipes and out of them. */
    public long moved() {
        return moved.get();
    }

    /** Descriptors of pipes that are open. */
    public int open() {
        return open.get();
    }

    @Override
    public long splice(int from, int to, long most) {
        splices.incrementAndGet();
        if (refusedSplice != 0) {
            return -refusedSplice;
        }
        long result = real.splice(from, to, most);
        moved.addAndGet(Math.max(0, result));
        return result;
    }

    @Override
    public int pipe(int[] ends) {
        if (refusedPipe != 0) {
            return -refusedPipe;
        }
        open.addAndGet(2);
        return real.pipe(ends);
    }

    @Override
    public int resize(int pipe, int bytes) {
        return refusedSize == 0 ? real.resize(pipe, bytes) : -refusedSize;
    }

    @Override
    public int close(int descriptor) {
        open.decrementAndGet();
        return real.close(descriptor);
    }
}
