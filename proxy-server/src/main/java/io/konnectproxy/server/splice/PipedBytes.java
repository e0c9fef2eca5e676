package io.konnectproxy.server.splice;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.io.IOException;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What one read of a socket brings, in a pipe. For the channel that reads, it is a buffer to be filled; nothing else can be done with
 * it as a buffer. Who gets it must write {@link #region} to a channel, or release it.
 */
public final class PipedBytes extends UnpooledHeapByteBuf {
    private final Pipes pipes;
    private final int limit;
    private @Nullable Pipe pipe;

    PipedBytes(ByteBufAllocator allocator, Pipes pipes, Pipe pipe, int limit) {
        super(allocator, 0, 0);
        this.pipes = pipes;
        this.pipe = pipe;
        this.limit = limit;
    }

    @Override
    public int writableBytes() {
        return limit;
    }

    /** The channel's read. Where the system cannot do it, nothing is there, and no pipe is lent from now on. */
    @Override
    public int writeBytes(ScatteringByteChannel from, int length) throws IOException {
        if (pipe == null || pipe.held() > 0) {
            throw new IllegalStateException("the pipe is filled once");
        }
        try {
            return pipe.fill(from, Math.min(length, limit));
        } catch (Pipe.NotPossible e) {
            pipes.close();
            return 0;
        }
    }

    /**
     * Hands the bytes over to what a channel can write, and releases this.
     *
     * @param progress is run whenever some bytes were written
     */
    public PipedRegion region(Runnable progress) {
        if (pipe == null) {
            throw new IllegalStateException("the bytes were handed over before");
        }
        PipedRegion region = new PipedRegion(pipes, pipe, progress);
        pipe = null;
        release();
        return region;
    }

    @Override
    protected void deallocate() {
        if (pipe != null) {
            pipes.takeBack(pipe);
            pipe = null;
        }
        super.deallocate();
    }
}
