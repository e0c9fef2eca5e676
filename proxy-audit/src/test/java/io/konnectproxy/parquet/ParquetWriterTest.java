package io.konnectproxy.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetWriterTest {
    private static final List<ParquetColumn> COLUMNS = List.of(
            new ParquetColumn("seq", ParquetColumn.Type.LONG, true),
            new ParquetColumn("small", ParquetColumn.Type.INT, false),
            new ParquetColumn("moment", ParquetColumn.Type.TIMESTAMP, false),
            new ParquetColumn("flag", ParquetColumn.Type.FLAG, false),
            new ParquetColumn("few", ParquetColumn.Type.TEXT, false),
            new ParquetColumn("many", ParquetColumn.Type.TEXT, false));

    private static byte[] written(List<@Nullable Object[]> rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParquetWriter writer = new ParquetWriter(out, COLUMNS);
        for (@Nullable Object[] row : rows) {
            writer.row(row);
        }
        writer.end(Map.of("name", "value"));
        return out.toByteArray();
    }

    /** Runs and none, stretches without a value, and, of 20,000 rows, more texts than a dictionary has. */
    private static List<@Nullable Object[]> rows(int count) {
        Random random = new Random(count);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean stretch = i / 100 % 3 == 1;
            rows.add(new @Nullable Object[] {
                (long) i - 5,
                stretch ? null : (long) random.nextInt(),
                random.nextBoolean() ? null : random.nextLong(),
                stretch ? (Boolean) true : random.nextInt(3) == 0 ? null : (Boolean) random.nextBoolean(),
                stretch ? "" : "text " + random.nextInt(5) + " \u00fc\u6f22",
                Long.toHexString(random.nextLong())
            });
        }
        return rows;
    }

    private static List<Map<String, Object>> maps(List<@Nullable Object[]> rows) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (@Nullable Object[] row : rows) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < row.length; i++) {
                Object value = row[i];
                if (value != null) {
                    map.put(COLUMNS.get(i).name(), value);
                }
            }
            maps.add(map);
        }
        return maps;
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {0, 1, 7, 8, 9, 250, 20_000})
    void rows_are_in_the_file_as_they_were_given(int count) throws IOException {
        List<@Nullable Object[]> rows = rows(count);
        byte[] file = written(rows);

        assertThat(ParquetDump.rows(file)).isEqualTo(maps(rows));
        assertThat(ParquetDump.metadata(file)).containsExactly(Map.entry("name", "value"));
    }

    @Test
    void rows_beyond_a_row_group_begin_another_one_and_nothing_of_the_first_is_left() throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 65_540; i++) {
            rows.add(new @Nullable Object[] {(long) i, null, null, null, i < 65_536 ? "before" : "after", null});
        }

        assertThat(ParquetDump.rows(written(rows))).isEqualTo(maps(rows));
    }

    @Test
    void the_same_rows_make_the_same_file() throws IOException {
        assertThat(written(rows(300))).isEqualTo(written(rows(300)));
    }

    @Test
    void a_row_that_does_not_fit_its_columns_is_a_mistake() throws IOException {
        ParquetWriter writer = new ParquetWriter(new ByteArrayOutputStream(), COLUMNS);

        assertThatIllegalArgumentException().isThrownBy(() -> writer.row(new @Nullable Object[] {1L}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.row(new @Nullable Object[] {null, null, null, null, null, null}))
                .withMessageContaining("seq");
    }

    @Test
    void columns_have_names_of_their_own() {
        ParquetColumn column = new ParquetColumn("a", ParquetColumn.Type.TEXT, true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParquetWriter(new ByteArrayOutputStream(), List.of(column, column)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ParquetColumn("A b", ParquetColumn.Type.TEXT, true));
    }
}
