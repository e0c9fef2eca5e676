package io.konnectproxy.server.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * Disables renegotiation after the first handshake. TLS 1.2 lets a client renegotiate without limit, and each handshake
 * costs the server a signature (CVE-2011-1473). The JDK can only disable it for the whole process.
 */
final class OneHandshakeContext extends DelegatingSslContext {
    OneHandshakeContext(SslContext context) {
        super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
        // initHandler is called too, and its handler knows when the handshake is complete.
    }

    @Override
    protected void initHandler(SslHandler handler) {
        handler.handshakeFuture().addListener(done -> handler.engine().setEnableSessionCreation(false));
    }
}
