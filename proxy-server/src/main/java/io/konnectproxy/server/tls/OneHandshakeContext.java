package io.konnectproxy.server.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * A connection has one handshake with keys of its own. TLS 1.2 lets a client ask for more of them, as often as it likes, each
 * of which costs the server a signature (CVE-2011-1473); the JDK has no switch for that but one for the whole process.
 */
final class OneHandshakeContext extends DelegatingSslContext {
    OneHandshakeContext(SslContext context) {
        super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
        // The handler has the engine too, and knows when the handshake is over.
    }

    @Override
    protected void initHandler(SslHandler handler) {
        handler.handshakeFuture().addListener(done -> handler.engine().setEnableSessionCreation(false));
    }
}
