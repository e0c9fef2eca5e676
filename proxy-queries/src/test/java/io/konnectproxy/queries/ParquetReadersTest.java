package io.konnectproxy.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.parquet.ParquetColumn;
import io.konnectproxy.parquet.ParquetWriter;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our writer writes is read by DuckDB and by the format's own library, value for value. */
class ParquetReadersTest {
    private static final List<ParquetColumn> COLUMNS = List.of(
            new ParquetColumn("must", ParquetColumn.Type.LONG, true),
            new ParquetColumn("number", ParquetColumn.Type.LONG, false),
            new ParquetColumn("small", ParquetColumn.Type.INT, false),
            new ParquetColumn("moment", ParquetColumn.Type.TIMESTAMP, false),
            new ParquetColumn("flag", ParquetColumn.Type.FLAG, false),
            new ParquetColumn("same", ParquetColumn.Type.TEXT, true),
            new ParquetColumn("few", ParquetColumn.Type.TEXT, false),
            new ParquetColumn("many", ParquetColumn.Type.TEXT, false),
            new ParquetColumn("none", ParquetColumn.Type.TEXT, false));

    @TempDir
    private Path directory;

    /** Rows with runs and without, more texts than a dictionary holds, and none in whole stretches. */
    private static List<@Nullable Object[]> rows(int count) {
        Random random = new Random(count);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean stretch = i / 1000 % 3 == 1;
            rows.add(new @Nullable Object[] {
                (long) i,
                random.nextInt(4) == 0 ? null : random.nextLong(),
                stretch ? null : (long) (random.nextInt() >> random.nextInt(31)),
                random.nextBoolean() ? null : 1_790_000_000_000_000L + random.nextInt(1_000_000_000),
                random.nextInt(3) == 0 ? null : (Boolean) (stretch || random.nextBoolean()),
                "same",
                stretch
                        ? ""
                        : random.nextInt(5) == 0 ? null : "text " + random.nextInt(7) + " \u00fc\u6f22\ud83d\ude00",
                random.nextInt(9) == 0
                        ? null
                        : Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(9)),
                null
            });
        }
        return rows;
    }

    private Path written(List<@Nullable Object[]> rows) throws Exception {
        Path file = directory.resolve("rows.parquet");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ParquetWriter writer = new ParquetWriter(out, COLUMNS);
            for (@Nullable Object[] row : rows) {
                writer.row(row);
            }
            writer.end(Map.of("a.name", "a value"));
        }
        return file;
    }

    @ParameterizedTest(name = "{0} rows in {1} row groups")
    @CsvSource({"0, 0", "1, 1", "7, 1", "8, 1", "1003, 1", "65536, 1", "65537, 2", "140000, 3"})
    void rows_are_read_as_they_were_written(int count, int groups) throws Exception {
        List<@Nullable Object[]> rows = rows(count);
        Path file = written(rows);

        try (Duck duck = new Duck()) {
            String columns = "must, number, small, epoch_us(moment) AS moment, flag, same, few, many, none";
            assertThat(duck.rows("SELECT " + columns + " FROM '" + file + "' ORDER BY must"))
                    .usingElementComparator(ParquetReadersTest::compare)
                    .containsExactlyElementsOf(rows);
        }
        assertThat(readByParquetJava(file))
                .usingElementComparator(ParquetReadersTest::compare)
                .containsExactlyElementsOf(rows);
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(hadoop(file), hadoopConf()))) {
            assertThat(reader.getRowGroups()).hasSize(groups);
            assertThat(reader.getFileMetaData().getKeyValueMetaData()).containsEntry("a.name", "a value");
            assertThat(reader.getFooter().getFileMetaData().getSchema().getColumns().stream()
                            .map(column -> String.valueOf(column.getPrimitiveType())))
                    .containsExactly(
                            "required int64 must",
                            "optional int64 number",
                            "optional int32 small",
                            "optional int64 moment (TIMESTAMP(MICROS,true))",
                            "optional boolean flag",
                            "required binary same (STRING)",
                            "optional binary few (STRING)",
                            "optional binary many (STRING)",
                            "optional binary none (STRING)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "must >= 100000, 40000",
        "must < 65536, 65536",
        "few = 'text 3 \u00fc\u6f22\ud83d\ude00', -1",
        "many IS NULL, -1"
    })
    void row_groups_that_a_question_does_not_need_are_skipped_and_no_other(String condition, long expected)
            throws Exception {
        List<@Nullable Object[]> rows = rows(140_000);
        Path file = written(rows);

        try (Duck duck = new Duck()) {
            long count = duck.number("SELECT count(*) FROM '" + file + "' WHERE " + condition);
            long all = duck.number("SELECT count(*) FROM (SELECT * FROM '" + file + "' OFFSET 0) WHERE "
                    + condition.replace("must", "(must + 0)").replace("few", "(few || '')"));
            assertThat(count).isEqualTo(expected < 0 ? all : expected).isPositive();
        }
    }

    private static int compare(@Nullable Object[] one, @Nullable Object[] other) {
        return java.util.Arrays.equals(one, other) ? 0 : 1;
    }

    private static Configuration hadoopConf() {
        Configuration configuration = new Configuration(false);
        // Each page's checksum is verified.
        configuration.setBoolean("parquet.page.verify-checksum.enabled", true);
        return configuration;
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }

    private static List<@Nullable Object[]> readByParquetJava(Path file) throws Exception {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), hadoop(file))
                .withConf(hadoopConf())
                .build()) {
            for (Group group = reader.read(); group != null; group = reader.read()) {
                @Nullable Object[] row = new @Nullable Object[COLUMNS.size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = group.getFieldRepetitionCount(i) == 0 ? null : value(group, i);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static Object value(Group group, int column) {
        PrimitiveType.PrimitiveTypeName type =
                group.getType().getType(column).asPrimitiveType().getPrimitiveTypeName();
        return switch (type) {
            case INT64 -> group.getLong(column, 0);
            case INT32 -> (long) group.getInteger(column, 0);
            case BOOLEAN -> group.getBoolean(column, 0);
            default -> group.getString(column, 0);
        };
    }
}
