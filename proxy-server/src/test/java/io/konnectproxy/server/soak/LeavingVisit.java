package io.konnectproxy.server.soak;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says what it is told to, and vanishes a moment later: with a close, or with a reset. */
final class LeavingVisit extends Visit {
    private final Kind kind;
    private final boolean reset;
    private final long afterMicros;

    LeavingVisit(Kind kind, byte[] head, byte @Nullable [] hello, boolean reset, long afterMicros) {
        super(head, hello);
        this.kind = kind;
        this.reset = reset;
        this.afterMicros = afterMicros;
    }

    @Override
    void onOpen() {
        context().channel().eventLoop().schedule(this::leave, afterMicros, TimeUnit.MICROSECONDS);
    }

    private void leave() {
        if (reset) {
            resets();
        } else {
            succeed();
        }
    }

    /** It may have been answered meanwhile. */
    @Override
    void onBytes(ByteBuf bytes) {}

    @Override
    void onEnd() {
        fail("ended before it left");
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
