package io.konnectproxy.server.splice;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** The bytes in a pipe, for a channel to write. Its pipe is given back with its last reference. */
public final class PipedRegion extends AbstractReferenceCounted implements FileRegion {
    private final Pipes pipes;
    private final Runnable progress;
    private final long count;
    /** Null once it is given back: it is another tunnel's then. */
    private @Nullable Pipe pipe;

    private long left;

    PipedRegion(Pipes pipes, Pipe pipe, Runnable progress) {
        this.pipes = pipes;
        this.pipe = pipe;
        this.progress = progress;
        this.count = pipe.held();
        this.left = count;
    }

    /** The bytes that are still to be written; none once the pipe is given back. */
    public long left() {
        return left;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // Netty's former name of the next method.
    public long transfered() {
        return transferred();
    }

    @Override
    public long transferred() {
        return count - left;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        if (pipe == null) {
            throw new IllegalReferenceCountException(0);
        }
        long written = pipe.drain(target);
        if (written > 0) {
            left -= written;
            progress.run();
        }
        return written;
    }

    @Override
    protected void deallocate() {
        if (pipe != null) {
            pipes.takeBack(pipe);
            pipe = null;
            left = 0;
        }
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
