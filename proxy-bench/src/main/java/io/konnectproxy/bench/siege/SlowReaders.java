package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.Order;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Tunnels in which much is under way to somebody who reads nothing. */
final class SlowReaders extends Attack {
    /** What waits for the upstream in each. What waits for a client is all that the way there holds. */
    private static final int WAITING = 8 << 20;

    private static final int PIECE = 64 * 1024;
    private static final ByteBuf BYTES = Caller.shared(new byte[PIECE]);

    private final Order order;
    private final ByteBuf head = Tunneller.head(Names.ATTACK);
    private final ByteBuf hello;

    private SlowReaders(Plan plan, Order order) {
        super(plan);
        this.order = order;
        this.hello = Caller.shared(Hello.of(Names.ATTACK).withKeyShare().bytesAnd(order));
    }

    static SlowReaders clients(Plan plan) {
        return new SlowReaders(plan, Order.SEND);
    }

    static SlowReaders upstreams(Plan plan) {
        return new SlowReaders(plan, Order.IGNORE);
    }

    @Override
    ChannelHandler connection(int n) {
        return new Tunneller(head, hello) {
            private int sent;

            /** The system shall hold little of it: what waits is to wait in the proxy. */
            @Override
            public void channelRegistered(ChannelHandlerContext context) {
                context.channel().config().setOption(ChannelOption.SO_RCVBUF, 4096);
                context.channel().config().setOption(ChannelOption.SO_SNDBUF, PIECE);
            }

            @Override
            void open(ChannelHandlerContext context) {
                super.open(context);
                if (order == Order.SEND) {
                    context.channel().config().setAutoRead(false);
                } else {
                    send(context);
                }
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                if (order == Order.IGNORE) {
                    send(context);
                }
            }

            private void send(ChannelHandlerContext context) {
                while (sent < WAITING
                        && context.channel().isActive()
                        && context.channel().isWritable()) {
                    sent += PIECE;
                    say(context, BYTES);
                }
            }
        };
    }
}
