package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;

/** A ClientHello that names the permitted host and has no key share; asked to retry, another that names another tenant's. */
final class RetriedHellos extends Attack {
    private final RetryingOrigin origin;
    private final ByteBuf head = Tunneller.head(Names.RETRY);
    private final ByteBuf first = Caller.shared(Hello.of(Names.RETRY).bytes());
    private final ByteBuf second =
            Caller.shared(Hello.of(Names.OTHER_TENANT).withKeyShare().bytes());

    RetriedHellos(Plan plan, RetryingOrigin origin) {
        super(plan);
        this.origin = origin;
    }

    @Override
    ChannelHandler connection(int n) {
        return new Tunneller(head, first) {
            @Override
            void inTunnel(ChannelHandlerContext context) {
                say(context, second);
            }
        };
    }

    @Override
    Optional<String> reached(TrailGrowth trail) {
        int deceived = origin.takeDeceived();
        return deceived == 0
                ? Optional.empty()
                : Optional.of(deceived + " retried hellos came through with another tenant's name");
    }
}
