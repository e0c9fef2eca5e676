package io.konnectproxy.server.dns;

import io.konnectproxy.target.Authority;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/** Turns the host of an authority into addresses that may be dialled. Never blocks. */
public interface NameResolver extends AutoCloseable {
    /**
     * Resolves a name and checks every address it has.
     *
     * @param loop where the future's listeners are to run
     * @return always succeeds; what went wrong is a {@link Resolution.Unresolved}
     */
    Future<Resolution> resolve(Authority authority, EventLoop loop);

    @Override
    void close();
}
