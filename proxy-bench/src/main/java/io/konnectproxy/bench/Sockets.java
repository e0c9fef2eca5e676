package io.konnectproxy.bench;

import io.netty.channel.AdaptiveRecvByteBufAllocator;

/** How both ends of the generator treat their sockets: so that they cost little beside what stands between them. */
final class Sockets {
    /** Bytes that are read at once. */
    private static final int MOST = Integer.getInteger("most", 512 * 1024);

    private Sockets() {}

    /** A channel keeps the handle of its allocator, so each needs one of its own. */
    static AdaptiveRecvByteBufAllocator reads() {
        AdaptiveRecvByteBufAllocator reads = new AdaptiveRecvByteBufAllocator(512, 2048, MOST);
        reads.maxMessagesPerRead(1);
        return reads;
    }
}
