package io.konnectproxy.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A struct in Thrift's compact protocol, in which Parquet writes its headers and its footer. Fields are added in the order of
 * their numbers, which differ by at most 15.
 */
final class ThriftStruct {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;

    /** From this size on, the size of a list has bytes of its own. */
    private static final int LONG_LIST = 15;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int last;

    ThriftStruct flag(int field, boolean value) {
        header(field, value ? TRUE : FALSE);
        return this;
    }

    ThriftStruct i16(int field, int value) {
        header(field, I16);
        zigzag(value);
        return this;
    }

    ThriftStruct i32(int field, int value) {
        header(field, I32);
        zigzag(value);
        return this;
    }

    ThriftStruct i64(int field, long value) {
        header(field, I64);
        zigzag(value);
        return this;
    }

    ThriftStruct binary(int field, byte[] value) {
        header(field, BINARY);
        bytes(value);
        return this;
    }

    ThriftStruct text(int field, String value) {
        return binary(field, value.getBytes(UTF_8));
    }

    ThriftStruct struct(int field, ThriftStruct value) {
        header(field, STRUCT);
        out.writeBytes(value.bytes());
        return this;
    }

    ThriftStruct structs(int field, List<byte[]> values) {
        list(field, STRUCT, values.size());
        values.forEach(out::writeBytes);
        return this;
    }

    ThriftStruct i32s(int field, List<Integer> values) {
        list(field, I32, values.size());
        values.forEach(this::zigzag);
        return this;
    }

    ThriftStruct texts(int field, List<String> values) {
        list(field, BINARY, values.size());
        values.forEach(value -> bytes(value.getBytes(UTF_8)));
        return this;
    }

    /** The encoded struct. */
    byte[] bytes() {
        byte[] fields = out.toByteArray();
        // A stop field.
        return java.util.Arrays.copyOf(fields, fields.length + 1);
    }

    private void header(int field, int type) {
        int delta = field - last;
        if (delta < 1 || delta > 15) {
            throw new IllegalArgumentException("field " + field + " after " + last);
        }
        out.write(delta << 4 | type);
        last = field;
    }

    private void list(int field, int type, int size) {
        header(field, LIST);
        out.write(Math.min(size, LONG_LIST) << 4 | type);
        if (size >= LONG_LIST) {
            VarInt.write(out, size);
        }
    }

    private void bytes(byte[] value) {
        VarInt.write(out, value.length);
        out.writeBytes(value);
    }

    private void zigzag(long value) {
        VarInt.write(out, value << 1 ^ value >> 63);
    }
}
