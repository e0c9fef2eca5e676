package io.konnectproxy.support;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.littleshoot.proxy.HostResolver;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.SslEngineSource;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** LittleProxy as it is by itself, on a port of loopback. */
public record OtherLittleProxy(HttpProxyServer proxy) implements AutoCloseable {
    /** A server of TLS, and the {@code user:password} that it demands; none where empty. */
    public record Demands(Optional<SSLContext> tls, Optional<String> credentials) {
        public static final Demands NONE = new Demands(Optional.empty(), Optional.empty());
    }

    /** Before the ports that are asked for, whatever the name. */
    public static OtherLittleProxy start(Demands demands) {
        return start(demands, (host, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Before one port, whatever is asked for. */
    public static OtherLittleProxy before(int only, Demands demands) {
        return start(demands, (host, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), only));
    }

    private static OtherLittleProxy start(Demands demands, HostResolver names) {
        HttpProxyServerBootstrap bootstrap = DefaultHttpProxyServer.bootstrap()
                .withAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withProxyAlias("parent")
                .withServerResolver(names);
        demands.tls()
                .ifPresent(context ->
                        bootstrap.withSslEngineSource(new Engines(context)).withAuthenticateSslClients(false));
        demands.credentials().ifPresent(pair -> bootstrap.withProxyAuthenticator(new Knows(pair)));
        return new OtherLittleProxy(bootstrap.start());
    }

    public int port() {
        return proxy.getListenAddress().getPort();
    }

    @Override
    public void close() {
        proxy.abort();
    }

    private record Engines(SSLContext context) implements SslEngineSource {
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
    }

    private record Knows(String credentials) implements ProxyAuthenticator {
        @Override
        public boolean authenticate(String user, String password) {
            return (user + ":" + password).equals(credentials);
        }

        @Override
        public String getRealm() {
            return "parent";
        }
    }
}
