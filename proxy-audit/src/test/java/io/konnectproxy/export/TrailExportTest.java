package io.konnectproxy.export;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.report.Period;
import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.TrailPlace;
import io.konnectproxy.trail.Trails;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrailExportTest {
    @TempDir
    private Path directory;

    private record Exported(List<String> lines, List<String> troubles) {}

    private Exported exported(ExportFormat format, Period period, VerificationKey... keys) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Trails trails = Trails.of(List.of(TrailPlace.of(directory)))) {
            List<String> troubles = new TrailExport(format, period, List.of(keys))
                    .of(trails, out).stream().map(TrailExport.Lack::sentence).toList();
            return new Exported(out.toString(US_ASCII).lines().toList(), troubles);
        }
    }

    private List<String> write(String name, TrailBuilder trail) throws IOException {
        List<String> lines = List.copyOf(trail.take());
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        TrailBuilder.write(file, lines);
        return lines;
    }

    @Test
    void lines_of_many_trails_are_written_as_they_are_trail_after_trail() throws Exception {
        TrailBuilder one = new TrailBuilder().of("111111111111").start().configuration("start");
        List<String> begin = write("a/000000000001.jsonl.gz", one);
        List<String> end =
                write("a/000000000003.jsonl", one.configuration("segment").stop());
        List<String> other = write(
                "b/x.jsonl",
                new TrailBuilder()
                        .of("222222222222")
                        .start()
                        .configuration("start")
                        .stop());

        Exported exported = exported(ExportFormat.LINES, Period.ALL);

        assertThat(exported.troubles()).isEmpty();
        assertThat(exported.lines())
                .containsExactlyElementsOf(
                        Stream.of(begin, end, other).flatMap(List::stream).toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"OCSF", "ECS"})
    void every_line_is_an_event_with_the_name_of_its_proxy(ExportFormat format) throws Exception {
        Files.writeString(directory.resolve("trail.jsonl"), EveryLine.trail());

        Exported exported = exported(format, Period.ALL);

        assertThat(exported.troubles()).isEmpty();
        assertThat(exported.lines()).hasSameSizeAs(EveryLine.trail().lines().toList());
        String started = EveryLine.trail()
                .lines()
                .filter(line -> line.contains("\"event\":\"start\""))
                .findFirst()
                .orElseThrow();
        String instance = started.replaceFirst(".*\"instance\":\"([^\"]*)\".*", "$1");
        assertThat(exported.lines())
                .contains(LineFormat.valueOf(format.name()).of(started, instance))
                .last()
                .asString()
                .contains(instance);
    }

    @Test
    void lines_that_only_a_checkpoint_of_the_archive_knows_are_named() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        TrailBuilder trail = new TrailBuilder().of("111111111111").start().configuration("start");
        write("edge-1/111111111111/000000000001.jsonl", trail);
        List<String> lost = List.copyOf(trail.drain().drain().checkpoint(keys).take());
        Path checkpoint = directory.resolve("edge-1/111111111111/checkpoints/000000000005.jsonl");
        Files.createDirectories(checkpoint.getParent());
        Files.writeString(checkpoint, lost.get(2) + "\n");

        Exported exported = exported(ExportFormat.LINES, Period.ALL);

        assertThat(exported.lines()).hasSize(2);
        assertThat(exported.troubles()).singleElement().asString().contains("the lines 3 to 5", "not here");
    }

    @Test
    void a_period_leaves_lines_out_and_verifies_all() throws Exception {
        TrailBuilder trail = new TrailBuilder();
        List<String> lines =
                write("t.jsonl", trail.start().configuration("start").drain().stop());
        Instant third = Instant.parse(lines.get(2).replaceFirst(".*\"time\":\"([^\"]*)\".*", "$1"));

        assertThat(exported(ExportFormat.LINES, new Period(Optional.of(third), Optional.empty()))
                        .lines())
                .containsExactly(lines.get(2), lines.get(3));
        assertThat(exported(ExportFormat.LINES, new Period(Optional.empty(), Optional.of(third)))
                        .lines())
                .containsExactly(lines.get(0), lines.get(1));

        Files.writeString(
                directory.resolve("t.jsonl"), String.join("\n", lines).replaceFirst("0\\.1\\.0", "9.1.0") + "\n");
        Exported edited = exported(ExportFormat.LINES, new Period(Optional.of(third), Optional.empty()));
        assertThat(edited.lines()).isEmpty();
        assertThat(edited.troubles()).singleElement().asString().contains("t.jsonl:1", "Nothing of it is exported.");
    }

    /** How the second trail of three is damaged; what is exported of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a line was edited       | 2 | b/t.jsonl:3: ",
                "a line was removed      | 2 | b/t.jsonl:3: ",
                "a line was put in       | 2 | b/t.jsonl:3: ",
                "two lines were swapped  | 2 | b/t.jsonl:3: ",
                "the last line is torn   | 4 | b/t.jsonl:5: ",
                "a line is no JSON       | 2 | b/t.jsonl:3: "
            })
    void what_comes_before_a_defect_is_exported_and_the_other_trails(String damage, int kept, String place)
            throws Exception {
        TrailBuilder trail = new TrailBuilder().of("222222222222").start().configuration("start");
        trail.refused("1", "10.0.0.8", "evil.example:443", "host_not_konnect")
                .drain()
                .stop();
        List<String> lines = new java.util.ArrayList<>(trail.take());
        List<String> whole = List.copyOf(lines);
        switch (damage) {
            case "a line was edited" -> lines.set(2, lines.get(2).replace("evil", "kong"));
            case "a line was removed" -> lines.remove(2);
            case "a line was put in" -> lines.add(2, lines.get(0));
            case "two lines were swapped" -> lines.add(2, lines.remove(3));
            case "a line is no JSON" -> lines.set(2, "{}");
            default -> lines.set(4, lines.get(4).substring(0, 40));
        }
        Files.createDirectories(directory.resolve("b"));
        boolean torn = damage.contains("torn");
        Files.writeString(directory.resolve("b/t.jsonl"), String.join("\n", lines) + (torn ? "" : "\n"));
        List<String> before = write(
                "a/t.jsonl",
                new TrailBuilder()
                        .of("111111111111")
                        .start()
                        .configuration("start")
                        .stop());
        List<String> after = write(
                "c/t.jsonl",
                new TrailBuilder()
                        .of("333333333333")
                        .start()
                        .configuration("start")
                        .stop());

        Exported exported = exported(ExportFormat.LINES, Period.ALL);

        assertThat(exported.lines())
                .containsExactlyInAnyOrderElementsOf(Stream.of(before, whole.subList(0, kept), after)
                        .flatMap(List::stream)
                        .toList());
        assertThat(exported.troubles())
                .singleElement()
                .asString()
                .startsWith("Trail 222222222222 of proxy-1 is broken at ")
                .contains(place)
                .endsWith("The export has its lines up to number " + kept + ", and none after it.");
    }

    @Test
    void a_signature_of_another_key_ends_the_export() throws Exception {
        TrailBuilder trail = new TrailBuilder()
                .start()
                .configuration("start")
                .checkpoint(TrailBuilder.newKeys())
                .stop();
        List<String> lines = write("t.jsonl", trail);
        Path key = directory.resolveSibling(directory.getFileName() + ".pub");
        Files.writeString(
                key,
                "-----BEGIN PUBLIC KEY-----\n"
                        + java.util.Base64.getEncoder()
                                .encodeToString(
                                        TrailBuilder.newKeys().getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");

        assertThat(exported(ExportFormat.LINES, Period.ALL).troubles()).isEmpty();
        Exported other = exported(ExportFormat.LINES, Period.ALL, VerificationKey.read(key));
        assertThat(other.lines()).isEqualTo(lines.subList(0, 2));
        assertThat(other.troubles()).singleElement().asString().contains("up to number 2");
    }

    /** The chain is whole, and the line is one that this version does not understand. */
    @Test
    void a_line_that_cannot_be_read_is_left_out_and_named() throws Exception {
        TrailBuilder trail = new TrailBuilder()
                .start()
                .configuration("start")
                .event("decision", "\"verdict\":\"maybe\"")
                .stop();
        List<String> lines = write("t.jsonl", trail);

        Exported exported = exported(ExportFormat.ECS, Period.ALL);

        assertThat(exported.lines()).hasSize(3);
        assertThat(exported.troubles())
                .singleElement()
                .asString()
                .contains("has 1 line that could not be read", "t.jsonl:3: ");
        assertThat(lines).hasSize(4);
    }

    @Test
    void output_that_fails_ends_the_export() throws Exception {
        write("t.jsonl", new TrailBuilder().start().configuration("start").stop());
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("no space left on device");
            }
        };

        try (Trails trails = Trails.of(List.of(TrailPlace.of(directory)))) {
            TrailExport export = new TrailExport(ExportFormat.OCSF, Period.ALL, List.of());
            assertThatIOException().isThrownBy(() -> export.of(trails, full)).withMessage("no space left on device");
        }
    }
}
