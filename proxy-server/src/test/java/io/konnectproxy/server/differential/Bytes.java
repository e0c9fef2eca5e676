package io.konnectproxy.server.differential;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Pieces of byte arrays. */
final class Bytes {
    private static final int MOST_SEGMENTS = 100;

    private Bytes() {}

    static byte[] head(byte[] bytes, int to) {
        return Arrays.copyOf(bytes, to);
    }

    static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] random(int length, RandomGenerator random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** As they may come from the network: in one piece, in a few, or byte by byte when they are not too many. */
    static List<byte[]> segments(byte[] bytes, RandomGenerator random) {
        int longest = random.nextInt(20) == 0 ? 1 : 1 + random.nextInt(1 + 2 * bytes.length);
        int enough = bytes.length / MOST_SEGMENTS + 1;
        List<byte[]> segments = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + enough + random.nextInt(longest));
            segments.add(Arrays.copyOfRange(bytes, at, to));
            at = to;
        }
        return segments;
    }
}
