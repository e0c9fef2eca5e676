package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gives bytes to {@link ClientHelloReader}, cut this way and that. */
final class HelloRun {
    private HelloRun() {}

    static HelloReading whole(byte[] bytes) {
        return cut(bytes, List.of());
    }

    static HelloReading pieces(byte[] bytes, int size) {
        List<Integer> cuts = new ArrayList<>();
        for (int at = size; at < bytes.length; at += size) {
            cuts.add(at);
        }
        return cut(bytes, cuts);
    }

    static HelloReading split(byte[] bytes, int at) {
        return cut(bytes, List.of(at));
    }

    /** Shows the bytes up to each of the cuts until the reader has decided, the last piece in a buffer of its own. */
    static HelloReading cut(byte[] bytes, List<Integer> cuts) {
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        HelloReading reading = NEED_MORE;
        int start = 0;
        for (int end : ends) {
            if (reading != NEED_MORE) {
                break;
            }
            ByteBuffer before = ByteBuffer.wrap(bytes, 0, start);
            ByteBuffer piece = ByteBuffer.wrap(bytes, start, end - start);
            reading = ClientHelloReader.read(before, piece);
            if (before.remaining() != start || piece.remaining() != end - start) {
                throw new AssertionError("the reader must leave the bytes to whoever forwards them");
            }
            start = end;
        }
        return reading;
    }
}
