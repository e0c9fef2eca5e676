package io.konnectproxy.support;

import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.ProxyUser.Login;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.SslEngineSource;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** LittleProxy as somebody else's proxy, through which every name and address is the stand-in for Konnect. */
public final class RealParent implements AutoCloseable {
    private static final Login LOGIN = new Login("egress", "pa:ss");

    private final HttpProxyServer proxy;
    private final String url;
    private final String credentials;
    private final Optional<Path> trust;

    /** Starts one before a port of this machine. */
    public interface Maker {
        RealParent before(int port, Path directory) throws Exception;
    }

    private RealParent(HttpProxyServer proxy, String scheme, String credentials, Optional<Path> trust) {
        this.proxy = proxy;
        this.url = scheme + "://%s127.0.0.1:" + proxy.getListenAddress().getPort();
        this.credentials = credentials;
        this.trust = trust;
    }

    public static RealParent http(int port, Path directory) {
        return new RealParent(bootstrap(port).start(), "http", "", Optional.empty());
    }

    public static RealParent httpsWithCredentials(int port, Path directory) throws Exception {
        ThrowawayCa ca = new ThrowawayCa();
        SSLContext context = ca.serverContext(List.of("127.0.0.1"));
        Path trust = Files.writeString(directory.resolve("parent-ca.pem"), Pem.of(ca.certificate()));
        HttpProxyServer proxy = bootstrap(port)
                .withSslEngineSource(new Engines(context))
                .withAuthenticateSslClients(false)
                .withProxyAuthenticator(new KnowsLogin())
                .start();
        return new RealParent(proxy, "https", "egress:pa%3Ass@", Optional.of(trust));
    }

    private static HttpProxyServerBootstrap bootstrap(int port) {
        return DefaultHttpProxyServer.bootstrap()
                .withAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withProxyAlias("parent")
                .withServerResolver((host, asked) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Without credentials. */
    public String url() {
        return String.format(url, "");
    }

    /** Lines for the configuration of the proxy that goes through this one. */
    public String configuration() {
        return "parents: [{url: \"" + String.format(url, credentials) + "\""
                + trust.map(file -> ", trust: \"" + file + "\"").orElse("") + "}]\n";
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

    private static final class KnowsLogin implements ProxyAuthenticator {
        @Override
        public boolean authenticate(String user, String password) {
            return user.equals(LOGIN.user()) && password.equals(LOGIN.password());
        }

        @Override
        public String getRealm() {
            return "parent";
        }
    }
}
