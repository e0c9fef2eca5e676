package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.wire.HandshakeReader;
import io.konnectproxy.wire.HandshakeReading;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.nio.ByteBuffer;

/**
 * Observes the TLS handshake in front of both legs of a {@link Relay}, and reports its result to the tunnel. Then it
 * removes itself from both pipelines. It neither changes nor delays any byte.
 */
final class HandshakeWatch {
    private static final String NAME = "handshake";

    private final Tunnel tunnel;
    private final ChannelPipeline client;
    private final ChannelPipeline upstream;
    private final HandshakeReader reader = new HandshakeReader();

    private HandshakeWatch(Tunnel tunnel, ChannelPipeline client, ChannelPipeline upstream) {
        this.tunnel = tunnel;
        this.client = client;
        this.upstream = upstream;
    }

    /**
     * Adds the watch in front of both legs, which must be in their pipelines, before the first byte of the ClientHello
     * is relayed.
     */
    static void over(Tunnel tunnel, ChannelPipeline client, ChannelPipeline upstream) {
        HandshakeWatch watch = new HandshakeWatch(tunnel, client, upstream);
        client.addBefore(ClientHandler.GATE, NAME, watch.new Side(true));
        upstream.addBefore(ClientHandler.GATE, NAME, watch.new Side(false));
    }

    /** The name of the first handler of the relay, before which another handler is to be added. */
    static String next(ChannelPipeline pipeline) {
        return pipeline.get(NAME) == null ? ClientHandler.GATE : NAME;
    }

    /** Removes the watch from a pipeline, if it is still there. */
    static void leave(ChannelPipeline pipeline) {
        if (pipeline.get(NAME) != null) {
            pipeline.remove(NAME);
        }
    }

    private void end() {
        tell();
        leave(client);
        leave(upstream);
    }

    private void tell() {
        HandshakeReading reading = reader.reading();
        AuditRecord.Handshake.HandshakeEnd end = switch (reading.end()) {
            case COMPLETED -> AuditRecord.Handshake.HandshakeEnd.COMPLETED;
            case CLIENT_ALERT -> AuditRecord.Handshake.HandshakeEnd.CLIENT_ALERT;
            case SERVER_ALERT -> AuditRecord.Handshake.HandshakeEnd.SERVER_ALERT;
            case UNFINISHED -> AuditRecord.Handshake.HandshakeEnd.UNFINISHED;
        };
        tunnel.handshake(new AuditRecord.Handshake(end, reading.alert()));
    }

    /** The handler in one of the pipelines. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final boolean ofClient;

        Side(boolean ofClient) {
            this.ofClient = ofClient;
        }

        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            ByteBuffer bytes = ((ByteBuf) message).nioBuffer();
            if (ofClient) {
                reader.up(bytes);
            } else {
                reader.down(bytes);
            }
            reading.fireChannelRead(message);
            if (reader.isDone()) {
                end();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
            if (HalfClose.isToldBy(event)) {
                reader.ended();
                end();
            }
            triggered.fireUserEventTriggered(event);
        }

        /** The result is reported before the relay, which comes next in the pipeline, may end the tunnel. */
        @Override
        public void channelInactive(ChannelHandlerContext inactive) {
            reader.ended();
            tell();
            inactive.fireChannelInactive();
        }
    }
}
