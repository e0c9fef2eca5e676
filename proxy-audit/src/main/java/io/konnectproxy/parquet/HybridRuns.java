package io.konnectproxy.parquet;

import java.io.ByteArrayOutputStream;

/** Parquet's hybrid of run lengths and bit packing, for numbers of a fixed width in bits. */
final class HybridRuns {
    /** Numbers are packed in groups of this size, and a shorter run is not worth its header. */
    private static final int GROUP = 8;

    private HybridRuns() {}

    /**
     * Appends numbers.
     *
     * @param width the bits of each; 0 if all are 0
     */
    static void append(ByteArrayOutputStream out, int[] numbers, int count, int width) {
        int packed = 0;
        int at = 0;
        while (at < count) {
            // What is packed before a run must be whole groups; the last group of all is filled up with zeros.
            int run = (at - packed) % GROUP == 0 ? run(numbers, at, count) : 0;
            if (run >= GROUP) {
                pack(out, numbers, packed, at, width);
                VarInt.write(out, (long) run << 1);
                little(out, numbers[at], width);
                at += run;
                packed = at;
            } else {
                at++;
            }
        }
        pack(out, numbers, packed, count, width);
    }

    private static int run(int[] numbers, int from, int count) {
        int end = from + 1;
        while (end < count && numbers[end] == numbers[from]) {
            end++;
        }
        return end - from;
    }

    private static void pack(ByteArrayOutputStream out, int[] numbers, int from, int end, int width) {
        if (from == end) {
            return;
        }
        int groups = (end - from + GROUP - 1) / GROUP;
        VarInt.write(out, (long) groups << 1 | 1);
        long bits = 0;
        int held = 0;
        for (int i = from; i < from + groups * GROUP; i++) {
            bits |= (long) (i < end ? numbers[i] : 0) << held;
            held += width;
            while (held >= Byte.SIZE) {
                out.write((int) bits);
                bits >>>= Byte.SIZE;
                held -= Byte.SIZE;
            }
        }
    }

    private static void little(ByteArrayOutputStream out, int number, int width) {
        for (int shift = 0; shift < width; shift += Byte.SIZE) {
            out.write(number >>> shift);
        }
    }
}
