package io.konnectproxy.bench.siege;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An honest tunnel that stays, and in which a message is said each second. */
final class LongTunnel extends Visit {
    private final Supplier<HonestFigures> current;
    private long said;

    /**
     * @param opening what counts its beginning
     * @param current what counts at the moment
     */
    LongTunnel(Door door, int n, SslContext tls, HonestFigures opening, Supplier<HonestFigures> current) {
        super(door, Names.honest(), n, tls, opening);
        this.current = current;
    }

    @Override
    HonestFigures figures() {
        return current.get();
    }

    @Override
    void onEcho(ChannelHandlerContext context) {
        if (said != 0) {
            figures().messages.add(System.nanoTime() - said);
        }
        context.executor().schedule(() -> next(context), 1, TimeUnit.SECONDS);
    }

    private void next(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            said = System.nanoTime();
            sayAgain(context);
        }
    }
}
