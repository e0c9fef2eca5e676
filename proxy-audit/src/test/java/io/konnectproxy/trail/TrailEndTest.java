package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer must know before it goes on: where the trail ended, and what was permitted then. */
class TrailEndTest {
    private static final List<String> LINES = new TrailBuilder()
            .start()
            .configuration("start")
            .permitted("a1", "10.0.0.7", "cloud.konghq.com")
            .take();
    private static final String WHOLE = String.join("\n", LINES) + "\n";
    private static final Link LAST = new Link(3, hashOf(LINES.get(2)), Optional.of("00ab12cd34ef"));
    private static final Link SECOND = new Link(2, hashOf(LINES.get(1)), Optional.of("00ab12cd34ef"));

    @TempDir
    private Path directory = Path.of("");

    static Stream<Arguments> a_file_ends_as_it_ends() {
        String edited = LINES.get(2).replace("10.0.0.7", "10.0.0.9");
        return Stream.of(
                Arguments.of("whole", WHOLE, LAST, 0, ""),
                Arguments.of("empty", "", Link.NONE, 0, ""),
                Arguments.of(
                        "half a line", WHOLE + LINES.get(0).substring(0, 40), LAST, 40, "the last line has no end"),
                Arguments.of(
                        "no line feed",
                        WHOLE.substring(0, WHOLE.length() - 1),
                        SECOND,
                        LINES.get(2).length(),
                        "the last line has no end"),
                Arguments.of("half a line only", "{\"v\":1", Link.NONE, 6, "the last line has no end"),
                Arguments.of("blank lines", WHOLE + "\n\n", LAST, 2, "the last line is not one of the trail"),
                Arguments.of("one line feed", "\n", Link.NONE, 1, "the last line is not one of the trail"),
                Arguments.of(
                        "zeros of a lost block", WHOLE + "\0".repeat(4096), LAST, 4096, "the last line has no end"),
                Arguments.of(
                        "a line of somebody else", WHOLE + "hello\n", LAST, 6, "the last line is not one of the trail"),
                Arguments.of(
                        "a line whose hash does not fit",
                        LINES.get(0) + "\n" + LINES.get(1) + "\n" + edited + "\n",
                        SECOND,
                        edited.length() + 1,
                        "the last line is not one of the trail"),
                Arguments.of(
                        "blocks without a line feed",
                        WHOLE + "x".repeat(200_000),
                        LAST,
                        200_000,
                        "the last line has no end"),
                Arguments.of(
                        "blocks of lines that are none",
                        WHOLE + "x\n".repeat(100_000),
                        LAST,
                        200_000,
                        "the last line is not one of the trail"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void a_file_ends_as_it_ends(String name, String text, Link last, long torn, String because) throws IOException {
        Path file = directory.resolve("t.jsonl");
        Files.write(file, text.getBytes(US_ASCII));

        TrailEnd end = TrailEnd.of(file);

        assertThat(end.last()).isEqualTo(last);
        assertThat(end.tornBytes()).isEqualTo(torn);
        assertThat(end.wholeBytes()).isEqualTo(text.length() - torn);
        assertThat(end.tornBecause().orElse("")).isEqualTo(because);
    }

    @Test
    void a_missing_file_is_like_an_empty_one() throws IOException {
        assertThat(TrailEnd.of(directory.resolve("none")).last()).isEqualTo(Link.NONE);
        assertThat(LastConfiguration.of(directory.resolve("none"))).isEmpty();
        assertThat(Predecessor.of(directory.resolve("none").resolve("t.jsonl"))).isEmpty();
    }

    @Test
    void a_compressed_file_ends_like_its_content() throws IOException {
        Path file = TrailBuilder.write(directory.resolve("t.jsonl.gz"), LINES);

        assertThat(TrailEnd.of(file).last()).isEqualTo(LAST);
        assertThat(TrailEnd.of(file).wholeBytes()).isEqualTo(WHOLE.length());
        assertThat(TrailEnd.of(file).tornBecause()).isEmpty();
    }

    @Test
    void a_trail_of_version_1_has_no_name() throws IOException {
        Path file = new TrailBuilder().version1().start().stop().writeTo(directory.resolve("t.jsonl"));

        assertThat(TrailEnd.of(file).last().seq()).isEqualTo(2);
        assertThat(TrailEnd.of(file).last().trail()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.jsonl", "t.jsonl.gz"})
    void the_last_configuration_is_found(String name) throws IOException {
        TrailBuilder trail = new TrailBuilder().configuration("start").start().configuration("segment");
        String wanted = trail.take().get(2);
        trail.after(0, Link.NONE.hash())
                .configuration("start")
                .start()
                .configuration("segment")
                .stop();
        Path file = trail.writeTo(directory.resolve(name));

        assertThat(LastConfiguration.line(file))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("\"seq\":3")
                        .contains("\"occasion\":\"segment\"")
                        .doesNotContain("\n")
                        .isNotEqualTo(wanted));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.jsonl", "t.jsonl.gz"})
    void a_file_may_have_no_configuration(String name) throws IOException {
        assertThat(LastConfiguration.of(new TrailBuilder().start().writeTo(directory.resolve(name))))
                .isEmpty();
    }

    @Test
    void the_predecessor_is_the_one_that_begins_highest_whatever_its_name() throws IOException {
        TrailBuilder trail = new TrailBuilder();
        trail.start().writeTo(directory.resolve("t-20261201-000000000001.jsonl"));
        trail.drain().writeTo(directory.resolve("t.jsonl.1"));
        trail.drain().stop().writeTo(directory.resolve("t.jsonl.2.gz"));
        Link last = new Link(trail.lastSeq(), trail.lastHash(), Optional.of("00ab12cd34ef"));
        trail.start().writeTo(directory.resolve("t.jsonl.torn-20261122T180000Z"));
        trail.start().writeTo(directory.resolve("t-b.jsonl"));
        trail.start().writeTo(directory.resolve("t-b.jsonl.1"));
        trail.start().writeTo(directory.resolve("other.jsonl"));
        Files.writeString(directory.resolve("t.jsonl.3"), "not of the trail\n");
        Files.createDirectory(directory.resolve("t.jsonl.4"));

        assertThat(Predecessor.of(directory.resolve("t.jsonl"))).hasValueSatisfying(before -> {
            assertThat(before.file().getFileName()).hasToString("t.jsonl.2.gz");
            assertThat(before.end().last()).isEqualTo(last);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t-20261122-000000000001.jsonl",
                "t-20261122-000000000001.jsonl.gz",
                "t.jsonl.1",
                "t.jsonl.12.gz",
                "t.1.jsonl",
                "t.jsonl-20261122",
                "t.jsonl-20261122.gz",
                "t.jsonl-2026112218",
                "t.jsonl-20261122-1795370400",
                "t.jsonl-2026-11-22T18:00",
                "t-20261122.jsonl.gz"
            })
    void rotated_files_are_known_by_their_names(String name) throws IOException {
        new TrailBuilder().start().writeTo(directory.resolve(name));

        assertThat(Predecessor.of(directory.resolve("t.jsonl")))
                .hasValueSatisfying(
                        before -> assertThat(before.end().last().seq()).isEqualTo(1));
    }

    @Test
    void of_a_file_and_its_copy_the_plain_one_counts() throws IOException {
        TrailBuilder trail = new TrailBuilder().start().stop();
        List<String> lines = trail.take();
        TrailBuilder.write(directory.resolve("t-20261122-000000000001.jsonl.gz"), lines.subList(0, 1));
        TrailBuilder.write(directory.resolve("t-20261122-000000000001.jsonl"), lines);

        assertThat(Predecessor.of(directory.resolve("t.jsonl")))
                .hasValueSatisfying(
                        before -> assertThat(before.end().last().seq()).isEqualTo(2));
    }

    private static String hashOf(String line) {
        return line.substring(line.length() - 66, line.length() - 2);
    }
}
