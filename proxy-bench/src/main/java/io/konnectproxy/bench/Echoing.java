package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** A tunnel that stays open and carries one byte there and back. */
class Echoing extends Use {
    private final int size;
    private int missing;

    Echoing() {
        this(1);
    }

    /**
     * @param size of what is said at once, in bytes
     */
    Echoing(int size) {
        super(Order.ECHO);
        this.size = size;
        this.missing = size;
    }

    @Override
    void begin(ByteBuf firstBytes) {
        super.begin(firstBytes);
        firstBytes.writeZero(size);
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        missing -= bytes.readableBytes();
        bytes.release();
        if (missing == 0) {
            missing = size;
            carries();
            onEcho(context);
        }
    }

    void onEcho(ChannelHandlerContext context) {}

    /** A tunnel that is closed by its client as soon as it has carried a byte. */
    static Echoing once() {
        return new Echoing() {
            @Override
            void onEcho(ChannelHandlerContext context) {
                context.close();
            }
        };
    }
}
