package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which trails there are in some places, and which file is of which. */
class TrailsTest {
    private static final String ONE = "00ab12cd34ef";
    private static final String OTHER = "ffffffffffff";

    @TempDir
    private Path directory = Path.of("");

    private final TrailBuilder trail = new TrailBuilder();

    @Test
    void two_trails_of_one_directory_are_two() throws Exception {
        Path a = trail.start().drain().writeTo(directory.resolve("a"));
        Path b = trail.configuration("segment").writeTo(directory.resolve("b"));
        Path c = new TrailBuilder().later(Duration.ofDays(1)).of(OTHER).start().writeTo(directory.resolve("c"));

        try (Trails trails = trails(directory)) {
            assertThat(trails.all())
                    .extracting(Trail::id)
                    .extracting(id -> id.orElse(""))
                    .containsExactly(ONE, OTHER);
            assertThat(trails.all())
                    .extracting(one -> one.instance().orElse(""))
                    .containsOnly("proxy-1");
            assertThat(names(trails.all().get(0))).containsExactly(a.toString(), b.toString());
            assertThat(names(trails.all().get(1))).containsExactly(c.toString());
            for (Trail one : trails.all()) {
                assertThat(check(one)).isInstanceOf(VerifyResult.Intact.class);
            }
        }
    }

    @Test
    void a_directory_is_searched_with_those_below_it() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("cluster/edge-1"));
        Path b = trail.start().writeTo(deep.resolve("b.gz"));
        Path a = trail.stop().writeTo(directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("again"), directory);

        try (Trails trails = trails(directory)) {
            assertThat(trails.all()).hasSize(1);
            assertThat(names(trails.all().get(0))).containsExactly(b.toString(), a.toString());
            assertThat(trails.passedOver())
                    .containsExactly(new Segments.PassedOver(
                            directory.resolve("again").toString(),
                            "it is a link to a directory, which is not followed, because it may lead back",
                            Segments.PassedOver.Kind.FOREIGN));
        }
    }

    @Test
    void the_same_file_twice_is_read_once_and_the_other_is_named() throws Exception {
        List<String> lines = trail.start().drain().drain().take();
        Path whole = TrailBuilder.write(directory.resolve("t.jsonl"), lines);
        Path below = Files.createDirectory(directory.resolve("backup"));
        Path earlier = TrailBuilder.write(below.resolve("t.jsonl"), lines.subList(0, 2));
        Path packed =
                TrailBuilder.write(Files.createDirectory(below.resolve("b")).resolve("t-1.jsonl.gz"), lines);

        try (Trails trails = trails(below, directory)) {
            assertThat(trails.all()).hasSize(1);
            assertThat(((VerifyResult.Intact) check(trails.all().get(0)))
                            .extent()
                            .lines())
                    .isEqualTo(3);
            assertThat(trails.passedOver())
                    .containsExactlyInAnyOrder(
                            new Segments.PassedOver(
                                    whole.toString(), "it is a copy of " + packed, Segments.PassedOver.Kind.LEFTOVER),
                            new Segments.PassedOver(
                                    earlier.toString(),
                                    "it is the beginning of " + packed,
                                    Segments.PassedOver.Kind.LEFTOVER));
        }
    }

    @Test
    void two_files_of_one_number_that_differ_are_a_defect_that_names_both() throws Exception {
        TrailBuilder.write(directory.resolve("a"), trail.start().drain().take());
        Path below = Files.createDirectory(directory.resolve("below"));
        Path b = TrailBuilder.write(
                below.resolve("b"), new TrailBuilder().start().stop().take());

        try (Trails trails = trails(directory)) {
            assertThat(check(trails.all().get(0))).isInstanceOfSatisfying(VerifyResult.Broken.class, broken -> {
                assertThat(broken.defect()).isEqualTo(Defect.TWO_FILES);
                assertThat(broken.expected()).isEqualTo("one file that begins with line 1");
                assertThat(broken.found()).isEqualTo(directory.resolve("a") + " and " + b);
            });
        }
    }

    @Test
    void a_damaged_copy_is_no_copy() throws Exception {
        List<String> lines = trail.start().drain().drain().take();
        TrailBuilder.write(directory.resolve("a"), lines);
        Path packed = TrailBuilder.write(
                Files.createDirectory(directory.resolve("below")).resolve("b.gz"), lines);
        byte[] bytes = Files.readAllBytes(packed);
        bytes[bytes.length - 5] ^= 1;
        Files.write(packed, bytes);

        try (Trails trails = trails(directory)) {
            assertThat(check(trails.all().get(0)))
                    .isInstanceOfSatisfying(
                            VerifyResult.Broken.class,
                            broken -> assertThat(broken.defect()).isEqualTo(Defect.TWO_FILES));
        }
    }

    @Test
    void version_1_goes_on_as_the_trail_beside_it() throws Exception {
        trail.version1().start().writeTo(directory.resolve("a"));
        trail.drain().writeTo(directory.resolve("b.gz"));
        trail.of(OTHER).start().writeTo(directory.resolve("c"));
        new TrailBuilder().start().writeTo(directory.resolve("d"));

        try (Trails trails = trails(directory)) {
            assertThat(trails.all()).hasSize(2);
            Trail joined = trails.all().stream()
                    .filter(one -> one.id().equals(java.util.Optional.of(OTHER)))
                    .findFirst()
                    .orElseThrow();
            assertThat(joined.segments().inOrder()).hasSize(3);
            assertThat(check(joined)).isInstanceOf(VerifyResult.Intact.class);
        }
    }

    @Test
    void a_cut_between_version_1_and_what_goes_on_from_it_is_a_defect() throws Exception {
        List<String> lines = trail.version1().start().drain().take();
        TrailBuilder.write(directory.resolve("a"), lines.subList(0, 1));
        trail.of(OTHER).start().writeTo(directory.resolve("c"));

        try (Trails trails = trails(directory)) {
            assertThat(trails.all()).hasSize(1);
            assertThat(check(trails.all().get(0)))
                    .isInstanceOfSatisfying(
                            VerifyResult.Broken.class,
                            broken -> assertThat(broken.defect()).isEqualTo(Defect.SEGMENT_MISSING));
        }
    }

    @Test
    void version_1_in_two_directories_is_two_trails() throws Exception {
        for (String name : List.of("one", "two")) {
            new TrailBuilder()
                    .version1()
                    .later(Duration.ofHours(name.length() + name.charAt(0)))
                    .start()
                    .stop()
                    .writeTo(Files.createDirectory(directory.resolve(name)).resolve("t.jsonl"));
        }

        try (Trails trails = trails(directory)) {
            assertThat(trails.all())
                    .hasSize(2)
                    .allMatch(one -> one.id().isEmpty() && one.instance().isEmpty());
        }
    }

    @Test
    void the_instance_is_what_the_newest_file_says() throws Exception {
        trail.start().writeTo(directory.resolve("a"));
        String renamed = trail.configuration("segment").take().get(0);
        TrailBuilder.write(directory.resolve("b"), List.of(renamed.replace("proxy-1", "edge-9")));

        try (Trails trails = trails(directory)) {
            assertThat(trails.all().get(0).instance()).contains("edge-9");
        }
    }

    @Test
    void a_file_that_ends_in_its_first_line_is_of_the_trail_beside_it() throws Exception {
        trail.start().writeTo(directory.resolve("a"));
        Path torn = Files.writeString(directory.resolve("b"), "{\"v\":2,\"tra");

        try (Trails trails = trails(directory)) {
            assertThat(names(trails.all().get(0))).endsWith(torn.toString());
        }
        new TrailBuilder().of(OTHER).start().writeTo(directory.resolve("c"));
        try (Trails trails = trails(directory)) {
            assertThat(trails.passedOver())
                    .containsExactly(new Segments.PassedOver(
                            torn.toString(),
                            "it has the beginning of a line, and nothing says of which trail",
                            Segments.PassedOver.Kind.FOREIGN));
        }
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    /** What may become of a file of a trail. */
    private static byte[] content(String what) throws IOException {
        String lines =
                String.join("\n", new TrailBuilder().of(OTHER).start().stop().take()) + "\n";
        byte[] noise = new byte[4_000];
        new Random(7).nextBytes(noise);
        noise[0] = 0;
        return switch (what) {
            case "CR LF" -> lines.replace("\n", "\r\n").getBytes(UTF_8);
            case "CR LF, compressed" -> gzipped(lines.replace("\n", "\r\n").getBytes(UTF_8));
            case "UTF-16" -> lines.getBytes(UTF_16);
            case "indented" -> lines.replace("{\"v\"", "  {\"v\"").getBytes(UTF_8);
            case "noise" -> noise;
            case "text" -> "hello\n".getBytes(UTF_8);
            default -> new byte[0];
        };
    }

    @ParameterizedTest(name = "{1} with {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "CR LF             | konnect-proxy-20261130-000000000001.jsonl      | UNREAD",
                "CR LF, compressed | konnect-proxy-20261130-000000000001.jsonl.gz   | UNREAD",
                "UTF-16            | konnect-proxy-20261130-000000000001.jsonl      | UNREAD",
                "indented          | konnect-proxy-20261130-000000000001-2.jsonl    | UNREAD",
                "noise             | konnect-proxy-20261130-000000000001.jsonl      | UNREAD",
                "noise             | konnect-proxy-20261130-000000000001.jsonl.gz   | UNREAD",
                "nothing           | konnect-proxy-20261130-000000000001.jsonl      | UNREAD",
                "nothing           | konnect-proxy-20261130-000000000001.jsonl.gz   | UNREAD",
                "text              | edge-20261130-000000000001.log                 | UNREAD",
                "noise             | edge-1/00ab12cd34ef/000000000001.jsonl.gz      | UNREAD",
                "nothing           | edge-1/00ab12cd34ef/000000000001.jsonl         | UNREAD",
                "CR LF             | konnect-proxy.jsonl                            | UNREAD",
                "UTF-16            | konnect-proxy.jsonl.1                          | UNREAD",
                "CR LF             | edge.jsonl                                     | UNREAD",
                "nothing           | konnect-proxy.jsonl                            | FOREIGN",
                "CR LF             | extract.txt                                    | FOREIGN",
                "text              | README                                         | FOREIGN",
                "text              | events.jsonl                                   | FOREIGN",
                "text              | edge-1/notes/000000000001.jsonl                | FOREIGN",
                "text              | konnect-proxy.jsonl.archived                   | LEFTOVER",
                "text              | konnect-proxy.jsonl.torn-20261130T000000Z      | LEFTOVER",
                "noise             | konnect-proxy-20261130-000000000001.jsonl.gz.part | LEFTOVER"
            })
    void what_is_passed_over_may_have_lines_by_its_name(String content, String name, Segments.PassedOver.Kind kind)
            throws Exception {
        trail.start().stop().writeTo(directory.resolve("intact"));
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content(content));

        try (Trails trails = trails(directory)) {
            assertThat(trails.all()).hasSize(1);
            assertThat(trails.passedOver()).singleElement().satisfies(place -> {
                assertThat(place.name()).isEqualTo(file.toString());
                assertThat(place.kind()).isEqualTo(kind);
                assertThat(place.why().contains("its lines end in CR LF, so it was converted; verify the original"))
                        .isEqualTo(content.startsWith("CR LF"));
            });
        }
    }

    @Test
    void a_directory_that_is_not_searched_may_have_lines() throws Exception {
        trail.start().stop().writeTo(directory.resolve("intact"));
        Path deep = directory.resolve("d/".repeat(17));
        Files.createDirectories(deep);
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, Set.of());
        // Root may read anything.
        boolean readable = Files.isReadable(closed);

        try (Trails trails = trails(directory)) {
            assertThat(trails.passedOver(Segments.PassedOver.Kind.UNREAD))
                    .extracting(Segments.PassedOver::sentence)
                    .contains(deep + " was passed over: it is a directory too deep.")
                    .hasSize(readable ? 1 : 2);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void a_converted_file_alone_is_said_to_be_one() throws Exception {
        Path converted = Files.write(directory.resolve("crlf.jsonl"), content("CR LF"));

        for (Path place : List.of(converted, directory)) {
            assertThatThrownBy(() -> trails(place))
                    .isInstanceOf(TrailException.class)
                    .hasMessage("There is no line of an audit trail in " + place + ". " + converted
                            + " was passed over: its lines end in CR LF, so it was converted; verify the original.");
        }
    }

    @Test
    void without_a_line_in_any_place_it_is_one_sentence() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThatThrownBy(() -> trails(empty))
                .isInstanceOf(TrailException.class)
                .hasMessage("There is no line of an audit trail in " + empty + ".");
        assertThatThrownBy(() -> trails(empty, directory.resolve("none")))
                .isInstanceOf(TrailException.class)
                .hasMessage("There is no file " + directory.resolve("none") + ".");
    }

    private static Trails trails(Path... places) throws TrailException {
        return Trails.of(Arrays.stream(places).map(TrailPlace::of).toList());
    }

    private static List<String> names(Trail trail) {
        List<String> names = new ArrayList<>();
        trail.segments().inOrder().forEach(segment -> names.add(segment.name()));
        return names;
    }

    private static VerifyResult check(Trail trail) throws TrailException {
        return new TrailCheck(List.of(), new TreeMap<>(), Duration.ofMillis(20))
                .run(trail.segments(), (bytes, lines) -> {});
    }
}
