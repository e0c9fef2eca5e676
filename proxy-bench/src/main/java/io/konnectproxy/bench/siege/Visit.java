package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.KongConnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** One tunnel of an honest data plane: CONNECT as Kong sends it, TLS with the host, a message there and back. */
class Visit extends SimpleChannelInboundHandler<ByteBuf> {
    /** Kong waits so long for each step. */
    private static final int PATIENCE_SECONDS = 5;

    private final Door door;
    private final String host;
    private final int n;
    private final SslContext tls;
    private final HonestFigures figures;
    private final String message;
    private final StringBuilder came = new StringBuilder();
    private final long begin = System.nanoTime();
    private @Nullable Future<?> deadline;
    private boolean permitted;
    private boolean done;

    /**
     * @param n which of all visits this is
     */
    Visit(Door door, String host, int n, SslContext tls, HonestFigures figures) {
        this.door = door;
        this.host = host;
        this.n = n;
        this.tls = tls;
        this.figures = figures;
        this.message = "message " + n + "\n";
        figures.begin();
    }

    static SslHandler tls(SslContext context, ChannelHandlerContext channel, String host) {
        SslHandler handler = context.newHandler(channel.alloc());
        SSLParameters parameters = handler.engine().getSSLParameters();
        // Not told as a peer, so that no session is resumed: each handshake is a whole one.
        parameters.setServerNames(List.of(new SNIHostName(host)));
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        await(context, "no answer");
    }

    private void await(ChannelHandlerContext context, String orElse) {
        deadline = context.executor()
                .schedule(
                        () -> lose(context, orElse + " within " + PATIENCE_SECONDS + " s"),
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (door.tls()) {
            context.pipeline().addBefore(context.name(), null, tls(tls, context, "konnect-proxy.example"));
        }
        say(context, door.preamble() + KongConnect.head(host, door.credentials().apply(n)));
    }

    private static void say(ChannelHandlerContext context, String text) {
        context.writeAndFlush(Unpooled.copiedBuffer(text, US_ASCII));
    }

    @Override
    protected final void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        came.append(bytes.toString(US_ASCII));
        if (permitted) {
            onMessage(context);
        } else if (came.indexOf("\r\n\r\n") >= 0) {
            onAnswer(context);
        }
    }

    private void onAnswer(ChannelHandlerContext context) {
        if (!came.toString().startsWith("HTTP/1.1 200 ")) {
            lose(context, came.substring(0, came.indexOf("\r\n")));
        } else if (!came.toString().endsWith("\r\n\r\n")) {
            lose(context, "bytes behind the 200");
        } else {
            permitted = true;
            figures.answers.add(System.nanoTime() - begin);
            came.setLength(0);
            cancelDeadline();
            await(context, "nothing came through the tunnel");
            context.pipeline().addBefore(context.name(), null, tls(tls, context, host));
            say(context, message);
        }
    }

    private void onMessage(ChannelHandlerContext context) {
        if (!message.startsWith(came.toString())) {
            lose(context, "another message came back");
        } else if (came.length() == message.length()) {
            came.setLength(0);
            cancelDeadline();
            onEcho(context);
        }
    }

    /** The message is back. The next one may be said, or the tunnel closed. */
    void onEcho(ChannelHandlerContext context) {
        figures.exchanges.add(System.nanoTime() - begin);
        finish(context);
    }

    /** Says the message once more. */
    final void sayAgain(ChannelHandlerContext context) {
        await(context, "nothing came through an open tunnel");
        say(context, message);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    final void lose(ChannelHandlerContext context, String why) {
        if (!done) {
            if (!permitted) {
                figures.answers.add(System.nanoTime() - begin);
            }
            figures().lose(door.name() + ": " + why);
            finish(context);
        }
    }

    private void finish(ChannelHandlerContext context) {
        if (!done) {
            done = true;
            cancelDeadline();
            figures.end();
            context.close();
        }
    }

    /** Where a loss is counted. */
    HonestFigures figures() {
        return figures;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose(context, permitted ? "closed in the tunnel" : "closed instead of an answer");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        lose(context, "could not connect");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lose(context, String.valueOf(cause.getMessage()));
    }
}
