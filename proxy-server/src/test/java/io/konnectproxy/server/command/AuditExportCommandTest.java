package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.StandInS3;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code audit export} as a shell sees it. */
class AuditExportCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private Path trail = Path.of("");
    private Path output = Path.of("");
    private List<String> lines = List.of();

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void write() {
        TrailBuilder builder = new TrailBuilder().start().configuration("start");
        lines = List.copyOf(builder.refused("2", "10.0.0.8", "evil.example:443", "host_not_konnect")
                .stop()
                .take());
        trail = TrailBuilder.write(directory.resolve("trail.jsonl.gz"), lines);
        output = directory.resolve("export.out");
    }

    private static Ended run(Writer out, String... arguments) {
        StringWriter err = new StringWriter();
        String[] all = Stream.concat(Stream.of("audit", "export"), Arrays.stream(arguments))
                .toArray(String[]::new);
        int code = KonnectProxyCommand.execute(out, new PrintWriter(err), Map.of(), all);
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended export(String... arguments) {
        return run(
                new StringWriter(),
                Stream.concat(Arrays.stream(arguments), Stream.of(trail.toString()))
                        .toArray(String[]::new));
    }

    @Test
    void lines_go_to_standard_output() {
        Ended ended = export("--format", "lines");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines()).containsExactlyElementsOf(lines);
    }

    @ParameterizedTest
    @CsvSource({"lines, '{\"v\":2,'", "ocsf, '{\"class_uid\":6002,'", "ecs, '{\"@timestamp\":'", "parquet, PAR1"})
    void a_file_has_a_beginning_of_its_format_and_is_for_its_owner(String format, String begin) throws IOException {
        Ended ended = export("--format", format, "-o", output.toString());

        assertThat(ended.err() + ended.out()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).startsWith(begin);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
        assertThat(names()).containsExactlyInAnyOrder("trail.jsonl.gz", "export.out");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void a_file_that_exists_is_not_touched_unless_that_is_asked_for() throws IOException {
        Files.writeString(output, "mine");
        Ended ended = export("--format", "lines", "-o", output.toString());

        assertThat(ended.code()).isEqualTo(74);
        assertThat(ended.err()).isEqualTo(output + " exists already; name another file, or replace it with --force.\n");
        assertThat(output).hasContent("mine");

        assertThat(export("--format", "lines", "--force", "-o", output.toString())
                        .code())
                .isZero();
        assertThat(Files.readAllLines(output)).isEqualTo(lines);
    }

    @Test
    void a_symbolic_link_that_leads_nowhere_is_a_file_that_exists() throws IOException {
        Files.createSymbolicLink(output, directory.resolve("elsewhere"));

        assertThat(export("--format", "lines", "-o", output.toString()).code()).isEqualTo(74);
        assertThat(directory.resolve("elsewhere")).doesNotExist();
    }

    /** With {@code --force}, and a name that is not what it seems. */
    @ParameterizedTest
    @ValueSource(strings = {"trail.jsonl.gz", "link", "hard", "empty"})
    void neither_the_trail_nor_what_is_no_file_is_ever_replaced(String name) throws IOException {
        byte[] evidence = Files.readAllBytes(trail);
        Files.createSymbolicLink(directory.resolve("link"), trail);
        Files.createLink(directory.resolve("hard"), trail);
        Path empty = Files.createDirectory(directory.resolve("empty"));

        Ended ended = export(
                "--format",
                "lines",
                "--force",
                "--since",
                "2100-01-01",
                "-o",
                directory.resolve(name).toString());

        assertThat(ended.code()).as(ended.err()).isEqualTo(74);
        assertThat(ended.err()).containsOnlyOnce("\n").contains("name another");
        assertThat(trail).hasBinaryContent(evidence);
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void a_broken_trail_is_exported_up_to_the_defect() throws IOException {
        TrailBuilder.write(
                trail, List.of(lines.get(0), lines.get(1), lines.get(2).replace("evil", "kong"), lines.get(3)));
        Ended ended = export("--format", "lines", "-o", output.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("trail.jsonl.gz:3", "up to number 2, and none after it.");
        assertThat(Files.readAllLines(output)).isEqualTo(lines.subList(0, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--format parquet               | 64 | Parquet needs a file: name it with -o FILE.",
                "--format xml                   | 64 | --format 'xml' is none of lines",
                "-o x                           | 64 | 'konnect-proxy audit export' needs --format FORMAT",
                "--format lines --since soon    | 64 | --since",
                "--format lines --key nowhere   | 1  | nowhere",
                "--format lines -o no/dir/x     | 74 | There is no directory for no/dir/x; create it first.",
                "--format lines --endpoint s3   | 64 | must be like https://s3.corp",
                "--format lines --endpoint http://a:b@s3.corp | 64 | must not have a user or a password in it",
                "--format lines --region ü      | 64 | must be a region, like eu-central-1"
            })
    void wrong_use_is_a_sentence(String arguments, int code, String sentence) {
        Ended ended = export(arguments.split(" ", -1));

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.err()).contains(sentence);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void nothing_to_export_is_a_sentence_and_leaves_no_file() throws IOException {
        Ended ended = run(
                new StringWriter(),
                "--format",
                "ecs",
                "-o",
                output.toString(),
                directory.resolve("nowhere").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("nowhere");
        assertThat(output).doesNotExist();
    }

    @Test
    void an_archive_is_read_as_a_directory_is() throws IOException {
        try (StandInS3 s3 = StandInS3.start()) {
            s3.objects.put(
                    "proxies/proxy-1/00ab12cd34ef/000000000001.jsonl.gz",
                    StandInS3.Stored.of(Files.readAllBytes(trail), Map.of()));
            Ended ended = run(
                    new StringWriter(),
                    "--format",
                    "lines",
                    "--endpoint",
                    s3.endpoint().toString(),
                    "--region",
                    "eu-central-1",
                    "s3://" + StandInS3.BUCKET + "/proxies");

            assertThat(ended.err()).isEmpty();
            assertThat(ended.code()).isZero();
            assertThat(ended.out().lines()).containsExactlyElementsOf(lines);
        }
    }

    /** A second trail that was converted, a directory that is not searched, and what has no lines of a trail anyway. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other/konnect-proxy.jsonl             | crlf | 1 | its lines end in CR LF, so it was converted; verify the original",
                "konnect-proxy-20261130-000000000001.jsonl | hello | 1 | no line of it is one of a trail",
                "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/a | hello | 1 | it is a directory too deep",
                "README                                | hello | 0 | no line of it is one of a trail",
                "trail.jsonl.torn-1                    | hello | 0 | ",
                "konnect-proxy.jsonl.archived          | hello | 0 | ",
                "backup/trail.jsonl                    | copy  | 0 | "
            })
    void what_was_passed_over_is_told_and_is_a_lack_where_it_may_have_lines(
            String name, String content, int code, String why) throws IOException {
        Path place = directory.resolve(name);
        Files.createDirectories(place.getParent());
        String copy = String.join("\n", lines) + "\n";
        Files.writeString(
                place, content.equals("crlf") ? copy.replace("\n", "\r\n") : content.equals("copy") ? copy : content);
        Ended ended = run(new StringWriter(), "--format", "parquet", "-o", output.toString(), directory.toString());

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        if (why == null) {
            assertThat(ended.err()).isEmpty();
        } else {
            assertThat(ended.err()).containsOnlyOnce(" was passed over: " + why).containsOnlyOnce("\n");
            assertThat(ended.err().contains("The export lacks what it may have"))
                    .isEqualTo(code == 1);
        }
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1))
                .containsPattern("konnect_proxy.complete.{1,4}" + (code == 0));
    }

    @Test
    void a_reader_that_goes_away_ends_the_export() {
        Writer gone = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThat(run(gone, "--format", "lines", trail.toString()))
                .extracting(Ended::code, Ended::err)
                .containsExactly(0, "");
    }
}
