package io.konnectproxy.support;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** LittleProxy as somebody else's proxy, through which every name and address is the stand-in for Konnect. */
public final class RealParent implements AutoCloseable {
    private final OtherLittleProxy proxy;
    private final String url;
    private final String credentials;
    private final Optional<Path> trust;

    /** Starts one before a port of this machine. */
    public interface Maker {
        RealParent before(int port, Path directory) throws Exception;
    }

    private RealParent(OtherLittleProxy proxy, String scheme, String credentials, Optional<Path> trust) {
        this.proxy = proxy;
        this.url = scheme + "://%s127.0.0.1:" + proxy.port();
        this.credentials = credentials;
        this.trust = trust;
    }

    public static RealParent http(int port, Path directory) {
        return new RealParent(
                OtherLittleProxy.before(port, OtherLittleProxy.Demands.NONE), "http", "", Optional.empty());
    }

    public static RealParent httpsWithCredentials(int port, Path directory) throws Exception {
        ThrowawayCa ca = new ThrowawayCa();
        Path trust = Files.writeString(directory.resolve("parent-ca.pem"), Pem.of(ca.certificate()));
        OtherLittleProxy proxy = OtherLittleProxy.before(
                port,
                new OtherLittleProxy.Demands(
                        Optional.of(ca.serverContext(List.of("127.0.0.1"))), Optional.of("egress:pa:ss")));
        return new RealParent(proxy, "https", "egress:pa%3Ass@", Optional.of(trust));
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
        proxy.close();
    }
}
