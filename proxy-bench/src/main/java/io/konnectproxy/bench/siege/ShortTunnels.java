package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** No attack: tunnels that are opened and closed, so that the proxy has compiled what it needs for them. */
final class ShortTunnels implements Attack {
    private static final int OPEN_MILLIS = 100;

    private final Plan plan;
    private final ByteBuf head = Tunneller.head(Names.ATTACK);
    private final ByteBuf hello =
            Caller.shared(Hello.of(Names.ATTACK).withKeyShare().bytes());

    ShortTunnels(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public ChannelHandler connection(int n) {
        return new Tunneller(head) {
            @Override
            void open(ChannelHandlerContext context) {
                say(context, hello);
                context.executor().schedule(() -> context.close(), OPEN_MILLIS, TimeUnit.MILLISECONDS);
            }
        };
    }
}
