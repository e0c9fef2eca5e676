package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.splice.PipedBytes;
import io.konnectproxy.server.splice.Pipes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The size of a channel's reads: small until its tunnel is open, then what the client's share of the memory budget
 * allows. Large reads make a relay cheap: 0.55 CPU seconds per GB, measured on a prototype, against 1.9 with Netty's 64
 * KiB. An idle channel holds no buffer. Runs on the channel's event loop. A channel keeps the handle of its first read,
 * so the allocator cannot be replaced later.
 */
public final class ReadSizes extends AdaptiveRecvByteBufAllocator {
    public static final int MOST = 1024 * 1024;
    /** Most requests, ClientHellos and answers of parents fit. */
    private static final int BEFORE_RELAY = 2048;
    /** The limit with TLS, which copies what it reads into buffers of the size of a record anyway. */
    private static final int MOST_OF_TLS = 64 * 1024;
    /** The size of a read while the client's share has no room left. Many tunnels may be in this state. */
    private static final int LITTLE = 1024;

    private final Pipes pipes;
    private int most = MOST;
    /** Not null where the tunnel is open. */
    private MemoryBudget.@Nullable Share relaying;
    /** Tells whether the tunnel's bytes may pass through a pipe now. */
    private BooleanSupplier mayPipe = () -> false;

    /**
     * @param pipes are used for large reads while there are any
     */
    public ReadSizes(Pipes pipes) {
        super(512, BEFORE_RELAY, MOST);
        this.pipes = pipes;
        maxMessagesPerRead(1);
    }

    /** Limits the reads to those of a channel with TLS. */
    void beforeTls() {
        most = MOST_OF_TLS;
    }

    /**
     * Lets a channel of an open tunnel read as much as the share of its client allows.
     *
     * @param mayPipe whether what it reads may come in a pipe, as {@link PipedBytes}; asked before each large read
     */
    static void relay(Channel channel, MemoryBudget.Share share, BooleanSupplier mayPipe) {
        if (channel.config().getRecvByteBufAllocator() instanceof ReadSizes sizes) {
            sizes.relaying = share;
            sizes.mayPipe = mayPipe;
        }
    }

    private int limit() {
        return relaying == null ? BEFORE_RELAY : (int) Math.max(LITTLE, Math.min(most, relaying.room()));
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own name for what a channel asks of its allocator.
    public Handle newHandle() {
        return new DelegatingHandle(super.newHandle()) {
            private boolean piped;
            private boolean copyNext;

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                int limit = limit();
                int guess = super.guess();
                PipedBytes lent = guess >= pipes.worthIt() && !copyNext ? lend(allocator, limit) : null;
                piped = lent != null;
                copyNext = false;
                if (lent != null) {
                    return lent;
                }
                return guess <= limit ? super.allocate(allocator) : allocator.ioBuffer(limit);
            }

            /**
             * A socket can be ready to be read, and have nothing for a pipe: urgent data (RFC 9293, section 3.8.5) stop splice(2),
             * and not read(2); or the system has no memory for one. So the next read copies; otherwise the event loop would turn
             * without an end.
             */
            @Override
            public void lastBytesRead(int bytes) {
                copyNext = piped && bytes == 0;
                super.lastBytesRead(bytes);
            }
        };
    }

    private @Nullable PipedBytes lend(ByteBufAllocator allocator, int limit) {
        return limit >= pipes.worthIt() && mayPipe.getAsBoolean() ? pipes.lend(allocator, limit) : null;
    }
}
