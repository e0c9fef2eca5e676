package io.konnectproxy.server.dns;

import io.konnectproxy.policy.TunnelPermit;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;

/** Turns the host of a permit into addresses that may be dialled. Never blocks. */
public interface NameResolver extends AutoCloseable {
    /**
     * Resolves the permitted name and checks every address it has by what holds for this permit.
     *
     * @param client who asks: look-ups take turns by clients, so that what one of them asks for delays no other
     * @param loop where the future's listeners are to run
     * @return always succeeds, unless it is cancelled: whoever waits no longer does that. What went wrong is a {@link
     *     Resolution.Unresolved}
     */
    Future<Resolution> resolve(TunnelPermit permit, InetAddress client, EventLoop loop);

    /** Looks up ahead what will be asked for. */
    default void warmUp() {}

    @Override
    void close();
}
