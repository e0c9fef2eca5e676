package io.konnectproxy.server.upstream.littleproxy;

import java.net.InetSocketAddress;

/** What LittleProxy is given to dial with, on the event loop of its client connection. */
public interface Dialler {
    /** The next address to dial, as LittleProxy asks for it. */
    InetSocketAddress nextAddress();

    /** LittleProxy tries once for each time that it is told to. */
    void onAttemptMore(Runnable oneAttemptMore);
}
