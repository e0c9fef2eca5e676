package io.konnectproxy.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one Parquet file, from its beginning to its end. It keeps the rows of one row group, and about 5 kB of the footer for each row
 * group that is written. The pages are those of version 1 of the format, compressed with GZIP, each with a checksum. Not thread-safe.
 */
public final class ParquetWriter {
    /** Rows of a row group. */
    private static final int ROWS = 65_536;

    /** Bytes of a row group before compression, about. */
    private static final long BYTES = 32L << 20;

    private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);

    // Numbers of the format: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
    private static final int OPTIONAL = 1;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int RLE_DICTIONARY = 8;
    private static final int GZIP = 2;
    private static final int DATA_PAGE = 0;
    private static final int DICTIONARY_PAGE = 2;
    private static final int CONVERTED_UTF8 = 0;
    private static final int CONVERTED_TIMESTAMP_MICROS = 10;
    private static final int LOGICAL_STRING = 1;
    private static final int LOGICAL_TIMESTAMP = 8;
    private static final int UNIT_MICROS = 2;

    private final OutputStream out;
    private final List<ColumnValues> columns;
    private final List<byte[]> rowGroups = new ArrayList<>();
    private long position;
    private long rows;
    private int groupRows;

    /** @param out gets the file; it is neither flushed nor closed */
    public ParquetWriter(OutputStream out, List<ParquetColumn> columns) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (ParquetColumn column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("two columns are named " + column.name());
            }
        }
        this.out = out;
        this.columns = columns.stream().map(ColumnValues::new).toList();
        write(MAGIC);
    }

    /**
     * Adds a row.
     *
     * @param values one for each column, of its type; null for none
     */
    public void row(@Nullable Object[] values) throws IOException {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(values[i]);
        }
        groupRows++;
        if (groupRows == ROWS || columns.stream().mapToLong(ColumnValues::size).sum() >= BYTES) {
            endGroup();
        }
    }

    /**
     * Writes what remains and the footer, without which no reader takes the file. Nothing may be added afterwards.
     *
     * @param metadata names and values for whoever reads the file
     */
    public void end(Map<String, String> metadata) throws IOException {
        if (groupRows > 0) {
            endGroup();
        }
        List<byte[]> schema = new ArrayList<>();
        schema.add(new ThriftStruct().text(4, "row").i32(5, columns.size()).bytes());
        columns.forEach(values -> schema.add(element(values.column()).bytes()));
        List<byte[]> pairs = metadata.entrySet().stream()
                .map(entry -> new ThriftStruct()
                        .text(1, entry.getKey())
                        .text(2, entry.getValue())
                        .bytes())
                .toList();
        // The order that the bounds in the statistics are meant in: that of the type.
        byte[] order = new ThriftStruct().struct(1, new ThriftStruct()).bytes();
        byte[] footer = new ThriftStruct()
                .i32(1, 1)
                .structs(2, schema)
                .i64(3, rows)
                .structs(4, rowGroups)
                .structs(5, pairs)
                // In the form that readers demand before they trust the bounds in the statistics.
                .text(6, "konnect-proxy version 1 (build 1)")
                .structs(7, columns.stream().map(values -> order).toList())
                .bytes();
        write(footer);
        ByteArrayOutputStream length = new ByteArrayOutputStream();
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            length.write(footer.length >>> shift);
        }
        write(length.toByteArray());
        write(MAGIC);
    }

    private static ThriftStruct element(ParquetColumn column) {
        ThriftStruct element = new ThriftStruct()
                .i32(1, column.type().physical())
                .i32(3, column.required() ? 0 : OPTIONAL)
                .text(4, column.name());
        if (column.type() == ParquetColumn.Type.TEXT) {
            element.i32(6, CONVERTED_UTF8).struct(10, new ThriftStruct().struct(LOGICAL_STRING, new ThriftStruct()));
        } else if (column.type() == ParquetColumn.Type.TIMESTAMP) {
            ThriftStruct micros = new ThriftStruct().struct(UNIT_MICROS, new ThriftStruct());
            element.i32(6, CONVERTED_TIMESTAMP_MICROS)
                    .struct(
                            10,
                            new ThriftStruct()
                                    .struct(
                                            LOGICAL_TIMESTAMP,
                                            new ThriftStruct().flag(1, true).struct(2, micros)));
        }
        return element;
    }

    private void endGroup() throws IOException {
        long begin = position;
        long uncompressed = 0;
        List<byte[]> chunks = new ArrayList<>();
        for (ColumnValues values : columns) {
            uncompressed += chunk(values, chunks);
            values.clear();
        }
        rowGroups.add(new ThriftStruct()
                .structs(1, chunks)
                .i64(2, uncompressed)
                .i64(3, groupRows)
                .i64(5, begin)
                .i64(6, position - begin)
                .bytes());
        rows += groupRows;
        groupRows = 0;
    }

    /** Writes a column of the row group, and returns its size before compression. */
    private long chunk(ColumnValues values, List<byte[]> chunks) throws IOException {
        long begin = position;
        long uncompressed = 0;
        if (values.hasDictionary()) {
            ThriftStruct header =
                    new ThriftStruct().i32(1, values.dictionarySize()).i32(2, PLAIN);
            uncompressed += page(DICTIONARY_PAGE, 7, header, values.dictionaryPage());
        }
        long data = position;
        int encoding = values.hasDictionary() ? RLE_DICTIONARY : PLAIN;
        ThriftStruct header = new ThriftStruct()
                .i32(1, groupRows)
                .i32(2, encoding)
                .i32(3, RLE)
                .i32(4, RLE);
        uncompressed += page(DATA_PAGE, 5, header, values.dataPage());
        ThriftStruct meta = new ThriftStruct()
                .i32(1, values.column().type().physical())
                .i32s(2, values.hasDictionary() ? List.of(PLAIN, RLE, RLE_DICTIONARY) : List.of(PLAIN, RLE))
                .texts(3, List.of(values.column().name()))
                .i32(4, GZIP)
                .i64(5, groupRows)
                .i64(6, uncompressed)
                .i64(7, position - begin)
                .i64(9, data);
        if (values.hasDictionary()) {
            meta.i64(11, begin);
        }
        meta.struct(12, values.statistics());
        chunks.add(new ThriftStruct().i64(2, begin).struct(3, meta).bytes());
        return uncompressed;
    }

    /** Writes a page, and returns its size before compression, with its header. */
    private long page(int type, int field, ThriftStruct ofType, byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        byte[] bytes = compressed.toByteArray();
        CRC32 crc = new CRC32();
        crc.update(bytes);
        byte[] header = new ThriftStruct()
                .i32(1, type)
                .i32(2, content.length)
                .i32(3, bytes.length)
                .i32(4, (int) crc.getValue())
                .struct(field, ofType)
                .bytes();
        write(header);
        write(bytes);
        return header.length + (long) content.length;
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }
}
