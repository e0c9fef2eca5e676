package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Feeds bytes to a {@link ClientHelloReader}, cut this way and that. */
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

    /** Feeds the pieces that end at {@code cuts} until the reader has decided. */
    static HelloReading cut(byte[] bytes, List<Integer> cuts) {
        var reader = new ClientHelloReader();
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        HelloReading reading = NEED_MORE;
        int start = 0;
        for (int end : ends) {
            if (reading != NEED_MORE) {
                break;
            }
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(bytes, start, end));
            reading = reader.read(piece);
            if (piece.hasRemaining()) {
                throw new AssertionError("the reader must consume all it is given");
            }
            start = end;
        }
        return reading;
    }
}
