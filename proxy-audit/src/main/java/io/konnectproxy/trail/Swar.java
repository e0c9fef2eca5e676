package io.konnectproxy.trail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** SWAR (SIMD within a register): tests eight bytes at a time in a {@code long}. Single bytes would take longer than hashing. */
final class Swar {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final byte DEL = 0x7f;

    private Swar() {}

    /** The position of the first line feed; {@code end} if there is none before it. */
    static int lineFeed(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            // A line feed is a zero byte now, and the lowest marked byte is the lowest zero byte.
            long zeros = (long) WORDS.get(bytes, at) ^ (ONES * '\n');
            long marks = (zeros - ONES) & ~zeros & HIGHS;
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether all bytes are printable ASCII, spaces included. */
    static boolean arePrintable(byte[] bytes, int from, int end) {
        long wrong = 0;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            // A carry or borrow that marks the neighbouring byte can only come from a byte that is wrong itself.
            long word = (long) WORDS.get(bytes, at);
            wrong |= word | (word + ONES) | (word - ONES * ' ');
        }
        boolean fine = (wrong & HIGHS) == 0;
        for (; at < end; at++) {
            fine &= bytes[at] >= ' ' && bytes[at] < DEL;
        }
        return fine;
    }

    /** Whether all characters are lower-case hex. {@code length} must be a multiple of eight. */
    static boolean areHex(byte[] bytes, int from, int length) {
        long right = HIGHS;
        for (int at = from; at < from + length; at += Long.BYTES) {
            long word = (long) WORDS.get(bytes, at);
            long digits = atLeast(word, '0') & ~atLeast(word, '9' + 1);
            long letters = atLeast(word, 'a') & ~atLeast(word, 'f' + 1);
            right &= (digits | letters) & ~word;
        }
        return (right & HIGHS) == HIGHS;
    }

    /** Sets the highest bit of each byte that is at least {@code least}. The bytes must be ASCII. */
    private static long atLeast(long word, int least) {
        return (word | HIGHS) - ONES * least;
    }
}
