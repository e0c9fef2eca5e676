package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.KongConnect;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Asks for a tunnel, and says something as soon as it has one; refused, it takes what comes. */
class Tunneller extends Caller {
    private final ByteBuf hello;
    private boolean answered;

    /**
     * Both may be shared with others.
     *
     * @param hello said in the tunnel
     */
    Tunneller(ByteBuf head, ByteBuf hello) {
        super(head);
        this.hello = hello;
    }

    static ByteBuf head(String host) {
        return shared(KongConnect.head(host, ""));
    }

    @Override
    protected final void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        if (answered) {
            inTunnel(context);
        } else {
            answered = true;
            // The answer comes in one piece: nothing stands before it on the connection.
            if (bytes.toString(US_ASCII).startsWith("HTTP/1.1 200 ")) {
                open(context);
            }
        }
    }

    /** There is a tunnel. */
    void open(ChannelHandlerContext context) {
        say(context, hello);
    }

    /** Something came in it. */
    void inTunnel(ChannelHandlerContext context) {}
}
