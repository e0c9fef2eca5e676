package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Changes that know nothing of what the bytes mean. */
enum ByteMutation {
    FLIP_A_BIT((bytes, other, random) -> {
        byte[] changed = bytes.clone();
        changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }),
    REPLACE_A_BYTE((bytes, other, random) -> {
        byte[] changed = bytes.clone();
        changed[random.nextInt(bytes.length)] = telling(random);
        return changed;
    }),
    INSERT_A_BYTE((bytes, other, random) -> {
        int at = random.nextInt(bytes.length + 1);
        return Bytes.concat(Bytes.head(bytes, at), new byte[] {telling(random)}, Bytes.tail(bytes, at));
    }),
    DELETE_SOME((bytes, other, random) -> {
        int at = random.nextInt(bytes.length);
        return Bytes.concat(Bytes.head(bytes, at), Bytes.tail(bytes, at + few(bytes.length - at, random)));
    }),
    DUPLICATE_SOME((bytes, other, random) -> {
        int at = random.nextInt(bytes.length);
        int to = at + few(bytes.length - at, random);
        return Bytes.concat(Bytes.head(bytes, to), Bytes.tail(bytes, at));
    }),
    SWAP_NEIGHBOURS((bytes, other, random) -> {
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        int next = (at + 1) % bytes.length;
        changed[at] = bytes[next];
        changed[next] = bytes[at];
        return changed;
    }),
    /** The beginning of one input, the end of another. */
    SPLICE((bytes, other, random) -> {
        byte[] end = other.get();
        return Bytes.concat(
                Bytes.head(bytes, random.nextInt(bytes.length + 1)), Bytes.tail(end, random.nextInt(end.length + 1)));
    }),
    TRUNCATE((bytes, other, random) -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));

    static final List<ByteMutation> ALL = List.of(values());

    /** Bytes that mean something to a reader of HTTP or of TLS. */
    private static final byte[] TELLING =
            "\r\n \t:.,;@/?#%[]\\\0\u0001\u0016\u0003\u000b\u000c\u007f\u0080\u0085\u00a0\u00ff09azAZ_*-"
                    .getBytes(ISO_8859_1);

    @SuppressWarnings("ImmutableEnumChecker") // each is a lambda that holds nothing
    private final Change change;

    private interface Change {
        byte[] in(byte[] bytes, Supplier<byte[]> other, RandomGenerator random);
    }

    ByteMutation(Change change) {
        this.change = change;
    }

    /**
     * @param bytes one at least
     * @param other gives another input, well-formed
     */
    byte[] change(byte[] bytes, Supplier<byte[]> other, RandomGenerator random) {
        return change.in(bytes, other, random);
    }

    private static byte telling(RandomGenerator random) {
        return random.nextBoolean() ? TELLING[random.nextInt(TELLING.length)] : (byte) random.nextInt(256);
    }

    /** One or a few more of those that are there, mostly one. */
    private static int few(int there, RandomGenerator random) {
        return Math.min(there, random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(40));
    }
}
