package io.konnectproxy.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                            "it is a link to a directory, which is not followed, because it may lead back"));
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
                            new Segments.PassedOver(whole.toString(), "it is a copy of " + packed),
                            new Segments.PassedOver(earlier.toString(), "it is the beginning of " + packed));
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
                            torn.toString(), "it has the beginning of a line, and nothing says of which trail"));
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
