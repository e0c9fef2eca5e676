package io.konnectproxy.server.soak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Carries random bytes through its tunnel and back, compares each of them, and ends as its kind says. */
final class CarryingVisit extends Visit {
    private static final int PIECE = 32 * 1024;
    private static final int SLOW_BYTES = 16 * 1024;
    /** Every visit begins at another place of these: bytes of another tunnel's, lost or out of order, would differ. */
    private static final byte[] CONTENT = new byte[1_000_003];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    private final Kind kind;
    private final int size;
    private final int start;
    private int sent;
    private int echoed;

    /**
     * @param place any number; where the content begins
     */
    CarryingVisit(Kind kind, byte[] head, byte[] hello, int size, int place) {
        super(head, hello);
        this.kind = kind;
        this.size = size;
        this.start = Math.floorMod(place, CONTENT.length);
    }

    @Override
    int carried() {
        return echoed;
    }

    @Override
    void onOpen() {
        if (kind == Kind.SLOW_CLIENT) {
            context()
                    .channel()
                    .config()
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(SLOW_BYTES).maxMessagesPerRead(1));
            context().channel().config().setAutoRead(false);
            readSoon();
        }
        say(kind.order().bytes(kind == Kind.UPSTREAM_RESETS ? size / 2 : size));
        onWritable();
    }

    private void readSoon() {
        Channel channel = context().channel();
        channel.eventLoop().schedule(channel::read, 1, TimeUnit.MILLISECONDS);
    }

    @Override
    void onWritable() {
        Channel channel = context().channel();
        while (sent < size && channel.isWritable()) {
            int from = (start + sent) % CONTENT.length;
            int length = Math.min(Math.min(PIECE, size - sent), CONTENT.length - from);
            sent += length;
            channel.write(Unpooled.wrappedBuffer(CONTENT, from, length), channel.voidPromise());
            if (sent == size && kind.clientFinishes()) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(flushed -> ((SocketChannel) channel).shutdownOutput());
            }
        }
        channel.flush();
    }

    @Override
    void onBytes(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int from = (start + echoed) % CONTENT.length;
            int length = Math.min(bytes.readableBytes(), CONTENT.length - from);
            if (echoed + length > sent
                    || !bytes.readSlice(length).equals(Unpooled.wrappedBuffer(CONTENT, from, length))) {
                fail("other bytes came back behind " + echoed + " of " + size);
                return;
            }
            echoed += length;
        }
        if (kind == Kind.CLIENT_RESETS && echoed >= size / 2) {
            resets();
        } else if (echoed == size && kind.clientCloses()) {
            succeed();
        } else if (kind == Kind.SLOW_CLIENT) {
            readSoon();
        }
    }

    @Override
    void onEnd() {
        if (kind == Kind.UPSTREAM_RESETS || (echoed == size && !kind.clientCloses())) {
            succeed();
        } else {
            fail("ended behind " + echoed + " of " + size);
        }
    }

    @Override
    void onReset() {
        if (kind == Kind.UPSTREAM_RESETS) {
            succeed();
        } else {
            fail("reset behind " + echoed + " of " + size);
        }
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
