package io.konnectproxy.trail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** SWAR, SIMD within a register: tests eight bytes at a time in one number. Byte by byte would take longer than hashing. */
final class Swar {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final byte DEL = 0x7f;

    private Swar() {}

    /** Where the first line feed stands; {@code end} if there is none before that. */
    static int lineFeed(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            // A byte that is a line feed is zero now, and the lowest zero is the lowest one marked.
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

    /** Whether all are printable ASCII, the space among them. */
    static boolean arePrintable(byte[] bytes, int from, int end) {
        long wrong = 0;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            // Only a byte that is wrong itself makes a carry or a borrow that could mark its neighbour.
            long word = (long) WORDS.get(bytes, at);
            wrong |= word | (word + ONES) | (word - ONES * ' ');
        }
        boolean fine = (wrong & HIGHS) == 0;
        for (; at < end; at++) {
            fine &= bytes[at] >= ' ' && bytes[at] < DEL;
        }
        return fine;
    }

    /** Whether a number of characters, which is a multiple of eight, are lower-case hex. */
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

    /** Marks, by its highest bit, each byte that is no less than this; of bytes that are ASCII. */
    private static long atLeast(long word, int least) {
        return (word | HIGHS) - ONES * least;
    }
}
