package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader made of some bytes: the result, how many bytes it took for it, and what it says was asked for. */
record HeadRun(HeadReading reading, int consumed, String asked) {
    static final int LIMIT = 16 * 1024;

    static HeadRun whole(byte[] bytes, int limit) {
        return pieces(bytes, bytes.length, limit);
    }

    /** Feeds pieces of {@code size} bytes until the reader has decided. */
    static HeadRun pieces(byte[] bytes, int size, int limit) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = size; cut < bytes.length; cut += size) {
            cuts.add(cut);
        }
        return cut(bytes, limit, cuts);
    }

    static HeadRun split(byte[] bytes, int at, int limit) {
        return cut(bytes, limit, List.of(at));
    }

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static HeadRun cut(byte[] bytes, int limit, List<Integer> cuts) {
        var reader = new ConnectHeadReader(limit);
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        HeadReading reading = NEED_MORE;
        int consumed = 0;
        for (int end : ends) {
            if (reading != NEED_MORE) {
                break;
            }
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(bytes, consumed, end));
            reading = reader.read(piece);
            consumed = end - piece.remaining();
        }
        return new HeadRun(reading, consumed, new String(reader.asked(), StandardCharsets.ISO_8859_1));
    }
}
