package io.konnectproxy.server.splice;

import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of this process. One is lent while bytes are in it; where none is left, there is none, and bytes have to be copied. Linux
 * lets the processes of one user who is not root have 64 of this size (pipe(7), {@code pipe-user-pages-soft}). Any thread.
 */
public final class Pipes implements AutoCloseable {
    /** The descriptors of one. */
    public static final int DESCRIPTORS_EACH = 2;

    /** Half of what a user may have: another process of the same user has its share. */
    public static final int MOST = 32;

    /** What one takes, in bytes. A smaller one costs more than large reads that copy. */
    private static final int SIZE = 1024 * 1024;

    /** Where the system gives no pipe, it is asked again after this time. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    /** Reads of this size are moved, smaller ones copied, which costs no more. */
    private static final int WORTH_IT = 64 * 1024;

    private final int most;
    private final int worthIt;
    private final Supplier<Optional<SystemCalls>> loader;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedDeque<Pipe> unused = new ConcurrentLinkedDeque<>();
    private volatile LoadState loading;
    private volatile @Nullable SystemCalls calls;
    private volatile long notBefore = System.nanoTime();

    private enum LoadState {
        NOT_YET,
        BEGUN,
        DONE,
        NONE
    }

    private Pipes(int most, int worthIt, boolean canBe, Supplier<Optional<SystemCalls>> loader) {
        this.most = most;
        this.worthIt = worthIt;
        this.loader = loader;
        this.loading = most > 0 && canBe && Descriptors.canBe() ? LoadState.NOT_YET : LoadState.NONE;
    }

    /**
     * Those of the system. What is needed for them is loaded for the first one, by a thread of its own.
     *
     * @param most how many may be open at once
     */
    public static Pipes ofTheSystem(int most) {
        return new Pipes(Math.min(most, MOST), WORTH_IT, canBe(), ForeignCalls::load);
    }

    /** With other calls, which are there at once, and for reads from this size on, in bytes. */
    public static Pipes with(SystemCalls calls, int most, int worthIt) {
        Pipes pipes = new Pipes(most, worthIt, true, () -> Optional.of(calls));
        pipes.load();
        return pipes;
    }

    /** Whether this JDK on this system can have any. */
    public static boolean canBe() {
        return ForeignCalls.canBe();
    }

    /** The size from which on a read is worth a pipe, in bytes; larger than any read where there are none. */
    public int worthIt() {
        return loading == LoadState.NONE ? Integer.MAX_VALUE : worthIt;
    }

    /** How many are open. */
    public int open() {
        return open.get();
    }

    /**
     * What a channel may read into in place of a buffer.
     *
     * @param limit the most bytes that it may read
     * @return null where there is no pipe for it
     */
    public @Nullable PipedBytes lend(ByteBufAllocator allocator, int limit) {
        SystemCalls loaded = calls;
        if (loaded == null) {
            beginToLoad();
            return null;
        }
        Pipe pipe = unused.pollFirst();
        if (pipe == null) {
            pipe = another(loaded);
        }
        return pipe == null ? null : new PipedBytes(allocator, this, pipe, Math.min(limit, SIZE));
    }

    private synchronized void beginToLoad() {
        if (loading == LoadState.NOT_YET) {
            loading = LoadState.BEGUN;
            Thread thread = new Thread(this::load, "splice-load");
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                // The system has no thread for it: all bytes are copied, as before.
                loading = LoadState.NONE;
            }
        }
    }

    private void load() {
        Optional<SystemCalls> loaded = Optional.empty();
        try {
            loaded = loader.get();
        } finally {
            loaded(loaded);
        }
    }

    private synchronized void loaded(Optional<SystemCalls> loaded) {
        if (loading != LoadState.NONE) {
            calls = loaded.orElse(null);
            loading = loaded.isPresent() ? LoadState.DONE : LoadState.NONE;
        }
    }

    private @Nullable Pipe another(SystemCalls loaded) {
        if (System.nanoTime() - notBefore < 0) {
            return null;
        }
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return null;
        }
        Pipe made = null;
        try {
            made = make(loaded);
            return made;
        } finally {
            if (made == null) {
                open.decrementAndGet();
                notBefore = System.nanoTime() + PAUSE;
            }
        }
    }

    private static @Nullable Pipe make(SystemCalls loaded) {
        int[] ends = new int[2];
        if (loaded.pipe(ends) < 0) {
            return null;
        }
        Pipe made = new Pipe(loaded, ends[0], ends[1]);
        if (loaded.resize(ends[1], SIZE) < SIZE) {
            made.close();
            return null;
        }
        return made;
    }

    /** Takes one back. One with bytes in it is never lent again. */
    void takeBack(Pipe pipe) {
        if (pipe.held() > 0) {
            close(pipe);
            return;
        }
        unused.addFirst(pipe);
        if (loading == LoadState.NONE) {
            closeUnused();
        }
    }

    private void close(Pipe pipe) {
        open.decrementAndGet();
        pipe.close();
    }

    private void closeUnused() {
        for (Pipe pipe = unused.pollFirst(); pipe != null; pipe = unused.pollFirst()) {
            close(pipe);
        }
    }

    /** Closes those that are not lent, and each other one once it comes back. */
    @Override
    public void close() {
        synchronized (this) {
            loading = LoadState.NONE;
            calls = null;
        }
        closeUnused();
    }
}
