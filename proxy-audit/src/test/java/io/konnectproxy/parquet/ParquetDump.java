package io.konnectproxy.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file, read by the format's description and without the code that wrote it. It reads what our writer uses of the format, and
 * nothing else. {@code .ci/queries} shows that other readers agree.
 */
final class ParquetDump {
    private final ByteBuffer file;

    private ParquetDump(byte[] bytes) {
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Each row as its values by their columns, without those that it does not have. */
    static List<Map<String, Object>> rows(byte[] bytes) throws IOException {
        return new ParquetDump(bytes).rows();
    }

    /** The metadata of a file. */
    static Map<String, String> metadata(byte[] bytes) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Object pair : list(new ParquetDump(bytes).footer().get(5))) {
            metadata.put(text(struct(pair).get(1)), text(struct(pair).get(2)));
        }
        return metadata;
    }

    private Map<Integer, Object> footer() {
        int end = file.limit();
        if (!"PAR1".equals(ascii(0)) || !"PAR1".equals(ascii(end - 4))) {
            throw new IllegalStateException("it does not begin and end with PAR1");
        }
        file.position(end - 8 - file.getInt(end - 8));
        Map<Integer, Object> footer = readStruct();
        if (file.position() != end - 8) {
            throw new IllegalStateException("the footer has another length than it says");
        }
        return footer;
    }

    private String ascii(int at) {
        return new String(file.array(), at, 4, UTF_8);
    }

    private List<Map<String, Object>> rows() throws IOException {
        Map<Integer, Object> footer = footer();
        List<Object> schema = list(footer.get(2)).subList(1, list(footer.get(2)).size());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Object each : list(footer.get(4))) {
            Map<Integer, Object> group = struct(each);
            List<Map<String, Object>> added = new ArrayList<>();
            for (long i = 0; i < number(group.get(3)); i++) {
                added.add(new LinkedHashMap<>());
            }
            List<Object> chunks = list(group.get(1));
            for (int i = 0; i < chunks.size(); i++) {
                column(struct(schema.get(i)), struct(struct(chunks.get(i)).get(3)), added);
            }
            rows.addAll(added);
        }
        if (number(footer.get(3)) != rows.size()) {
            throw new IllegalStateException("the footer says " + footer.get(3) + " rows, and there are " + rows.size());
        }
        return rows;
    }

    private void column(Map<Integer, Object> element, Map<Integer, Object> meta, List<Map<String, Object>> rows)
            throws IOException {
        long type = number(element.get(1));
        List<Object> dictionary = new ArrayList<>();
        if (meta.containsKey(11)) {
            Page page = page(number(meta.get(11)));
            for (long i = 0; i < number(page.ofType(7).get(1)); i++) {
                dictionary.add(plain(type, page.content));
            }
        }
        Page page = page(number(meta.get(9)));
        Map<Integer, Object> header = page.ofType(5);
        ByteBuffer content = page.content;
        int[] defined = new int[rows.size()];
        java.util.Arrays.fill(defined, 1);
        if (number(element.get(3)) == 1) {
            int length = content.getInt();
            defined = hybrid(content.slice().limit(length), rows.size(), 1);
            content.position(content.position() + length);
        }
        int values = java.util.Arrays.stream(defined).sum();
        int[] places = new int[0];
        if (number(header.get(2)) == 8) {
            int width = content.get();
            places = hybrid(content.slice(), values, width);
        } else if (type == 0) {
            places = new int[values];
            for (int i = 0; i < values; i++) {
                places[i] = content.get(content.position() + i / 8) >> i % 8 & 1;
            }
        }
        int value = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (defined[i] == 1) {
                Object found = !dictionary.isEmpty()
                        ? dictionary.get(places[value])
                        : type == 0 ? (Object) (places[value] == 1) : plain(type, content);
                rows.get(i).put(text(element.get(4)), found);
                value++;
            }
        }
    }

    private static Object plain(long type, ByteBuffer content) {
        if (type == 6) {
            byte[] bytes = new byte[content.getInt()];
            content.get(bytes);
            return new String(bytes, UTF_8);
        }
        return type == 1 ? (Object) (long) content.getInt() : (Object) content.getLong();
    }

    private record Page(Map<Integer, Object> header, ByteBuffer content) {
        Map<Integer, Object> ofType(int field) {
            return struct(header.get(field));
        }
    }

    private Page page(long at) throws IOException {
        file.position((int) at);
        Map<Integer, Object> header = readStruct();
        byte[] compressed = new byte[(int) number(header.get(3))];
        file.get(compressed);
        CRC32 crc = new CRC32();
        crc.update(compressed);
        byte[] content = new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
        if ((int) crc.getValue() != (int) number(header.get(4)) || content.length != number(header.get(2))) {
            throw new IllegalStateException("a page that is not what its header says");
        }
        return new Page(header, ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static int[] hybrid(ByteBuffer from, int count, int width) {
        int[] numbers = new int[count];
        int at = 0;
        while (at < count) {
            int header = (int) varint(from);
            if ((header & 1) == 0) {
                int number = 0;
                for (int shift = 0; shift < width; shift += 8) {
                    number |= (from.get() & 255) << shift;
                }
                java.util.Arrays.fill(numbers, at, at + (header >> 1), number);
                at += header >> 1;
            } else {
                int bit = from.position() * 8;
                for (int i = 0; i < (header >> 1) * 8; i++, bit += width) {
                    int number = 0;
                    for (int b = 0; b < width; b++) {
                        number |= (from.get((bit + b) / 8) >> (bit + b) % 8 & 1) << b;
                    }
                    if (at < count) {
                        numbers[at++] = number;
                    }
                }
                from.position(from.position() + (header >> 1) * width);
            }
        }
        return numbers;
    }

    /** A struct of Thrift's compact protocol, as its fields by their numbers. */
    private Map<Integer, Object> readStruct() {
        Map<Integer, Object> fields = new TreeMap<>();
        int field = 0;
        for (int head = file.get() & 255; head != 0; head = file.get() & 255) {
            field += head >> 4;
            fields.put(field, value(head & 15));
        }
        return fields;
    }

    private Object value(int type) {
        return switch (type) {
            case 1 -> true;
            case 2 -> false;
            case 4, 5, 6 -> {
                long zigzag = varint(file);
                yield zigzag >>> 1 ^ -(zigzag & 1);
            }
            case 8 -> {
                byte[] bytes = new byte[(int) varint(file)];
                file.get(bytes);
                yield bytes;
            }
            case 9 -> {
                int head = file.get() & 255;
                int size = head >> 4 == 15 ? (int) varint(file) : head >> 4;
                List<Object> items = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    items.add(value(head & 15));
                }
                yield items;
            }
            case 12 -> readStruct();
            default -> throw new IllegalStateException("a type that is not used: " + type);
        };
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<Integer, Object> struct(@Nullable Object value) {
        return (Map<Integer, Object>) java.util.Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object value) {
        return (List<Object>) java.util.Objects.requireNonNull(value);
    }

    private static long number(@Nullable Object value) {
        return (Long) java.util.Objects.requireNonNull(value);
    }

    private static String text(@Nullable Object value) {
        return new String((byte[]) java.util.Objects.requireNonNull(value), UTF_8);
    }
}
