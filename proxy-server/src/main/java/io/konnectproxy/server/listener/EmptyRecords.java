package io.konnectproxy.server.listener;

import io.konnectproxy.server.tunnel.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Bounds the TLS records without application data that a client may send: each key update (RFC 8446, section 4.6.3)
 * costs an event loop about 50 microseconds, as much as a megabit of data. One object for each connection; it has a
 * handler on both sides of the TLS handler.
 */
final class EmptyRecords {
    /** A handshake has a dozen at most, and a normal client updates its keys once in gigabytes. */
    static final int MOST_IN_A_MINUTE = 64;

    private static final int HEAD = 5;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** Records of this minute that carried no application data. */
    private int empty;

    private long minute = System.nanoTime();
    /** Whether the record that is being read carried application data. */
    private boolean carried;

    private EmptyRecords() {}

    static void bound(Channel channel, SslHandler tls) {
        EmptyRecords records = new EmptyRecords();
        channel.pipeline().addFirst(records.new Front());
        channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, records.new Back());
    }

    private boolean isTooMany() {
        if (carried) {
            carried = false;
            return false;
        }
        long now = System.nanoTime();
        if (now - minute >= MINUTE) {
            minute = now;
            empty = 0;
        }
        return ++empty > MOST_IN_A_MINUTE;
    }

    /**
     * Passes one record after the other to the TLS handler. That handler keeps the beginning of a record until the end
     * arrives, so an incomplete record is passed as a copy: otherwise a few bytes would keep the whole buffer that they
     * were read into.
     */
    final class Front extends ChannelInboundHandlerAdapter implements HalfClose.BesideTls {
        /**
         * Bytes of the record header that were read; {@code left} is the length that it declares, as far as it is read.
         */
        private int head;

        private int left;
        private boolean cut;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                while (bytes.isReadable() && !cut) {
                    int piece = piece(bytes);
                    if (head == HEAD && left == 0) {
                        context.fireChannelRead(bytes.readRetainedSlice(piece));
                        head = 0;
                        cut = isTooMany();
                    } else {
                        context.fireChannelRead(context.alloc().buffer(piece).writeBytes(bytes, piece));
                    }
                }
            } finally {
                bytes.release();
            }
            if (cut) {
                context.fireExceptionCaught(new SSLException("too many records without content"));
            }
        }

        /** The number of available bytes of the current record. */
        private int piece(ByteBuf bytes) {
            int at = bytes.readerIndex();
            while (head < HEAD && at < bytes.writerIndex()) {
                int octet = bytes.getUnsignedByte(at++);
                left = head < 3 ? 0 : left << 8 | octet;
                head++;
            }
            int body = head < HEAD ? 0 : Math.min(left, bytes.writerIndex() - at);
            if (head == HEAD) {
                left -= body;
            }
            return at - bytes.readerIndex() + body;
        }
    }

    /** Notes that a record carried application data. */
    final class Back extends ChannelInboundHandlerAdapter implements HalfClose.BesideTls {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            carried = true;
            context.fireChannelRead(message);
        }
    }
}
