package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * How the origin is reached.
 *
 * @param address what is dialled
 * @param connect the head of the request, empty where there is no proxy
 * @param hello the first record inside
 */
record Route(InetSocketAddress address, ByteBuf connect, ByteBuf hello) {
    /** A control plane, as Kong would name it. */
    static final String KONNECT_HOST = "0646a7d680.us.cp0.konghq.com";

    static Route direct() {
        return new Route(Origin.ADDRESS, Unpooled.EMPTY_BUFFER, newHello());
    }

    static Route through(InetSocketAddress proxy, String host) {
        String head =
                "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\nProxy-Connection: Keep-Alive\r\n\r\n";
        return new Route(proxy, Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(head, US_ASCII)), newHello());
    }

    private static ByteBuf newHello() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(KONNECT_HOST)));
            engine.setSSLParameters(parameters);
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), record);
            return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(record.flip()));
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
