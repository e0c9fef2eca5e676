package io.konnectproxy.server.upstream.littleproxy;

import java.net.InetSocketAddress;

/** The addresses for LittleProxy to dial, on the event loop of its client connection. */
public interface Dialler {
    /** The next address to dial, as LittleProxy asks for it. */
    InetSocketAddress nextAddress();

    /** Sets the callback that makes LittleProxy try once more. */
    void onAttemptMore(Runnable oneAttemptMore);
}
