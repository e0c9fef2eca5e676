package io.konnectproxy.bench;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/** How both ends of the generator treat their sockets: so that they cost little beside what stands between them. */
final class Sockets {
    /** Bytes that are read or written at once. */
    static final int MOST = 256 * 1024;

    /** One piece on its way and one behind it. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(MOST / 2, MOST);

    private Sockets() {}

    /** A channel keeps the handle of its allocator, so each needs one of its own. */
    static AdaptiveRecvByteBufAllocator reads() {
        AdaptiveRecvByteBufAllocator reads = new AdaptiveRecvByteBufAllocator(512, 2048, MOST);
        reads.maxMessagesPerRead(1);
        return reads;
    }
}
