package io.konnectproxy.server.dns;

import io.konnectproxy.policy.TunnelPermit;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** Turns the host of a permit into addresses that may be dialled. Never blocks. */
public interface NameResolver extends AutoCloseable {
    /**
     * Resolves the permitted name and checks every address it has by what holds for this permit.
     *
     * @param loop where the future's listeners are to run
     * @return always succeeds; what went wrong is a {@link Resolution.Unresolved}
     */
    Future<Resolution> resolve(TunnelPermit permit, EventLoop loop);

    @Override
    void close();
}
