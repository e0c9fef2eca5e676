package io.konnectproxy.server.dns;

import io.konnectproxy.policy.TunnelPermit;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;

/** Resolves the host of a permit to addresses that may be dialled. Never blocks. */
public interface NameResolver extends AutoCloseable {
    /**
     * Resolves the permitted host and checks each of its addresses by the rules for this permit.
     *
     * @param client the client; clients take turns, so that the look-ups of one do not delay those of another
     * @param loop where the future's listeners are to run
     * @return always succeeds, unless the caller cancels it because it no longer waits. A failure is a
     *     {@link Resolution.Unresolved}
     */
    Future<Resolution> resolve(TunnelPermit permit, InetAddress client, EventLoop loop);

    /** Prepares for the first look-up, so that no client waits for it. */
    default void warmUp() {}

    /** How many answers had expired and could not be renewed. */
    default long staleAnswers() {
        return 0;
    }

    @Override
    void close();
}
