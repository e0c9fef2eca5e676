package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import java.util.List;

/** What a reader made of some bytes, and how many of them it took for it. */
record ProxyHeaderRun(ProxyHeaderReading reading, int consumed) {
    static ProxyHeaderRun whole(byte[] bytes) {
        return cut(bytes, List.of());
    }

    /** Feeds a byte at a time until the reader has decided. */
    static ProxyHeaderRun single(byte[] bytes) {
        return cut(bytes, Cuts.everywhere(bytes));
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static ProxyHeaderRun cut(byte[] bytes, List<Integer> cuts) {
        Cuts.Fed<ProxyHeaderReading> fed =
                Cuts.<ProxyHeaderReading>feed(bytes, cuts, NEED_MORE, new ProxyHeaderReader()::read);
        return new ProxyHeaderRun(fed.reading(), fed.consumed());
    }
}
