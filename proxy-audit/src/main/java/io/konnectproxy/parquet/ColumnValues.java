package io.konnectproxy.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a column in one row group, encoded as they are added. Texts have a dictionary while that is worth it: most columns
 * repeat few of them. Otherwise, and for all other types, values are written one after the other.
 */
final class ColumnValues {
    /** From this many different texts on, a dictionary is given up. */
    private static final int MOST_TEXTS = 16_384;

    /** Bounds of texts, by which readers skip row groups, are left out where they would be longer. */
    private static final int LONGEST_BOUND = 64;

    private final ParquetColumn column;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
    private final Map<String, Integer> texts = new HashMap<>();
    private boolean hasDictionary;
    /** For each row 1 where it has a value. */
    private int[] defined = new int[64];
    /** The place in the dictionary, or the flag, of each value. */
    private int[] numbers = new int[64];

    private int rows;
    private int values;
    private byte @Nullable [] least;
    private byte @Nullable [] greatest;
    private long leastNumber;
    private long greatestNumber;
    private boolean unbounded;

    ColumnValues(ParquetColumn column) {
        this.column = column;
        clear();
    }

    ParquetColumn column() {
        return column;
    }

    void add(@Nullable Object value) {
        if (rows == defined.length) {
            defined = Arrays.copyOf(defined, rows * 2);
        }
        defined[rows++] = value == null ? 0 : 1;
        if (value == null) {
            if (column.required()) {
                throw new IllegalArgumentException("no value for " + column.name());
            }
            return;
        }
        switch (column.type()) {
            case TEXT -> text((String) value);
            case INT -> number((long) Math.toIntExact((Long) value), Integer.BYTES);
            case LONG, TIMESTAMP -> number((Long) value, Long.BYTES);
            case FLAG -> index((Boolean) value ? 1 : 0);
        }
        values++;
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        bound(bytes);
        if (hasDictionary) {
            Integer known = texts.get(text);
            if (known == null && texts.size() == MOST_TEXTS) {
                withoutDictionary();
            } else {
                if (known == null) {
                    known = texts.size();
                    texts.put(text, known);
                    lengthAnd(bytes, dictionary);
                }
                index(known);
                return;
            }
        }
        lengthAnd(bytes, plain);
    }

    /** Writes out the values so far. */
    private void withoutDictionary() {
        String[] byNumber = new String[texts.size()];
        texts.forEach((text, number) -> byNumber[number] = text);
        for (int i = 0; i < values; i++) {
            lengthAnd(byNumber[numbers[i]].getBytes(UTF_8), plain);
        }
        hasDictionary = false;
        texts.clear();
        dictionary.reset();
    }

    private void index(int number) {
        if (values == numbers.length) {
            numbers = Arrays.copyOf(numbers, values * 2);
        }
        numbers[values] = number;
    }

    private void number(long value, int bytes) {
        leastNumber = values == 0 ? value : Math.min(leastNumber, value);
        greatestNumber = values == 0 ? value : Math.max(greatestNumber, value);
        little(value, bytes, plain);
    }

    private static void little(long value, int bytes, ByteArrayOutputStream out) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (i * Byte.SIZE)));
        }
    }

    private static void lengthAnd(byte[] bytes, ByteArrayOutputStream out) {
        little(bytes.length, Integer.BYTES, out);
        out.writeBytes(bytes);
    }

    private void bound(byte[] text) {
        unbounded |= text.length > LONGEST_BOUND;
        if (!unbounded) {
            least = least == null || Arrays.compareUnsigned(text, least) < 0 ? text : least;
            greatest = greatest == null || Arrays.compareUnsigned(text, greatest) > 0 ? text : greatest;
        }
    }

    /** Whether the values are numbers of texts in {@link #dictionaryPage}. */
    boolean hasDictionary() {
        return hasDictionary && values > 0;
    }

    int dictionarySize() {
        return texts.size();
    }

    byte[] dictionaryPage() {
        return dictionary.toByteArray();
    }

    /** The content of the data page. */
    byte[] dataPage() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        if (!column.required()) {
            ByteArrayOutputStream levels = new ByteArrayOutputStream();
            HybridRuns.append(levels, defined, rows, 1);
            lengthAnd(levels.toByteArray(), page);
        }
        if (hasDictionary()) {
            int width = Integer.SIZE - Integer.numberOfLeadingZeros(texts.size() - 1);
            page.write(width);
            HybridRuns.append(page, numbers, values, width);
        } else if (column.type() == ParquetColumn.Type.FLAG) {
            flags(page);
        } else {
            page.writeBytes(plain.toByteArray());
        }
        return page.toByteArray();
    }

    /** One bit a flag, the first one the lowest. */
    private void flags(ByteArrayOutputStream page) {
        for (int i = 0; i < values; i += Byte.SIZE) {
            int bits = 0;
            for (int bit = 0; bit < Byte.SIZE && i + bit < values; bit++) {
                bits |= numbers[i + bit] << bit;
            }
            page.write(bits);
        }
    }

    /** The statistics by which readers skip what they do not look for. */
    ThriftStruct statistics() {
        ThriftStruct statistics = new ThriftStruct().i64(3, rows - values);
        byte[] low = bound(leastNumber, least);
        byte[] high = bound(greatestNumber, greatest);
        return low == null || high == null
                ? statistics
                : statistics.binary(5, high).binary(6, low);
    }

    private byte @Nullable [] bound(long number, byte @Nullable [] text) {
        return switch (column.type()) {
            case TEXT -> unbounded ? null : text;
            case FLAG -> null;
            case INT, LONG, TIMESTAMP -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                little(number, column.type() == ParquetColumn.Type.INT ? Integer.BYTES : Long.BYTES, bytes);
                yield values == 0 ? null : bytes.toByteArray();
            }
        };
    }

    /** The bytes that the values need, about. */
    long size() {
        return (long) plain.size() + dictionary.size() + 2L * Integer.BYTES * rows;
    }

    /** Begins with the next row group. */
    void clear() {
        plain.reset();
        dictionary.reset();
        texts.clear();
        hasDictionary = column.type() == ParquetColumn.Type.TEXT;
        rows = 0;
        values = 0;
        least = null;
        greatest = null;
        unbounded = false;
    }
}
