package io.konnectproxy.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.NamedPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
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

        assertThat(segments.inOrder())
                .extracting(Segment::name)
                .containsExactly(z.toString(), m.toString(), a.toString());
        assertThat(segments.inOrder()).extracting(Segment::firstSeq).containsExactly(1L, 3L, 5L);
    }

    @Test
    void a_segment_whose_first_line_is_damaged_is_still_one() throws Exception {
        trail.start().writeTo(directory.resolve("a"));
        List<String> lines = new ArrayList<>(trail.drain().stop().start().take());
        lines.set(0, "{}");
        Path damaged = TrailBuilder.write(directory.resolve("b"), lines);

        Segments segments = Segments.of(List.of(directory));

        assertThat(segments.inOrder()).hasSize(2).element(1).isEqualTo(Segment.of(damaged, 2));
        assertThat(check(segments)).isInstanceOfSatisfying(VerifyResult.Broken.class, broken -> {
            assertThat(broken.defect()).isEqualTo(Defect.NOT_A_LINE);
            assertThat(broken.segment()).isEqualTo(damaged.toString());
        });
    }

    @Test
    void a_segment_whose_first_line_was_never_finished_is_the_last_one() throws Exception {
        trail.start().writeTo(directory.resolve("z"));
        Path torn = Files.writeString(directory.resolve("a"), "{\"v\":1,\"seq\":2,\"time\":\"20");
        Path empty = Files.createFile(directory.resolve("b"));

        Segments segments = Segments.of(List.of(directory));

        assertThat(segments.inOrder()).hasSize(2).element(1).isEqualTo(Segment.of(torn, Segment.LAST));
        assertThat(segments.passedOver()).extracting(Segments.PassedOver::name).containsExactly(empty.toString());
        assertThat(check(segments))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        broken -> assertThat(broken.defect()).isEqualTo(Defect.TORN));
    }

    /** A directory that is read while a file gets another name may show it under none, and a file gets two. */
    @Test
    void a_file_that_two_looks_in_a_row_have_missed_is_found() throws Exception {
        Path one = trail.start().writeTo(directory.resolve("t-1.jsonl"));
        Path two = trail.drain().writeTo(directory.resolve("t-2.jsonl"));
        Path three = trail.stop().writeTo(directory.resolve("t-3.jsonl"));
        AtomicInteger looks = new AtomicInteger();
        SegmentSearch search =
                new SegmentSearch(any -> looks.incrementAndGet() > 3 ? List.of(one, two, three) : List.of(one, three));

        search.in(List.of(directory));

        try (Segments segments = search.found(List.of(directory))) {
            assertThat(segments.inOrder())
                    .extracting(Segment::name)
                    .containsExactly(one.toString(), two.toString(), three.toString());
        }
    }

    /** A running proxy may do all of that between the search and the reading. */
    @Test
    void a_file_that_was_renamed_compressed_or_removed_since_it_was_found_is_read_all_the_same() throws Exception {
        Path removed = trail.start().writeTo(directory.resolve("t-1.jsonl"));
        Path packed = trail.drain().writeTo(directory.resolve("t-2.jsonl"));
        Path renamed = trail.stop().writeTo(directory.resolve("t.jsonl"));
        try (Segments segments = Segments.of(List.of(directory))) {
            Files.delete(removed);
            Files.move(packed, directory.resolve("t-2.jsonl.gz"));
            Files.move(renamed, directory.resolve("t-3.jsonl"));
            trail.start().writeTo(renamed);

            assertThat(check(segments))
                    .isInstanceOfSatisfying(
                            VerifyResult.Intact.class,
                            intact -> assertThat(intact.extent().lines()).isEqualTo(3));
        }
    }

    @Test
    void what_is_in_the_making_is_passed_over_and_said() throws Exception {
        Path plain = trail.start().writeTo(directory.resolve("t-1.jsonl"));
        Path part = Files.copy(plain, directory.resolve("t-1.jsonl.gz.part"));
        Path copy = Files.writeString(directory.resolve("t-1.jsonl.gz"), "unfinished");
        trail.stop().writeTo(directory.resolve("t.jsonl"));
        Files.createFile(directory.resolve("t.jsonl.lock"));
        Files.createFile(directory.resolve("t.jsonl.next"));

        try (Segments segments = Segments.of(List.of(directory))) {
            assertThat(segments.passedOver())
                    .containsExactly(
                            new Segments.PassedOver(
                                    copy.toString(),
                                    "it is the compressed copy, perhaps unfinished, of a file beside it",
                                    Segments.PassedOver.Kind.LEFTOVER),
                            new Segments.PassedOver(
                                    part.toString(),
                                    "it is the unfinished compressed copy of a file",
                                    Segments.PassedOver.Kind.LEFTOVER));
            assertThat(check(segments)).isInstanceOf(VerifyResult.Intact.class);
        }
    }

    /** It was open under its old name when it was renamed and compressed. */
    @Test
    void a_copy_is_known_by_its_first_line_too() throws Exception {
        trail.start().drain();
        List<String> lines = trail.take();
        TrailBuilder.write(directory.resolve("t.jsonl"), lines);
        Path copy = TrailBuilder.write(directory.resolve("t-1.jsonl.gz"), lines);

        try (Segments segments = Segments.of(List.of(directory))) {
            assertThat(segments.passedOver())
                    .extracting(Segments.PassedOver::name)
                    .containsExactly(copy.toString());
            assertThat(check(segments)).isInstanceOf(VerifyResult.Intact.class);
        }
    }

    @Test
    void a_pipe_in_the_directory_is_not_waited_for() throws Exception {
        trail.start().writeTo(directory.resolve("t.jsonl"));
        Path pipe = NamedPipe.at(directory.resolve("pipe"));

        try (Segments segments = Segments.of(List.of(directory))) {
            assertThat(segments.passedOver())
                    .containsExactly(new Segments.PassedOver(
                            pipe.toString(), "it is no regular file", Segments.PassedOver.Kind.FOREIGN));
        }
    }

    @Test
    void a_pipe_that_is_named_is_said_to_be_one() throws Exception {
        Path pipe = NamedPipe.at(directory.resolve("pipe"));
        String sentence = pipe + " is a pipe or a device; save what it has to a file first.";

        assertThatThrownBy(() -> Trails.of(List.of(TrailPlace.of(pipe))))
                .isInstanceOf(TrailException.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> TrailFollower.open(pipe, 1, any -> true, any -> {}))
                .isInstanceOf(TrailException.class)
                .hasMessage(sentence);
    }

    @Test
    void a_compressed_file_that_was_cut_off_is_said_to_end_in_the_middle() throws Exception {
        for (int i = 0; i < 100; i++) {
            trail.start().stop();
        }
        Path packed = trail.writeTo(directory.resolve("t.gz"));
        byte[] bytes = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(bytes, bytes.length * 3 / 4));

        assertThat(check(Segments.of(List.of(directory))))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        broken -> assertThat(broken.found()).isEqualTo("it ends in the middle"));
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
            assertThat(broken.segment()).isEqualTo(after.toString());
            assertThat(broken.found()).isEqualTo("seq 5; missing: 3 lines, 2 to 4");
        });
    }

    private static VerifyResult check(Segments segments) throws TrailException {
        return new TrailCheck(List.of(), new TreeMap<>(), Duration.ofMillis(20)).run(segments, (bytes, lines) -> {});
    }
}
