package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of any length come out as they went in, from both ends of a file. */
class LineReaderTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lines_of_any_length_are_read(boolean compressed) throws IOException {
        List<String> wanted = lines();
        Path file = directory.resolve("lines");
        byte[] bytes = (String.join("\n", wanted) + "\nrest").getBytes(US_ASCII);
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream packed = compressed ? new GZIPOutputStream(out) : out) {
            packed.write(bytes);
        }

        List<String> found = new ArrayList<>();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.next()) {
                found.add(new String(lines.bytes(), lines.from(), lines.end() - lines.from(), US_ASCII));
            }
            assertThat(lines.unfinished()).isEqualTo(4);
            assertThat(lines.passed()).isEqualTo(bytes.length - 4);
            assertThat(lines.number()).isEqualTo(wanted.size());
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void lines_are_read_backwards() throws IOException {
        List<String> wanted = lines();
        Path file = Files.writeString(directory.resolve("lines"), String.join("\n", wanted) + "\nrest");

        List<String> found = new ArrayList<>();
        try (BackwardLines lines = new BackwardLines(file)) {
            while (lines.previous()) {
                found.add(0, new String(lines.line(), 0, lines.length(), US_ASCII));
                assertThat(lines.end() - lines.begin()).isEqualTo(lines.length());
            }
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void a_file_that_grows_is_read_on() throws IOException {
        Path file = Files.writeString(directory.resolve("lines"), "one\ntw");
        try (LineReader lines = LineReader.open(file)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.next()).isFalse();
            assertThat(lines.unfinished()).isEqualTo(2);
            Files.writeString(file, "o\nthree\n", StandardOpenOption.APPEND);

            assertThat(lines.next()).isTrue();
            assertThat(new String(lines.bytes(), lines.from(), lines.end() - lines.from(), US_ASCII))
                    .isEqualTo("two");
            assertThat(lines.next()).isTrue();
            assertThat(lines.next()).isFalse();
            assertThat(lines.passed()).isEqualTo(14);
        }
    }

    @Test
    void of_a_segment_only_what_was_there_is_read_and_the_line_that_was_begun() throws IOException {
        Path file = Files.writeString(directory.resolve("lines"), "one\ntw");
        try (SegmentLines lines = new SegmentLines(LineReader.open(file), Duration.ofSeconds(20))) {
            Files.writeString(file, "o\nthree\n", StandardOpenOption.APPEND);

            assertThat(lines.next(true)).isTrue();
            assertThat(lines.next(true)).isTrue();
            assertThat(lines.next(true)).isFalse();
            assertThat(lines.number()).isEqualTo(2);
            assertThat(lines.unfinished()).isZero();
        }
    }

    @Test
    void a_line_without_end_takes_no_more_memory_than_the_longest_line() throws IOException {
        Path file = directory.resolve("lines");
        byte[] block = "x".repeat(1 << 20).getBytes(US_ASCII);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 40; i++) {
                out.write(block);
            }
            out.write("\nshort\n".getBytes(US_ASCII));
        }
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.bytes().length).isLessThanOrEqualTo(2 * LineForm.MAX_LINE);
            assertThat(line.read(lines.bytes(), lines.from(), lines.end())).isFalse();
            assertThat(line.fault()).contains("longer than any line");
            assertThat(lines.passed()).isEqualTo((40L << 20) + 1);
            assertThat(lines.next()).isTrue();
            assertThat(lines.end() - lines.from()).isEqualTo(5);
        }
    }

    @Test
    void eight_bytes_at_a_time_see_what_one_at_a_time_does() {
        byte[] bytes = new byte[40];
        for (int value = 0; value < 256; value++) {
            for (int at = 0; at < bytes.length; at++) {
                Arrays.fill(bytes, (byte) 'a');
                bytes[at] = (byte) value;
                boolean printable = value >= ' ' && value <= '~';
                assertThat(Swar.arePrintable(bytes, 0, bytes.length)).isEqualTo(printable);
                assertThat(Swar.arePrintable(bytes, at + 1, bytes.length)).isTrue();
                assertThat(Swar.arePrintable(bytes, 0, at)).isTrue();
                assertThat(Swar.areHex(bytes, 0, bytes.length))
                        .isEqualTo(value < 128 && "0123456789abcdef".indexOf(value) >= 0);
                assertThat(Swar.lineFeed(bytes, 0, bytes.length)).isEqualTo(value == '\n' ? at : bytes.length);
                assertThat(Swar.lineFeed(bytes, at + 1, bytes.length)).isEqualTo(bytes.length);
            }
        }
    }

    /** Some empty, some longer than any block, and everything near the borders of blocks. */
    private static List<String> lines() {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>(List.of("", "x", "y".repeat(64 * 1024 - 3), "z".repeat(600_000), ""));
        for (int i = 0; i < 2000; i++) {
            lines.add(("" + (char) ('a' + i % 26)).repeat(random.nextInt(700)));
        }
        return lines;
    }
}
