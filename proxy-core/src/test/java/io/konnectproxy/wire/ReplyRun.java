package io.konnectproxy.wire;

import static io.konnectproxy.wire.ReplyReading.NeedMore.NEED_MORE;

import java.util.List;

/** What a reader made of some bytes, and how many it took for it. */
record ReplyRun(ReplyReading reading, int consumed) {
    static ReplyRun whole(byte[] bytes) {
        return cut(bytes, List.of());
    }

    static ReplyRun byteByByte(byte[] bytes) {
        return cut(bytes, Cuts.everywhere(bytes));
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static ReplyRun cut(byte[] bytes, List<Integer> cuts) {
        Cuts.Fed<ReplyReading> fed = Cuts.<ReplyReading>feed(bytes, cuts, NEED_MORE, new ConnectReplyReader()::read);
        return new ReplyRun(fed.reading(), fed.consumed());
    }
}
