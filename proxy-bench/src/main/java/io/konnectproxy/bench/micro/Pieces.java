package io.konnectproxy.bench.micro;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** How some bytes arrive: at once, or piece by piece, in memory outside the heap as a socket gives them. */
public enum Pieces {
    WHOLE(Integer.MAX_VALUE),
    /** Of 16 bytes. */
    SMALL(16);

    private final int size;

    Pieces(int size) {
        this.size = size;
    }

    ByteBuffer[] of(byte[] bytes) {
        int each = Math.min(size, bytes.length);
        return IntStream.range(0, (bytes.length + each - 1) / each)
                .mapToObj(piece -> direct(bytes, piece * each, Math.min((piece + 1) * each, bytes.length)))
                .toArray(ByteBuffer[]::new);
    }

    private static ByteBuffer direct(byte[] bytes, int from, int to) {
        return ByteBuffer.allocateDirect(to - from)
                .put(Arrays.copyOfRange(bytes, from, to))
                .flip();
    }
}
