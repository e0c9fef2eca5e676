package io.konnectproxy.server.differential;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ClientHello as Netty's reader of server names reads it.
 *
 * @param name the name it would choose a certificate by; empty unless {@link State#NAMED}
 * @param segments how many segments it took to say so
 */
record NettyHello(State state, String name, int segments) {
    enum State {
        INCOMPLETE,
        /** It closes the connection. */
        FAILED,
        /** It goes on as if no name had been sent: there is none, or it can make nothing of what is there. */
        NAMELESS,
        NAMED
    }

    static NettyHello read(List<byte[]> segments) {
        var reader = new Reader();
        var channel = new EmbeddedChannel(reader);
        int taken = 0;
        try {
            while (taken < segments.size() && reader.state == State.INCOMPLETE) {
                channel.writeInbound(Unpooled.wrappedBuffer(segments.get(taken++)));
            }
            return new NettyHello(reader.state, reader.name, taken);
        } catch (DecoderException failure) {
            return new NettyHello(State.FAILED, "", taken);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static final class Reader extends AbstractSniHandler<Void> {
        private static final int LIMIT = 1 << 16;
        private State state = State.INCOMPLETE;
        private String name = "";

        Reader() {
            super(LIMIT, 0);
        }

        @Override
        protected Future<Void> lookup(ChannelHandlerContext context, @Nullable String hostname) {
            state = hostname == null ? State.NAMELESS : State.NAMED;
            name = hostname == null ? "" : hostname;
            return context.executor().newSucceededFuture(null);
        }

        @Override
        protected void onLookupComplete(ChannelHandlerContext context, @Nullable String hostname, Future<Void> future) {
            context.pipeline().remove(this);
        }
    }
}
