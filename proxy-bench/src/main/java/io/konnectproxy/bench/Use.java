package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** What a client does with its tunnel. Runs on the {@link Client}'s thread, as does what waits for its futures. */
abstract class Use extends ChannelInboundHandlerAdapter {
    private final Order order;
    private final CompletableFuture<Long> up = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private long nanosToReply;

    Use(Order order) {
        this.order = order;
    }

    /** Done with the nanoseconds from CONNECT to the reply's end, as soon as a byte has come through the tunnel. */
    final CompletableFuture<Long> up() {
        return up;
    }

    /** Done when the connection is closed, in whatever way. */
    final CompletableFuture<Void> gone() {
        return gone;
    }

    /** What goes out right behind the ClientHello, in one piece with it. */
    void begin(ByteBuf firstBytes) {
        order.write(firstBytes);
    }

    final void permitted(long nanos) {
        nanosToReply = nanos;
    }

    /** To be called by the kind of use: the tunnel is seen to carry. */
    final void carries() {
        up.complete(nanosToReply);
    }

    final void failed(String reason) {
        up.completeExceptionally(new IOException(reason));
        gone.complete(null);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        failed("the connection was closed before the tunnel carried anything");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed(String.valueOf(cause.getMessage()));
        context.close();
    }
}
