package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import java.util.List;
import java.util.Optional;

/** What a reader made of some bytes: the result, how many bytes it took for it, and what it says was asked for. */
record HeadRun(HeadReading reading, int consumed, Optional<RequestTarget> asked) {
    static final int LIMIT = 16 * 1024;

    static HeadRun whole(byte[] bytes, int limit) {
        return pieces(bytes, bytes.length, limit);
    }

    /** Feeds pieces of {@code size} bytes until the reader has decided. */
    static HeadRun pieces(byte[] bytes, int size, int limit) {
        return cut(bytes, limit, Cuts.each(size, bytes));
    }

    static HeadRun split(byte[] bytes, int at, int limit) {
        return cut(bytes, limit, List.of(at));
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static HeadRun cut(byte[] bytes, int limit, List<Integer> cuts) {
        var reader = new ConnectHeadReader(limit);
        Cuts.Fed<HeadReading> fed = Cuts.<HeadReading>feed(bytes, cuts, NEED_MORE, reader::read);
        return new HeadRun(fed.reading(), fed.consumed(), reader.asked());
    }
}
