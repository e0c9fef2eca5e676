package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** Connections to the admin address that stay and ask once a second. */
final class AdminVisits extends Attack {
    private final ByteBuf request = Caller.shared("GET /healthz HTTP/1.1\r\nHost: konnect-proxy\r\n\r\n");

    AdminVisits(Plan plan) {
        super(plan);
    }

    @Override
    ChannelHandler connection(int n) {
        return new Caller(request) {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                super.channelActive(context);
                context.executor().schedule(() -> again(context), 1, TimeUnit.SECONDS);
            }

            private void again(ChannelHandlerContext context) {
                if (context.channel().isActive()) {
                    channelActive(context);
                }
            }
        };
    }
}
