package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.micro.Hellos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * How the origin is reached.
 *
 * @param address what is dialled
 * @param connect the head of the request, empty where there is no proxy
 * @param hello the first record inside
 * @param tls what the proxy itself is spoken to with, if it wants that
 */
record Route(InetSocketAddress address, ByteBuf connect, ByteBuf hello, Optional<SslContext> tls) {
    static Route direct() {
        return new Route(Origin.ADDRESS, Unpooled.EMPTY_BUFFER, newHello(), Optional.empty());
    }

    static Route through(InetSocketAddress proxy, String host) {
        String head = KongConnect.head(host, "");
        return new Route(
                proxy,
                Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(head, US_ASCII)),
                newHello(),
                Optional.empty());
    }

    /** The same to a TLS listener, whoever vouches for it: with a whole handshake for each connection. */
    Route overTls() throws SSLException {
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        return new Route(address, connect, hello, Optional.of(context));
    }

    private static ByteBuf newHello() {
        try {
            return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Hellos.ofJdk()));
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
