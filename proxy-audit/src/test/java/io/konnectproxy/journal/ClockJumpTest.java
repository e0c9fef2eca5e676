package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a wrong clock does to files that are kept for a while, and to files that are begun each day: nothing. */
class ClockJumpTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Rotation KEEP_A_MONTH =
            new Rotation(Optional.of(1L), false, false, Optional.empty(), Optional.of(MONTH), Optional.empty());
    private static final Rotation DAILY =
            new Rotation(Optional.empty(), true, false, Optional.empty(), Optional.empty(), Optional.empty());

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting("The clock jumped from ");

    @TempDir
    private Path directory;

    private final Clock clock = new Clock();

    /** A clock that can be set, and the time that really passes. */
    private static final class Clock {
        /** Long ago, so that a file that has the time of the test's machine is never too old. */
        private Instant now = Instant.parse("2022-11-22T12:00:00Z");

        private long nanos = 17;

        synchronized void pass(Duration time) {
            now = now.plus(time);
            nanos += time.toNanos();
        }

        synchronized void jump(Duration by) {
            now = now.plus(by);
        }

        synchronized Instant now() {
            return now;
        }

        synchronized long nanos() {
            return nanos;
        }
    }

    private final class Run implements AutoCloseable {
        private final Journal journal;

        Run(Rotation rotation) throws Exception {
            AuditSettings audit = Audits.rotating(file(), rotation);
            LinkedBlockingQueue<Journal.Waiting> queue = new LinkedBlockingQueue<>(1_000);
            journal = Journal.on(
                    AuditFile.open(
                            file(),
                            "proxy-1",
                            audit,
                            new Clocks(clock::now, clock::nanos),
                            record -> queue.add(new Journal.Waiting(record))),
                    Mirrors.open("proxy-1", false, List.of()),
                    OnFailure.REFUSE,
                    Optional.empty(),
                    queue,
                    clock::now);
            journal.record(Records.configured(Occasion.START, clock.now()))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            takeTime();
        }

        void line() throws Exception {
            journal.record(Records.permitted("x", clock.now()))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            takeTime();
        }

        @Override
        public void close() {
            journal.close();
            // It has begun one more file.
            takeTime();
        }
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private List<Path> finished() {
        try {
            return Trails.named(directory, "audit-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines() throws Exception {
        List<Path> files = new ArrayList<>(finished());
        files.sort(Comparator.comparing(file -> file.toString().replaceAll(".*-", "")));
        files.add(file());
        return Trails.lines(files.toArray(Path[]::new));
    }

    private List<String> jumps() throws Exception {
        return lines().stream()
                .filter(line -> line.contains("\"event\":\"clock\"") && !line.contains("\"repeated\""))
                .toList();
    }

    static Stream<Arguments> jumps_while_it_runs() {
        return Stream.of(
                arguments("a year forward", List.of(YEAR)),
                arguments("a year back", List.of(YEAR.negated())),
                arguments("forward and back", List.of(YEAR, YEAR.negated())),
                arguments("back and forward", List.of(YEAR.negated(), YEAR)),
                arguments("to and fro", List.of(YEAR, YEAR.negated(), YEAR, YEAR.negated(), YEAR)),
                arguments("twice forward", List.of(YEAR, YEAR)),
                arguments("a battery that is empty", List.of(Duration.ofDays(-365 * 56), Duration.ofDays(365 * 56))));
    }

    /** Each jump is a line, and whatever rotates, no file goes because of it. Once time has really passed they are gone. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("jumps_while_it_runs")
    void no_file_is_removed_because_of_a_jump(String name, List<Duration> jumps) throws Exception {
        try (Run run = new Run(KEEP_A_MONTH)) {
            for (int day = 0; day < 5; day++) {
                clock.pass(Duration.ofDays(1));
                run.line();
            }
            for (Duration jump : jumps) {
                clock.jump(jump);
                run.line();
                clock.pass(Duration.ofHours(1));
                run.line();
            }
            tidied(run);
        }
        assertThat(jumps()).as("in lines from the first on").hasSize(jumps.size());
        try (Run again = new Run(KEEP_A_MONTH)) {
            tidied(again);
        }
        assertThat(jumps()).as("in lines from the first on").hasSize(jumps.size());
        try (Run last = new Run(KEEP_A_MONTH)) {
            awaitEndOfAll(last);
        }
    }

    /** What is old without any doubt is the last file that is looked at. */
    private void tidied(Run run) throws Exception {
        Path old = directory.resolve("audit-19600101-000000000000.jsonl");
        Files.setLastModifiedTime(Files.createFile(old), FileTime.from(Instant.parse("1960-01-01T00:00:00Z")));
        run.line();
        Await.until("the files were tidied", () -> Files.notExists(old) && says("\"" + old.getFileName() + "\""));
        takeTime();
    }

    /** The file has the time of the test's clock. While another one begins, there is none for a moment. */
    private void takeTime() {
        Await.until("there is a current file", () -> {
            try {
                Files.setLastModifiedTime(file(), FileTime.from(clock.now()));
                return true;
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Months later all are gone that there are. */
    private void awaitEndOfAll(Run run) throws Exception {
        List<Path> all = finished();
        for (int month = 0; month < 2; month++) {
            // The first finds files that have the time of the test's machine.
            clock.pass(MONTH.plusHours(1));
            run.line();
            run.line();
        }
        Await.until("what is older than a month is gone", () -> all.stream().noneMatch(Files::exists));
    }

    private boolean says(String text) {
        return Stream.concat(finished().stream(), Stream.of(file()))
                .map(ClockJumpTest::content)
                .anyMatch(content -> content.contains(text));
    }

    /** Empty for what was renamed or removed since the names were read. */
    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    static Stream<Arguments> starts() {
        Consumer<Clock> none = clock -> {};
        return Stream.of(
                arguments("the clock is a year ahead", (Consumer<Clock>) clock -> clock.jump(YEAR), 1),
                arguments("the clock is a year behind", (Consumer<Clock>) clock -> clock.jump(YEAR.negated()), 1),
                arguments("the machine was off for a month", (Consumer<Clock>) clock -> clock.pass(MONTH), 1),
                arguments(
                        "the machine was off for a day", (Consumer<Clock>) clock -> clock.pass(Duration.ofDays(1)), 0),
                arguments("the same second", none, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starts")
    void no_start_removes_what_the_trail_has_not_seen_growing_old(String name, Consumer<Clock> meanwhile, int said)
            throws Exception {
        try (Run run = new Run(KEEP_A_MONTH)) {
            for (int day = 0; day < 5; day++) {
                clock.pass(Duration.ofDays(1));
                run.line();
            }
        }
        int before = finished().size();
        meanwhile.accept(clock);
        for (int start = 0; start < 3; start++) {
            try (Run run = new Run(KEEP_A_MONTH)) {
                tidied(run);
                clock.pass(Duration.ofHours(1));
            }
        }
        assertThat(finished()).hasSizeGreaterThan(before);
        assertThat(jumps()).hasSize(said);

        try (Run run = new Run(KEEP_A_MONTH)) {
            awaitEndOfAll(run);
        }
    }

    @Test
    void a_jump_is_told_with_what_was_expected_and_each_later_file_repeats_it() throws Exception {
        try (Run run = new Run(KEEP_A_MONTH)) {
            run.line();
            clock.pass(Duration.ofHours(1));
            clock.jump(YEAR);
            run.line();
        }
        assertThat(jumps())
                .singleElement()
                .asString()
                .contains("\"time\":\"2023-11-22T13:00:00.000000Z\",\"event\":\"clock\",\"occasion\":\"running\","
                        + "\"expected\":\"2022-11-22T13:00:00.000000Z\",\"counted\":\"2022-11-22T13:00:00.000000Z\"");
        try (Run run = new Run(KEEP_A_MONTH)) {
            run.line();
        }
        assertThat(jumps()).hasSize(1);
        assertThat(Files.readAllLines(file()).get(1)).contains("\"event\":\"clock\",\"occasion\":\"repeated\"");
    }

    /** The clock of a running proxy goes back after it was a year ahead: the next file begins on the next real day. */
    @Test
    void a_file_ends_with_the_real_day_whatever_the_clock_said_meanwhile() throws Exception {
        try (Run run = new Run(DAILY)) {
            run.line();
            clock.jump(YEAR);
            run.line();
            assertThat(finished()).isEmpty();
            clock.pass(Duration.ofHours(13));
            run.line();
            assertThat(finished()).hasSize(1);
            clock.jump(YEAR.negated());
            run.line();
            assertThat(finished()).hasSize(1);
        }
        try (Run run = new Run(DAILY)) {
            run.line();
            assertThat(finished()).hasSize(1);
            clock.pass(Duration.ofDays(1));
            run.line();
            assertThat(finished()).hasSize(2);
        }
        assertThat(lines()).isNotEmpty();
    }

    /** Where few files are kept, each that a wrong clock begins would push one out. */
    @Test
    void a_clock_that_jumps_to_and_fro_begins_one_file_a_day() throws Exception {
        try (Run run = new Run(DAILY)) {
            for (int hour = 0; hour < 48; hour++) {
                clock.pass(Duration.ofHours(1));
                clock.jump(hour % 2 == 0 ? YEAR : YEAR.negated());
                run.line();
            }
            assertThat(finished()).hasSizeBetween(1, 2);
        }
    }

    /** A trail of an earlier version, whose last file was begun while the clock was wrong. */
    @Test
    void a_file_of_a_false_date_ends_with_the_next_real_day() throws Exception {
        clock.jump(YEAR);
        try (Run run = new Run(DAILY)) {
            run.line();
        }
        clock.jump(YEAR.negated());
        try (Run run = new Run(DAILY)) {
            run.line();
            clock.pass(Duration.ofDays(1));
            run.line();
        }
        assertThat(finished()).hasSize(1);
    }

    @Test
    void a_clock_that_is_set_by_seconds_is_not_worth_a_line() throws Exception {
        try (Run run = new Run(KEEP_A_MONTH)) {
            run.line();
            clock.jump(Duration.ofSeconds(90));
            run.line();
            clock.jump(Duration.ofSeconds(-90));
            run.line();
        }
        assertThat(jumps()).isEmpty();
    }
}
