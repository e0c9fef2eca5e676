package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader made of some bytes, and how many of them it took for it. */
record ProxyHeaderRun(ProxyHeaderReading reading, int consumed) {
    static ProxyHeaderRun whole(byte[] bytes) {
        return cut(bytes, List.of());
    }

    /** Feeds a byte at a time until the reader has decided. */
    static ProxyHeaderRun single(byte[] bytes) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = 1; cut < bytes.length; cut++) {
            cuts.add(cut);
        }
        return cut(bytes, cuts);
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static ProxyHeaderRun cut(byte[] bytes, List<Integer> cuts) {
        var reader = new ProxyHeaderReader();
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        ProxyHeaderReading reading = NEED_MORE;
        int consumed = 0;
        for (int end : ends) {
            if (reading != NEED_MORE) {
                break;
            }
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(bytes, consumed, end));
            reading = reader.read(piece);
            consumed = end - piece.remaining();
        }
        return new ProxyHeaderRun(reading, consumed);
    }
}
