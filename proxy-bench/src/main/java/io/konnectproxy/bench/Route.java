package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.micro.Hellos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/**
 * How the origin is reached.
 *
 * @param address what is dialled
 * @param connect the head of the request, empty where there is no proxy
 * @param hello the first record inside
 */
record Route(InetSocketAddress address, ByteBuf connect, ByteBuf hello) {
    static Route direct() {
        return new Route(Origin.ADDRESS, Unpooled.EMPTY_BUFFER, newHello());
    }

    static Route through(InetSocketAddress proxy, String host) {
        String head = KongConnect.head(host, "");
        return new Route(proxy, Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(head, US_ASCII)), newHello());
    }

    private static ByteBuf newHello() {
        try {
            return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(Hellos.ofJdk()));
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
