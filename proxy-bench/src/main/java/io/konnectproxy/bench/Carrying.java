package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How much tunnels carried within a time.
 *
 * @param gigabytes of a billion bytes, as they came out at the other end
 * @param seconds that passed
 * @param cpuSeconds that the subject took
 */
record Carrying(double gigabytes, double seconds, double cpuSeconds) {
    /** Until all tunnels are at full speed. */
    private static final int RUN_UP_MILLIS = 250;

    enum Direction {
        DOWN,
        UP
    }

    static Carrying measure(
            Client client, Origin origin, Route route, Direction direction, int tunnels, int millis, DoubleSupplier cpu)
            throws IOException, InterruptedException {
        AtomicLong received = new AtomicLong();
        LongSupplier arrived = direction == Direction.DOWN ? received::get : origin::taken;
        List<Use> uses = Stream.<Use>generate(() -> direction == Direction.DOWN ? new Download(received) : new Upload())
                .limit(tunnels)
                .toList();
        client.loop().execute(() -> uses.forEach(use -> client.open(route, use)));
        Client.await(uses.stream().map(Use::up).toList());
        TimeUnit.MILLISECONDS.sleep(RUN_UP_MILLIS);
        long bytesBefore = arrived.getAsLong();
        long begin = System.nanoTime();
        double cpuBefore = cpu.getAsDouble();
        TimeUnit.MILLISECONDS.sleep(millis);
        double cpuSeconds = cpu.getAsDouble() - cpuBefore;
        double seconds = (System.nanoTime() - begin) / 1e9;
        long bytes = arrived.getAsLong() - bytesBefore;
        client.closeAll();
        return new Carrying(bytes / 1e9, seconds, cpuSeconds);
    }

    double gigabytesPerSecond() {
        return gigabytes / seconds;
    }

    double cpuSecondsPerGigabyte() {
        return cpuSeconds / gigabytes;
    }

    private static final class Download extends Use {
        private final AtomicLong received;

        private Download(AtomicLong received) {
            super(Order.SEND);
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.addAndGet(bytes.readableBytes());
            bytes.release();
            carries();
        }
    }

    private static final class Upload extends Use {
        private Upload() {
            super(Order.TAKE);
        }

        /** The origin's answer to the order. As in TLS, a server has spoken before a client sends much. */
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
            carries();
            Flow.into(context.channel());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            Flow.into(context.channel());
        }
    }
}
