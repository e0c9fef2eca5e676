package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** No attack: tunnels that are opened and closed, so that the proxy has compiled what it needs for them. */
final class ShortTunnels extends Attack {
    private static final int OPEN_MILLIS = 100;

    private final ByteBuf head = Tunneller.head(Names.ATTACK);
    private final ByteBuf hello =
            Caller.shared(Hello.of(Names.ATTACK).withKeyShare().bytes());

    ShortTunnels(Plan plan) {
        super(plan);
    }

    @Override
    ChannelHandler connection(int n) {
        return new Tunneller(head, hello) {
            @Override
            void open(ChannelHandlerContext context) {
                super.open(context);
                context.executor().schedule(() -> context.close(), OPEN_MILLIS, TimeUnit.MILLISECONDS);
            }
        };
    }
}
