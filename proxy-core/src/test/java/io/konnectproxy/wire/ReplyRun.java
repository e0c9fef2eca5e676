package io.konnectproxy.wire;

import static io.konnectproxy.wire.ReplyReading.NeedMore.NEED_MORE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader made of some bytes, and how many it took for it. */
record ReplyRun(ReplyReading reading, int consumed) {
    static ReplyRun whole(byte[] bytes) {
        return cut(bytes, List.of());
    }

    static ReplyRun byteByByte(byte[] bytes) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = 1; cut < bytes.length; cut++) {
            cuts.add(cut);
        }
        return cut(bytes, cuts);
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static ReplyRun cut(byte[] bytes, List<Integer> cuts) {
        var reader = new ConnectReplyReader();
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        ReplyReading reading = NEED_MORE;
        int consumed = 0;
        for (int end : ends) {
            if (reading != NEED_MORE) {
                break;
            }
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(bytes, consumed, end));
            reading = reader.read(piece);
            consumed = end - piece.remaining();
        }
        return new ReplyRun(reading, consumed);
    }
}
