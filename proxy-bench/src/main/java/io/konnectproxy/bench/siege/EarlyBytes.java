package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.KongConnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** A permitted CONNECT with much right behind it, while the name is looked up or the upstream is dialled. */
final class EarlyBytes extends Attack {
    /** The proxy reads half of it before it makes the client wait. */
    private static final int EARLY = 64 * 1024;

    private static final ByteBuf BYTES = Caller.shared(new byte[EARLY]);

    private final IntFunction<String> host;

    private EarlyBytes(Plan plan, IntFunction<String> host) {
        super(plan);
        this.host = host;
    }

    static EarlyBytes whileLookedUp(Plan plan) {
        return new EarlyBytes(plan, Names::slow);
    }

    static EarlyBytes whileDialled(Plan plan) {
        return new EarlyBytes(plan, any -> Names.DEAF);
    }

    @Override
    ChannelHandler connection(int n) {
        byte[] head = KongConnect.head(host.apply(n), "").getBytes(StandardCharsets.US_ASCII);
        return new Caller(Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(head), BYTES.duplicate()));
    }
}
