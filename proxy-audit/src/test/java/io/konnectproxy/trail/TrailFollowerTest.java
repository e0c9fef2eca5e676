package io.konnectproxy.trail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is followed, whatever becomes of the file between two looks. */
class TrailFollowerTest {
    @TempDir
    private Path directory = Path.of("");

    private final TrailBuilder trail = new TrailBuilder();
    private final List<String> notices = new ArrayList<>();
    private Path file = Path.of("");
    private long begun = 1;

    @BeforeEach
    void begin() throws IOException {
        file = Files.createDirectory(directory.resolve("trail")).resolve("audit.jsonl");
    }

    private TrailFollower follow(int last) throws TrailException {
        return TrailFollower.open(file, last, line -> true, notices::add);
    }

    /** Writes so many more lines to the current file. */
    private void lines(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            trail.drain();
        }
        append(trail);
    }

    private void append(TrailBuilder lines) throws IOException {
        Files.write(file, lines.take(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Gives the current file its finished name. */
    private Path finish() throws IOException {
        Path finished = file.resolveSibling("audit-20261122-%012d.jsonl".formatted(begun));
        begun = trail.lastSeq() + 1;
        return Files.move(file, finished);
    }

    private static Path compress(Path plain) throws IOException {
        return TrailBuilder.write(CompressedName.of(plain), Files.readAllLines(plain));
    }

    private static List<Long> numbers(TrailFollower follower) throws TrailException {
        return Stream.generate(() -> next(follower))
                .takeWhile(Optional::isPresent)
                .map(line -> Long.valueOf(line.get().replaceAll(".*\"seq\":(\\d+),.*", "$1")))
                .toList();
    }

    private static Optional<String> next(TrailFollower follower) {
        try {
            return follower.next();
        } catch (TrailException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private enum Fate {
        PLAIN,
        COMPRESSED,
        COMPRESSED_AND_NOT_YET_REMOVED,
        UNDER_A_NAME_OF_LOGROTATE;

        void befalls(Path finished) throws IOException {
            switch (this) {
                case PLAIN -> {}
                case COMPRESSED -> {
                    compress(finished);
                    Files.delete(finished);
                }
                case COMPRESSED_AND_NOT_YET_REMOVED -> compress(finished);
                case UNDER_A_NAME_OF_LOGROTATE -> {
                    String number = finished.toString().endsWith("1.jsonl") ? "2" : "1";
                    Files.move(finished, finished.resolveSibling("audit.jsonl." + number));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void several_rotations_between_two_looks_hide_nothing_and_repeat_nothing(Fate fate) throws Exception {
        lines(3);
        try (TrailFollower follower = follow(1)) {
            assertThat(numbers(follower)).isEqualTo(from(3, 3));
            lines(1);
            Path first = finish();
            lines(2);
            Path second = finish();
            fate.befalls(first);
            fate.befalls(second);
            lines(2);

            assertThat(numbers(follower)).isEqualTo(from(4, 8));
            lines(1);
            assertThat(numbers(follower)).isEqualTo(from(9, 9));
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void a_file_that_was_finished_is_shown_while_the_current_one_is_still_empty() throws Exception {
        lines(3);
        try (TrailFollower follower = follow(0)) {
            finish();
            lines(2);
            finish();
            Files.createFile(file);
            assertThat(numbers(follower)).isEqualTo(from(4, 5));
            assertThat(numbers(follower)).isEmpty();
            lines(2);
            assertThat(numbers(follower)).isEqualTo(from(6, 7));
        }
        assertThat(notices).isEmpty();
    }

    /** As with logrotate: a proxy writes to the former file until it sees the new one. */
    @Test
    void what_comes_to_a_former_file_late_is_shown() throws Exception {
        lines(3);
        try (TrailFollower follower = follow(0)) {
            Path finished = finish();
            Files.createFile(file);
            assertThat(numbers(follower)).isEmpty();
            trail.drain();
            Files.write(finished, trail.take(), StandardOpenOption.APPEND);
            lines(1);
            assertThat(numbers(follower)).isEqualTo(from(4, 5));
        }
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest(name = "lines of the file that was removed: {0}")
    @ValueSource(ints = {1, 2})
    void what_was_removed_before_it_could_be_shown_is_told(int missed) throws Exception {
        lines(3);
        try (TrailFollower follower = follow(0)) {
            lines(1);
            Files.delete(finish());
            lines(missed);
            Files.delete(finish());
            lines(2);
            compress(finish());
            lines(1);

            List<Long> expected = new ArrayList<>(from(4, 4));
            expected.addAll(from(5 + missed, 7 + missed));
            assertThat(numbers(follower)).isEqualTo(expected);
        }
        assertThat(notices)
                .containsExactly(
                        missed == 1
                                ? "Line 5 of the audit trail was removed before it could be shown."
                                : "Lines 5 to 6 of the audit trail were removed before they could be shown.");
    }

    @Test
    void a_trail_that_was_moved_to_another_volume_goes_on() throws Exception {
        lines(3);
        try (TrailFollower follower = follow(1)) {
            assertThat(numbers(follower)).isEqualTo(from(3, 3));
            Path before = Files.move(file.getParent(), directory.resolve("before"));
            assertThat(numbers(follower)).isEmpty();
            Files.createDirectory(file.getParent());
            Files.copy(before.resolve("audit.jsonl"), file);
            lines(1);
            compress(finish());
            lines(2);

            assertThat(numbers(follower)).isEqualTo(from(4, 6));
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void another_trail_in_place_of_the_directory_is_shown_from_its_beginning() throws Exception {
        lines(3);
        try (TrailFollower follower = follow(1)) {
            assertThat(numbers(follower)).isEqualTo(from(3, 3));
            Files.move(file.getParent(), directory.resolve("before"));
            Files.createDirectory(file.getParent());
            TrailBuilder another =
                    new TrailBuilder().later(Duration.ofHours(1)).start().drain();
            another.writeTo(file.resolveSibling("audit-20261122-000000000001.jsonl.gz"));
            append(another.start());

            assertThat(numbers(follower)).isEqualTo(from(1, 3));
            append(another.drain());
            assertThat(numbers(follower)).isEqualTo(from(4, 4));
        }
        assertThat(notices).containsExactly("The audit trail goes back: line 1 comes after line 3.");
    }

    @Test
    void a_backup_that_is_put_in_place_of_the_trail_goes_on_behind_what_was_shown() throws Exception {
        lines(2);
        String hash = trail.lastHash();
        lines(3);
        try (TrailFollower follower = follow(100)) {
            assertThat(numbers(follower)).isEqualTo(from(1, 5));
            List<String> backup = Files.readAllLines(file).subList(0, 2);
            Files.delete(file);
            Files.write(file, backup);
            assertThat(numbers(follower)).isEmpty();
            append(new TrailBuilder().after(2, hash).start().stop());
            assertThat(numbers(follower)).isEqualTo(from(3, 4));
        }
        assertThat(notices).containsExactly("The audit trail goes back: line 3 comes after line 5.");
    }

    @ParameterizedTest(name = "looked at between truncating and going on: {0}")
    @ValueSource(booleans = {true, false})
    void a_file_that_was_truncated_and_went_on_repeats_nothing(boolean lookedAt) throws Exception {
        lines(2);
        String hash = trail.lastHash();
        long whole = Files.size(file);
        lines(2);
        try (TrailFollower follower = follow(100)) {
            assertThat(numbers(follower)).isEqualTo(from(1, 4));
            truncate(whole);
            if (lookedAt) {
                assertThat(numbers(follower)).isEmpty();
            }
            append(new TrailBuilder().after(2, hash).start().stop().stop().drain());
            assertThat(numbers(follower)).isEqualTo(from(3, 6));
        }
        assertThat(notices).containsExactly("The audit trail goes back: line 3 comes after line 4.");
    }

    /** As with logrotate's copytruncate; also where the file has grown beyond what it was before anybody looked. */
    @ParameterizedTest(name = "looked at between truncating and going on: {0}")
    @ValueSource(booleans = {true, false})
    void a_file_that_was_copied_and_emptied_goes_on(boolean lookedAt) throws Exception {
        lines(1);
        finish();
        lines(1);
        try (TrailFollower follower = follow(1)) {
            assertThat(numbers(follower)).isEqualTo(from(2, 2));
            lines(1);
            Files.copy(file, file.resolveSibling("audit.jsonl.1"));
            truncate(0);
            if (lookedAt) {
                assertThat(numbers(follower)).isEqualTo(from(3, 3));
            }
            lines(7);
            assertThat(numbers(follower)).isEqualTo(from(lookedAt ? 4 : 3, 10));
        }
        assertThat(notices).isEmpty();
    }

    private void truncate(long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    @Test
    void lines_of_no_trail_are_shown_as_they_are() throws Exception {
        Files.writeString(file, "first\n");
        try (TrailFollower follower = follow(1)) {
            assertThat(follower.next()).contains("first");
            Files.delete(file);
            Files.writeString(file, "second\n");
            assertThat(follower.next()).contains("second");
            lines(1);
            Files.writeString(file, "third\n", StandardOpenOption.APPEND);
            assertThat(follower.next()).isPresent();
            assertThat(follower.next()).contains("third");
            lines(1);
            assertThat(numbers(follower)).isEqualTo(from(2, 2));
            finish();
            Files.writeString(file, "fourth\n");
            assertThat(follower.next()).contains("fourth");
            assertThat(follower.next()).isEmpty();
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void a_finished_file_that_is_damaged_does_not_end_it() throws Exception {
        lines(3);
        try (TrailFollower follower = follow(0)) {
            finish();
            lines(400);
            Path plain = finish();
            Path packed = compress(plain);
            Files.delete(plain);
            try (FileChannel channel = FileChannel.open(packed, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 2);
            }
            lines(1);
            List<Long> shown = numbers(follower);
            assertThat(shown).startsWith(4L, 5L).endsWith(404L).doesNotHaveDuplicates();
            assertThat(notices)
                    .containsExactly(
                            "A finished file of the audit trail is damaged, and is shown as far as it goes.",
                            "Lines " + (shown.get(shown.size() - 2) + 1)
                                    + " to 403 of the audit trail were removed before they could be shown.");
        }
    }

    @ParameterizedTest(name = "looked at between truncating and going on: {0}")
    @ValueSource(booleans = {true, false})
    void a_torn_end_that_a_start_takes_out_repeats_nothing_and_hides_nothing(boolean lookedAt) throws Exception {
        Files.writeString(file, "first\nsecond\n");
        try (TrailFollower follower = follow(1)) {
            assertThat(follower.next()).contains("second");
            long whole = Files.size(file);
            Files.writeString(file, "to", StandardOpenOption.APPEND);
            assertThat(follower.next()).isEmpty();

            truncate(whole);
            if (lookedAt) {
                assertThat(follower.next()).isEmpty();
            }
            Files.writeString(file, "third\nfourth\n", StandardOpenOption.APPEND);

            assertThat(follower.next()).contains("third");
            assertThat(follower.next()).contains("fourth");
            assertThat(follower.next()).isEmpty();
        }
    }
}
