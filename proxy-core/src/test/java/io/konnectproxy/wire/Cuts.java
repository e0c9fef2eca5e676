package io.konnectproxy.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32;

/** Where an input is cut into segments: chosen by the input itself, so that a seed is nothing but the bytes on the wire. */
final class Cuts {
    private Cuts() {}

    static List<Integer> of(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        SplittableRandom random = new SplittableRandom(sum.getValue());
        int longest = random.nextInt(1, 65);
        List<Integer> cuts = new ArrayList<>();
        for (int at = random.nextInt(longest + 1); at < bytes.length; at += random.nextInt(1, longest + 1)) {
            cuts.add(at);
        }
        return cuts;
    }

    /** Behind each byte but the last. */
    static List<Integer> everywhere(byte[] bytes) {
        return each(1, bytes);
    }

    /** Into pieces of that size. */
    static List<Integer> each(int size, byte[] bytes) {
        List<Integer> cuts = new ArrayList<>();
        for (int cut = size; cut < bytes.length; cut += size) {
            cuts.add(cut);
        }
        return cuts;
    }

    /** What a reader made of some bytes, and how many of them it took for it. */
    record Fed<R>(R reading, int consumed) {}

    /**
     * Feeds the pieces that end at {@code cuts} until the reader has decided.
     *
     * @param more what it says until then
     */
    static <R> Fed<R> feed(byte[] bytes, List<Integer> cuts, R more, Function<ByteBuffer, R> reader) {
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(bytes.length);
        R reading = more;
        int consumed = 0;
        for (int end : ends) {
            if (!reading.equals(more)) {
                break;
            }
            ByteBuffer piece = ByteBuffer.wrap(Arrays.copyOfRange(bytes, consumed, end));
            reading = reader.apply(piece);
            consumed = end - piece.remaining();
        }
        return new Fed<>(reading, consumed);
    }
}
