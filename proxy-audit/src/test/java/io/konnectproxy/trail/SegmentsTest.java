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

/** Which files are a trail, and in which order. */
class SegmentsTest {
    @TempDir
    private Path directory = Path.of("");

    private final TrailBuilder trail = new TrailBuilder();

    @Test
    void their_order_is_that_of_their_lines() throws Exception {
        Path z = trail.start().drain().writeTo(directory.resolve("z"));
        Path m = trail.stop().start().writeTo(directory.resolve("m.gz"));
        Path a = trail.stop().writeTo(directory.resolve("a"));

        Segments segments =
                Segments.of(List.of(a, directory, z, directory.resolve("../" + directory.getFileName() + "/m.gz")));

        assertThat(segments.inOrder()).extracting(Segment::file).containsExactly(z, m, a);
        assertThat(segments.inOrder()).extracting(Segment::firstSeq).containsExactly(1L, 3L, 5L);
    }

    @Test
    void a_segment_whose_first_line_is_damaged_is_still_one() throws Exception {
        trail.start().writeTo(directory.resolve("a"));
        List<String> lines = new ArrayList<>(trail.drain().stop().start().take());
        lines.set(0, "{}");
        Path damaged = TrailBuilder.write(directory.resolve("b"), lines);

        Segments segments = Segments.of(List.of(directory));

        assertThat(segments.inOrder()).hasSize(2).element(1).isEqualTo(new Segment(damaged, 2));
        assertThat(check(segments)).isInstanceOfSatisfying(VerifyResult.Broken.class, broken -> {
            assertThat(broken.defect()).isEqualTo(Defect.NOT_A_LINE);
            assertThat(broken.segment()).isEqualTo(damaged);
        });
    }

    @Test
    void a_segment_whose_first_line_was_never_finished_is_the_last_one() throws Exception {
        trail.start().writeTo(directory.resolve("z"));
        Path torn = Files.writeString(directory.resolve("a"), "{\"v\":1,\"seq\":2,\"time\":\"20");
        Path empty = Files.createFile(directory.resolve("b"));

        Segments segments = Segments.of(List.of(directory));

        assertThat(segments.inOrder()).hasSize(2).element(1).isEqualTo(new Segment(torn, Segment.LAST));
        assertThat(segments.passedOver()).extracting(Segments.PassedOver::file).containsExactly(empty);
        assertThat(check(segments))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        broken -> assertThat(broken.defect()).isEqualTo(Defect.TORN));
    }

    @Test
    void a_name_that_another_file_has_got_meanwhile_is_noticed() throws Exception {
        Path current = trail.start().stop().writeTo(directory.resolve("t.jsonl"));
        Segments segments = Segments.of(List.of(directory));
        Files.move(current, directory.resolve("t.jsonl.1"));
        trail.start().writeTo(current);

        assertThatThrownBy(() -> check(segments))
                .isInstanceOf(TrailException.class)
                .hasMessage(current + " was rotated or compressed while the trail was read; check it once more.");
        Files.delete(current);
        assertThatThrownBy(() -> check(segments))
                .isInstanceOf(TrailException.class)
                .hasMessageContaining("check it once more");
    }

    @Test
    void a_compressed_file_without_a_whole_line_is_said_to_be_unreadable() throws IOException {
        Path packed = trail.start().writeTo(directory.resolve("t.gz"));
        Files.write(packed, Arrays.copyOf(Files.readAllBytes(packed), 30));

        assertThatThrownBy(() -> Segments.of(List.of(directory)))
                .isInstanceOf(TrailException.class)
                .hasMessage(packed + " cannot be read: it is compressed, and cut off before its first line.");
    }

    @Test
    void a_gap_between_runs_of_the_same_trail_is_told_with_its_size() throws Exception {
        trail.start().writeTo(directory.resolve("a"));
        trail.drain().drain().drain().take();
        Path after = trail.stop().writeTo(directory.resolve("b"));

        assertThat(check(Segments.of(List.of(directory)))).isInstanceOfSatisfying(VerifyResult.Broken.class, broken -> {
            assertThat(broken.defect()).isEqualTo(Defect.SEGMENT_MISSING);
            assertThat(broken.segment()).isEqualTo(after);
            assertThat(broken.found()).isEqualTo("seq 5; missing: 3 lines, 2 to 4");
        });
    }

    private static VerifyResult check(Segments segments) throws TrailException {
        return new TrailCheck(List.of(), new TreeMap<>(), (bytes, lines) -> {}, Duration.ofMillis(20)).run(segments);
    }
}
