package io.konnectproxy.server.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection from its beginning to its end: says the head, perhaps reads exactly the 200 and says the
 * ClientHello, and then does what makes it special. On its event loop.
 */
abstract class Visit extends ChannelInboundHandlerAdapter {
    static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
    /** Far beyond every deadline of the proxy's and of its configuration in the soak. */
    private static final int MOST_SECONDS = 60;

    private final byte[] head;
    private final byte @Nullable [] hello;
    private final StringBuilder answer = new StringBuilder();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long begun;
    private volatile long answeredNanos = -1;
    private boolean open;
    private @Nullable ChannelHandlerContext context;

    /**
     * @param hello said after the 200; null where no 200 is waited for
     */
    Visit(byte[] head, byte @Nullable [] hello) {
        this.head = head;
        this.hello = hello;
    }

    /** All is said; from now on this visit goes its own way. */
    abstract void onOpen();

    /** This visit does not own the buffer. */
    abstract void onBytes(ByteBuf bytes);

    /** The proxy will say nothing more. */
    abstract void onEnd();

    void onReset() {
        fail("reset");
    }

    void onWritable() {}

    /** Bytes that came back through the tunnel. */
    int carried() {
        return 0;
    }

    /** Completed when it went as it should, and with what went wrong otherwise. */
    final CompletableFuture<Void> done() {
        return done;
    }

    /** Takes the time; what follows is the connecting. */
    final void begins() {
        begun = System.nanoTime();
    }

    /** From the first SYN to the last byte of the 200, or -1. */
    final long answeredNanos() {
        return answeredNanos;
    }

    final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    final void say(byte[] bytes) {
        context().writeAndFlush(Unpooled.wrappedBuffer(bytes), context().voidPromise());
    }

    final void succeed() {
        done.complete(null);
        context().close();
    }

    /** Like {@link #succeed}, without a word of goodbye. */
    final void resets() {
        done.complete(null);
        Resets.reset(context().channel());
    }

    final void fail(String problem) {
        done.completeExceptionally(new IllegalStateException(this + ": " + problem));
        if (context != null) {
            context.close();
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext added) {
        context = added;
        var late = added.channel()
                .eventLoop()
                .schedule(() -> fail(open ? "hangs" : "hangs after '" + answer + "'"), MOST_SECONDS, TimeUnit.SECONDS);
        done.whenComplete((succeeded, failed) -> late.cancel(false));
    }

    @Override
    public final void channelActive(ChannelHandlerContext active) {
        if (head.length > 0) {
            say(head);
        }
        if (hello == null) {
            open = true;
            onOpen();
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext reading, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!open) {
                readAnswer(bytes);
            }
            if (open && bytes.isReadable()) {
                onBytes(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    private void readAnswer(ByteBuf bytes) {
        int more = Math.min(bytes.readableBytes(), ESTABLISHED.length() - answer.length());
        answer.append(bytes.readCharSequence(more, ISO_8859_1));
        if (answer.length() < ESTABLISHED.length() || hello == null) {
            return;
        }
        if (!ESTABLISHED.contentEquals(answer)) {
            fail("answered " + (answer + bytes.toString(ISO_8859_1)).replace("\r\n", " | "));
            return;
        }
        answeredNanos = System.nanoTime() - begun;
        open = true;
        if (hello.length > 0) {
            say(hello);
        }
        onOpen();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (open && changed.channel().isWritable()) {
            onWritable();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || done.isDone()) {
            return;
        }
        if (open) {
            onEnd();
        } else {
            fail("ended after '" + answer + "'");
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (!done.isDone()) {
            if (open && cause instanceof IOException) {
                onReset();
            } else {
                fail("failed after '" + answer + "' with " + cause);
            }
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext inactive) {
        fail("closed");
    }
}
