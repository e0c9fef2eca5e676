package io.konnectproxy.parquet;

import java.io.ByteArrayOutputStream;

/** Unsigned LEB128. */
final class VarInt {
    private VarInt() {}

    static void write(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
