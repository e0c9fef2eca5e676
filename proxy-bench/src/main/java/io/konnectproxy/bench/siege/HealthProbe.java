package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks for {@code /healthz} once, on a connection of its own, as a kubelet does. */
final class HealthProbe extends Caller {
    private static final int PATIENCE_SECONDS = 1;
    private static final ByteBuf REQUEST =
            shared("GET /healthz HTTP/1.1\r\nHost: konnect-proxy\r\nConnection: close\r\n\r\n");

    private final HonestFigures figures;
    private final long begin = System.nanoTime();
    private boolean done;

    HealthProbe(HonestFigures figures) {
        super(REQUEST);
        this.figures = figures;
        figures.begin();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().schedule(() -> finish(context, false), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        finish(context, bytes.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200 "));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        finish(context, false);
    }

    private void finish(ChannelHandlerContext context, boolean healthy) {
        if (!done) {
            done = true;
            figures.health.add(System.nanoTime() - begin);
            if (!healthy) {
                figures.failHealth();
            }
            figures.end();
            context.close();
        }
    }
}
