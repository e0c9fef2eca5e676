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
 * Stands in front of both legs of a {@link Relay} until it is certain what the TLS handshake comes to, and tells the tunnel. Then
 * it leaves both pipelines, and the relay is alone. Changes and holds nothing.
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

    /** Begins in front of both legs, which are in their pipelines, before the first byte of the ClientHello. */
    static void over(Tunnel tunnel, ChannelPipeline client, ChannelPipeline upstream) {
        HandshakeWatch watch = new HandshakeWatch(tunnel, client, upstream);
        client.addBefore(ClientHandler.GATE, NAME, watch.new Side(true));
        upstream.addBefore(ClientHandler.GATE, NAME, watch.new Side(false));
    }

    /** The name of what a phase in front of the relay stands in front of. */
    static String next(ChannelPipeline pipeline) {
        return pipeline.get(NAME) == null ? ClientHandler.GATE : NAME;
    }

    /** Leaves a pipeline, if it is still there. */
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

    /** In one of the pipelines. */
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

        /** The relay behind this may end the tunnel now. */
        @Override
        public void channelInactive(ChannelHandlerContext inactive) {
            reader.ended();
            tell();
            inactive.fireChannelInactive();
        }
    }
}
