package io.konnectproxy.support;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.SslEngineSource;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** LittleProxy as it is by itself, which finds every name on this machine. */
public record OtherLittleProxy(HttpProxyServer proxy) implements AutoCloseable {

    public static OtherLittleProxy start(ThrowawayCa ca, String name, boolean tls, boolean credentials)
            throws Exception {
        HttpProxyServerBootstrap bootstrap = DefaultHttpProxyServer.bootstrap()
                .withAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withProxyAlias("parent")
                .withServerResolver((host, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (tls) {
            bootstrap
                    .withSslEngineSource(engines(ca.serverContext(List.of(name))))
                    .withAuthenticateSslClients(false);
        }
        if (credentials) {
            bootstrap.withProxyAuthenticator(authenticator());
        }
        return new OtherLittleProxy(bootstrap.start());
    }

    private static SslEngineSource engines(SSLContext context) {
        return new SslEngineSource() {
            @Override
            public SSLEngine newSslEngine() {
                SSLEngine engine = context.createSSLEngine();
                engine.setUseClientMode(false);
                return engine;
            }

            @Override
            public SSLEngine newSslEngine(String peerHost, int peerPort) {
                return newSslEngine();
            }
        };
    }

    private static ProxyAuthenticator authenticator() {
        return new ProxyAuthenticator() {
            @Override
            public boolean authenticate(String user, String password) {
                return (user + ":" + password).equals(Squid.CREDENTIALS);
            }

            @Override
            public String getRealm() {
                return "corp";
            }
        };
    }

    public int port() {
        return proxy.getListenAddress().getPort();
    }

    @Override
    public void close() {
        proxy.abort();
    }
}
