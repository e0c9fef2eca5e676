package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.Order;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.util.Arrays;

/** Permitted tunnels with a ClientHello as large as one may be, whole or without its last byte. They are kept open. */
final class HeldTunnels extends Attack {
    private final ByteBuf head = Tunneller.head(Names.ATTACK);
    private final ByteBuf hello;

    private HeldTunnels(Plan plan, byte[] hello) {
        super(plan);
        this.hello = Caller.shared(hello);
    }

    static HeldTunnels ofProtocols(Plan plan) {
        return new HeldTunnels(
                plan, ordered(Hello.of(Names.ATTACK).withKeyShare().filledWithProtocols()));
    }

    static HeldTunnels ofExtensions(Plan plan) {
        return new HeldTunnels(
                plan, ordered(Hello.of(Names.ATTACK).withKeyShare().filledWithExtensions()));
    }

    static HeldTunnels unfinished(Plan plan) {
        byte[] hello = Hello.of(Names.ATTACK).withKeyShare().filled().bytes();
        return new HeldTunnels(plan, Arrays.copyOf(hello, hello.length - 1));
    }

    /** The upstream does not keep it either. */
    private static byte[] ordered(Hello hello) {
        return hello.bytesAnd(Order.TAKE);
    }

    @Override
    ChannelHandler connection(int n) {
        return new Tunneller(head, hello);
    }
}
