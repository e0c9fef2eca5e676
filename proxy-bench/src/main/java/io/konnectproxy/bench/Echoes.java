package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Little messages there and back, in each tunnel one after the other. */
final class Echoes {
    private static final int SIZE = 64;
    private static final ByteBuf MESSAGE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(SIZE).writeZero(SIZE));

    private Echoes() {}

    /** Returns how long each message was on its way. */
    static Samples measure(Client client, Route route, int tunnels, Duration time)
            throws IOException, InterruptedException {
        Samples times = new Samples();
        long end = System.nanoTime() + time.toNanos();
        List<Talking> talks =
                Stream.generate(() -> new Talking(end, times)).limit(tunnels).toList();
        client.loop().execute(() -> talks.forEach(talking -> client.open(route, talking)));
        Client.await(talks.stream().map(Use::up).toList());
        Client.await(talks.stream().map(talking -> talking.done).toList());
        client.closeAll();
        return times;
    }

    private static final class Talking extends Echoing {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final long end;
        private final Samples times;
        private long said;

        private Talking(long end, Samples times) {
            super(SIZE);
            this.end = end;
            this.times = times;
            gone().thenRun(() -> done.completeExceptionally(new IOException("a tunnel was closed in the middle")));
        }

        @Override
        void onEcho(ChannelHandlerContext context) {
            long now = System.nanoTime();
            if (said != 0) {
                times.add(now - said);
            }
            if (now - end >= 0) {
                done.complete(null);
            } else {
                said = System.nanoTime();
                context.writeAndFlush(MESSAGE.duplicate(), context.voidPromise());
            }
        }
    }
}
