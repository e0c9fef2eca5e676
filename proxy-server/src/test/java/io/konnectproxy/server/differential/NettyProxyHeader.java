package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A PROXY header as Netty's decoder reads it.
 *
 * @param state how far it came; the rest says something only after {@link State#READ}
 * @param source empty where the header says nothing of a client
 * @param leftOver what stands behind the header, a character a byte
 */
record NettyProxyHeader(State state, Optional<InetSocketAddress> source, String leftOver) {
    enum State {
        INCOMPLETE,
        FAILED,
        READ
    }

    static NettyProxyHeader read(List<byte[]> segments) {
        var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        try {
            for (byte[] segment : segments) {
                channel.writeInbound(Unpooled.wrappedBuffer(segment));
            }
            return taken(channel);
        } catch (DecoderException e) {
            return new NettyProxyHeader(State.FAILED, Optional.empty(), "");
        } finally {
            close(channel);
        }
    }

    private static NettyProxyHeader taken(EmbeddedChannel channel) {
        Optional<InetSocketAddress> source = Optional.empty();
        StringBuilder leftOver = new StringBuilder();
        State state = State.INCOMPLETE;
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof HAProxyMessage header) {
                state = State.READ;
                source = source(header);
            } else if (message instanceof ByteBuf bytes) {
                leftOver.append(bytes.toString(ISO_8859_1));
            }
            ReferenceCountUtil.release(message);
        }
        return new NettyProxyHeader(state, source, leftOver.toString());
    }

    private static Optional<InetSocketAddress> source(HAProxyMessage header) {
        HAProxyProxiedProtocol protocol = header.proxiedProtocol();
        if (header.command() == HAProxyCommand.LOCAL || protocol == HAProxyProxiedProtocol.UNKNOWN) {
            return Optional.empty();
        }
        if (header.sourceAddress().indexOf('%') >= 0) {
            // Netty takes a zone, which ours never does; the JDK reads only those of interfaces that there are.
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(ProxySketch.literal(header.sourceAddress()), header.sourcePort()));
    }

    /** What it complains of once more when it goes was told before. */
    private static void close(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException e) {
            channel.releaseInbound();
        }
    }
}
