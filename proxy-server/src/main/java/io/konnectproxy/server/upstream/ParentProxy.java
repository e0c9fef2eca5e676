package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.config.Configuration.Parent.Resolving;
import io.konnectproxy.server.config.ParentUrl;
import io.konnectproxy.server.dns.Resolution;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A parent proxy: its addresses, its TLS and the request to it. Its credentials leave this class in the request only.
 * Thread-safe.
 */
final class ParentProxy {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final Parent settings;
    private final Function<EventLoop, Future<Resolution>> addresses;
    private final Optional<SSLContext> trust;
    private final boolean named;
    private final ParentHealth health;

    /**
     * @param addresses resolves its addresses
     * @param trust of a parent with TLS; empty otherwise
     * @param named whether its host is a name, as opposed to an IP address
     */
    ParentProxy(
            Parent settings,
            Function<EventLoop, Future<Resolution>> addresses,
            Optional<SSLContext> trust,
            boolean named,
            ParentHealth health) {
        this.settings = settings;
        this.addresses = addresses;
        this.trust = trust;
        this.named = named;
        this.health = health;
    }

    boolean isFor(Rule rule) {
        return settings.purposes().isEmpty()
                || (rule instanceof KonnectRule konnect
                        && settings.purposes().contains(konnect.match().host().purpose()));
    }

    /** Whether it resolves names itself, so that this proxy checks no addresses. */
    boolean resolves() {
        return settings.dns() == Resolving.PARENT;
    }

    /** Without credentials. */
    ParentUrl url() {
        return settings.url();
    }

    ParentHealth health() {
        return health;
    }

    Future<Resolution> addresses(EventLoop loop) {
        return addresses.apply(loop);
    }

    boolean speaksTls() {
        return trust.isPresent();
    }

    /** A new handler for each connection; empty for a parent without TLS. */
    Optional<SslHandler> tls() {
        return trust.map(context -> {
            SSLEngine engine = context.createSSLEngine(url().host(), url().port());
            engine.setUseClientMode(true);
            engine.setSSLParameters(verifying(engine.getSSLParameters()));
            SslHandler tls = new SslHandler(engine);
            // The attempt has a deadline of its own.
            tls.setHandshakeTimeoutMillis(0);
            return tls;
        });
    }

    /** TLS on a connection, for those that may block. Without a handshake yet; the connection itself without TLS. */
    Socket tls(Socket connected) throws IOException {
        if (trust.isEmpty()) {
            return connected;
        }
        SSLSocket secured =
                (SSLSocket) trust.get().getSocketFactory().createSocket(connected, url().host(), url().port(), true);
        secured.setSSLParameters(verifying(secured.getSSLParameters()));
        return secured;
    }

    private SSLParameters verifying(SSLParameters parameters) {
        parameters.setProtocols(VERSIONS.clone());
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(named ? List.of(new SNIHostName(url().host())) : List.of());
        return parameters;
    }

    /**
     * The CONNECT request. It contains nothing from the client except the {@code Via} names of proxies of this kind, in
     * canonical form.
     *
     * @param via the value of the field
     */
    ByteBuf request(String asked, String via) {
        String head = "CONNECT " + asked + " HTTP/1.1\r\nHost: " + asked + "\r\nVia: " + via + "\r\n";
        String credentials = url().credentials()
                .map(secret -> Base64.getEncoder().encodeToString(secret.value().getBytes(UTF_8)))
                .map(basic -> "Proxy-Authorization: Basic " + basic + "\r\n")
                .orElse("");
        return Unpooled.copiedBuffer(head + credentials + "\r\n", US_ASCII);
    }
}
