package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files that are finished, and what becomes of them. */
class RotationTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting("/tmp/", "The audit ");

    private static final Optional<Long> SMALL = Optional.of(20_000L);

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T23:59:58Z"));

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private Journal open(Rotation rotation) throws JournalException {
        AuditSettings audit = Audits.rotating(file(), rotation);
        LinkedBlockingQueue<Journal.Waiting> queue = new LinkedBlockingQueue<>(50_000);
        return Journal.on(
                AuditFile.open(file(), "proxy-1", audit, time(), record -> queue.add(new Journal.Waiting(record))),
                Mirrors.open("proxy-1", false, List.of()),
                OnFailure.REFUSE,
                Optional.empty(),
                queue,
                now::get);
    }

    /** The clock never jumps here: whatever it says has passed. */
    private Clocks time() {
        Instant began = now.get();
        return new Clocks(now::get, () -> Duration.between(began, now.get()).toNanos());
    }

    private void record(Journal journal, String id) throws Exception {
        journal.record(Records.permitted(id, now.get())).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Where nothing is archived. */
    private Archiver none() {
        return new Archiver(file(), "proxy-1", Duration.ZERO, now::get);
    }

    private static Rotation bySize(boolean compress, Optional<Integer> keep) {
        return new Rotation(SMALL, false, compress, keep, Optional.empty(), Optional.empty());
    }

    private Path[] all() throws Exception {
        List<Path> files = new ArrayList<>(Trails.named(directory, "audit-"));
        files.add(file());
        return files.toArray(Path[]::new);
    }

    @Test
    void by_size_loses_and_splits_no_line_and_every_file_begins_with_what_is_permitted() throws Exception {
        int writers = 4;
        int each = 400;
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            journal.record(Records.configured(Occasion.START, Optional.empty()));
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String name = writer + "-";
                all.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        journal.record(Records.permitted(name + i))
                                .toCompletableFuture()
                                .join();
                    }
                }));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
        Path[] files = all();
        List<String> lines = Trails.lines(files);
        assertThat(lines.stream().filter(line -> line.contains("\"decision\""))).hasSize(writers * each);
        assertThat(files.length).isBetween(30, 70);
        for (Path file : files) {
            assertThat(Files.size(file)).isLessThan(SMALL.get() + 5 * 700);
            assertThat(Files.readAllLines(file).get(0)).contains("\"event\":\"configuration\"");
        }
        assertThat(files[0].getFileName()).hasToString("audit-20261122-000000000001.jsonl");
    }

    @Test
    void by_day_at_midnight_utc() throws Exception {
        Rotation daily =
                new Rotation(Optional.empty(), true, false, Optional.empty(), Optional.empty(), Optional.empty());
        try (Journal journal = open(daily)) {
            record(journal, "a");
            now.set(Instant.parse("2026-11-23T00:00:00Z"));
            record(journal, "b");
            now.set(Instant.parse("2026-11-23T23:59:59Z"));
            record(journal, "c");
        }
        assertThat(Trails.named(directory, "audit-"))
                .singleElement()
                .satisfies(first -> assertThat(Files.readAllLines(first)).hasSize(1));
        assertThat(Trails.lines(all())).hasSize(3);
    }

    @Test
    void a_file_of_yesterday_is_finished_at_the_next_start() throws Exception {
        Rotation daily =
                new Rotation(Optional.empty(), true, false, Optional.empty(), Optional.empty(), Optional.empty());
        try (Journal journal = open(daily)) {
            record(journal, "a");
        }
        now.set(Instant.parse("2026-11-24T01:00:00Z"));
        try (Journal journal = open(daily)) {
            record(journal, "b");
        }
        assertThat(Trails.named(directory, "audit-"))
                .singleElement()
                .hasToString(
                        directory.resolve("audit-20261122-000000000001.jsonl").toString());
        assertThat(Trails.lines(all())).hasSize(2);
    }

    private void fill(Journal journal, int files) throws Exception {
        for (int i = 0; i < files; i++) {
            for (int j = 0; j < 60; j++) {
                record(journal, "x");
            }
        }
    }

    @Test
    void finished_files_are_compressed_and_still_one_trail() throws Exception {
        try (Journal journal = open(bySize(true, Optional.empty()))) {
            fill(journal, 4);
            Await.until("all are compressed", () -> uncompressed() == 0);
        }
        assertThat(Trails.named(directory, "audit-"))
                .hasSizeGreaterThan(2)
                .allMatch(file -> file.toString().endsWith(".jsonl.gz"))
                .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(Files.getPosixFilePermissions(file())));
        assertThat(Trails.lines(all())).hasSizeGreaterThanOrEqualTo(240);
    }

    private long uncompressed() {
        try {
            return Trails.named(directory, "audit-").stream()
                    .filter(file -> !file.toString().endsWith(".gz"))
                    .count();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void compressing_that_was_interrupted_is_done_again() throws Exception {
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 2);
        }
        Path finished = Trails.named(directory, "audit-").get(0);
        Files.writeString(finished.resolveSibling(finished.getFileName() + ".gz.part"), "half");
        Files.writeString(finished.resolveSibling(finished.getFileName() + ".gz"), "damaged");
        try (Journal journal = open(bySize(true, Optional.empty()))) {
            Await.until("all are compressed", () -> uncompressed() == 0);
            record(journal, "x");
        }
        assertThat(Trails.lines(all())).hasSizeGreaterThan(120);
        assertThat(Trails.named(directory, "audit-"))
                .noneMatch(file -> file.toString().endsWith(".part"));
    }

    @Test
    void the_oldest_are_removed_and_the_trail_says_so() throws Exception {
        try (Journal journal = open(bySize(false, Optional.of(2)))) {
            fill(journal, 5);
            Await.until("two are left", () -> finished() == 2);
            Await.until("it is said", () -> contains("\"event\":\"removed\""));
        }
        assertThat(Trails.named(directory, "audit-").get(0).getFileName().toString())
                .isNotEqualTo("audit-20261122-000000000001.jsonl");
        List<String> left = new ArrayList<>();
        for (Path file : all()) {
            left.addAll(Files.readAllLines(file));
        }
        assertThat(left)
                .anyMatch(line -> line.contains("\"event\":\"removed\",\"file\":\"audit-20261122-")
                        && line.contains("\"reason\":\"audit.rotate.keep is 2\""));
    }

    /** Whoever reads the trail meanwhile, or after a crash in between, finds no hole in what is left. */
    @Test
    void the_oldest_are_removed_first() throws Exception {
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 5);
        }
        List<String> finished = names(Trails.named(directory, "audit-"));
        try (Journal journal = open(bySize(false, Optional.of(1)))) {
            record(journal, "x");
            Await.until("all but one are removed", () -> removed().size() == finished.size() - 1);
        }
        assertThat(removed()).isEqualTo(finished.subList(0, finished.size() - 1));
    }

    @Test
    void what_cannot_be_removed_keeps_what_is_newer() throws Exception {
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 5);
        }
        List<Path> finished = Trails.named(directory, "audit-");
        List<Path> tried = new ArrayList<>();
        log.expecting("The finished files ");
        FinishedFiles files = new FinishedFiles(
                file(),
                bySize(false, Optional.of(1)),
                new TrailTime(time(), Optional.empty()),
                record -> {},
                none(),
                file -> {
                    tried.add(file);
                    throw new AccessDeniedException(file.toString());
                });
        try (files) {
            files.tidy(Duration.ZERO);
            Await.until(
                    "it is told",
                    () -> log.lines().stream()
                            .anyMatch(line -> line.contains("could not be tidied: permission denied")));
        }
        assertThat(tried).containsExactly(finished.get(0));
        assertThat(Trails.named(directory, "audit-")).isEqualTo(finished);
    }

    @Test
    void a_directory_with_the_name_of_a_finished_file_is_none() throws Exception {
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 5);
        }
        List<Path> finished = Trails.named(directory, "audit-");
        Path oldest = Files.createDirectory(directory.resolve("audit-20261122-000000000000.jsonl"));
        Path packed = Files.createDirectory(directory.resolve("audit-20261122-000000000000-2.jsonl.gz"));
        Path link = Files.createSymbolicLink(
                directory.resolve("audit-20261122-000000000000-3.jsonl"),
                Files.createDirectory(directory.resolve("d")));
        Path newest = Files.createDirectory(directory.resolve("audit-20261122-999999999999.jsonl"));
        Files.createFile(newest.resolve("in it"));
        try (Journal journal = open(bySize(true, Optional.of(1)))) {
            record(journal, "x");
            Await.until("all but one are removed", () -> removed().size() == finished.size() - 1);
        }
        assertThat(removed().stream().map(name -> name.replace(".gz", "")).toList())
                .isEqualTo(names(finished.subList(0, finished.size() - 1)));
        assertThat(List.of(oldest, packed, link, newest)).allMatch(Files::isDirectory);
        assertThat(newest.resolve("in it")).exists();
    }

    /** A stop does not wait until a large file is compressed. */
    @Test
    void a_stop_while_a_file_is_compressed_is_no_failure() throws Exception {
        Path large = directory.resolve("audit-20261122-000000000001.jsonl");
        byte[] noise = new byte[1024 * 1024];
        new Random(17).nextBytes(noise);
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int i = 0; i < 64; i++) {
                out.write(noise);
            }
        }
        Path part = directory.resolve(large.getFileName() + ".gz.part");
        FinishedFiles files = new FinishedFiles(
                file(), bySize(true, Optional.empty()), new TrailTime(time(), Optional.empty()), record -> {}, none());
        try (files) {
            files.tidy(Duration.ZERO);
            Await.until("it is being compressed", () -> Files.exists(part));
        }
        // It waits for that, but not for long.
        Await.until("what was begun is gone", () -> Files.notExists(part));
        assertThat(log.lines()).noneMatch(line -> line.contains("WARN") || line.contains("Closed"));
        assertThat(large).exists();
        assertThat(part).doesNotExist();
        assertThat(directory.resolve(large.getFileName() + ".gz")).doesNotExist();
    }

    @Test
    void what_is_removed_has_its_line_though_the_proxy_stops_meanwhile() throws Exception {
        Rotation each =
                new Rotation(Optional.of(1L), false, false, Optional.empty(), Optional.empty(), Optional.empty());
        try (Journal journal = open(each)) {
            for (int i = 0; i < 200; i++) {
                record(journal, "line-" + i);
            }
        }
        List<String> before = names(Trails.named(directory, "audit-"));
        Rotation one = new Rotation(Optional.empty(), false, false, Optional.of(1), Optional.empty(), Optional.empty());
        Journal stopped = Journal.open("proxy-1", Audits.rotating(file(), one));
        Await.until("some are removed", () -> Files.notExists(directory.resolve(before.get(2))));
        stopped.close();
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(names(Trails.named(directory, "audit-")));
        assertThat(removed()).isEqualTo(gone);
    }

    /** As the trail says it, in the order of its lines. */
    private List<String> removed() {
        try {
            return Files.readAllLines(file()).stream()
                    .filter(line -> line.contains("\"event\":\"removed\""))
                    .map(line -> line.replaceAll(".*\"file\":\"([^\"]+)\".*", "$1"))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
    }

    private int finished() {
        try {
            return Trails.named(directory, "audit-").size();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean contains(String text) {
        try {
            for (Path file : all()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            // Removed since the names were read; the next look has those of then.
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_is_too_old_is_removed_and_what_is_not_stays() throws Exception {
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 3);
        }
        List<Path> finished = Trails.named(directory, "audit-");
        Files.setLastModifiedTime(finished.get(0), FileTime.from(now.get().minus(Duration.ofHours(25))));
        for (Path file : finished.subList(1, finished.size())) {
            Files.setLastModifiedTime(file, FileTime.from(now.get().minus(Duration.ofHours(23))));
        }
        Rotation aDay =
                new Rotation(SMALL, false, false, Optional.empty(), Optional.of(Duration.ofDays(1)), Optional.empty());
        try (Journal journal = open(aDay)) {
            record(journal, "x");
            Await.until("it is said", () -> contains("\"reason\":\"audit.rotate.keep-for is 24 hours\""));
        }
        assertThat(Trails.named(directory, "audit-")).isEqualTo(finished.subList(1, finished.size()));
    }

    @Test
    void all_together_take_no_more_than_they_may() throws Exception {
        Rotation little = new Rotation(
                SMALL, false, false, Optional.empty(), Optional.empty(), Optional.of(2 * SMALL.get() + 4_000));
        try (Journal journal = open(little)) {
            fill(journal, 5);
            Await.until("two are left", () -> finished() == 2);
        }
    }

    @Test
    void what_others_put_there_stays() throws Exception {
        List<Path> others = List.of(
                directory.resolve("audit-notes.jsonl"),
                directory.resolve("audit-20261122.jsonl"),
                directory.resolve("audit.jsonl.1"),
                directory.resolve("audit-20261122-000000000001.jsonl.bak"));
        for (Path other : others) {
            Files.writeString(other, "mine");
        }
        try (Journal journal = open(bySize(true, Optional.of(1)))) {
            fill(journal, 4);
            Await.until("one is left", () -> finished() == 1 + 3);
        }
        for (Path other : others) {
            assertThat(other).hasContent("mine");
        }
    }

    /** Not even root may rename a file whose name is as long as a name can be: the finished one would be longer. */
    @Test
    void a_file_that_cannot_be_given_another_name_goes_on_growing() throws Exception {
        Path longest = directory.resolve("a".repeat(240) + ".jsonl");
        AuditSettings audit = Audits.rotating(longest, bySize(false, Optional.empty()));
        LinkedBlockingQueue<Journal.Waiting> queue = new LinkedBlockingQueue<>(50_000);
        try (Journal journal = Journal.on(
                AuditFile.open(longest, "proxy-1", audit, time(), record -> {}),
                Mirrors.open("proxy-1", false, List.of()),
                OnFailure.REFUSE,
                Optional.empty(),
                queue,
                now::get)) {
            fill(journal, 2);
            assertThat(journal.available()).isTrue();
        }
        assertThat(Trails.lines(longest)).hasSize(120);
    }

    /** As where a file system has no inodes left, or no right to make files: the trail is still one that can be written. */
    @Test
    void a_file_that_can_have_no_successor_goes_on_growing_under_its_name() throws Exception {
        Path inTheWay = Files.createDirectory(directory.resolve("audit.jsonl.next"));
        Files.createFile(inTheWay.resolve("file"));
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 2);
            assertThat(journal.available()).isTrue();
            assertThat(journal.lost()).isZero();
        }
        assertThat(Trails.lines(file())).hasSize(120);
        assertThat(Trails.named(directory, "audit-")).isEmpty();
    }

    @Test
    void a_successor_that_a_crash_has_left_is_removed() throws Exception {
        Path next = Files.createFile(directory.resolve("audit.jsonl.next"));
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            assertThat(next).doesNotExist();
            fill(journal, 2);
        }
        assertThat(Trails.lines(all())).hasSizeGreaterThanOrEqualTo(120);
        assertThat(next).doesNotExist();
    }

    @Test
    void a_name_that_is_taken_is_not_overwritten() throws Exception {
        Path taken = directory.resolve("audit-20261122-000000000001.jsonl");
        Files.writeString(taken, "mine");
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 1);
        }
        assertThat(taken).hasContent("mine");
        assertThat(directory.resolve("audit-20261122-000000000001-2.jsonl")).exists();
    }

    /** The number of its first line says which file is older; a date may be later than that of a newer one. */
    @Test
    void the_oldest_are_removed_even_if_the_clock_was_set_back() throws Exception {
        now.set(Instant.parse("2026-11-23T12:00:00Z"));
        try (Journal journal = open(bySize(false, Optional.of(1)))) {
            record(journal, "a");
            now.set(Instant.parse("2026-11-22T12:00:00Z"));
            fill(journal, 4);
            Await.until("one is left", () -> finished() == 1);
        }
        assertThat(Trails.named(directory, "audit-"))
                .singleElement()
                .asString()
                .contains("audit-20261122-")
                .doesNotEndWith("-000000000001.jsonl");
    }

    /** On a full disk nothing can be compressed, and removing is what makes room. */
    @Test
    void the_oldest_are_removed_even_if_they_cannot_be_compressed() throws Exception {
        Path first = directory.resolve("audit-20261122-000000000001.jsonl");
        Files.createFile(Files.createDirectory(directory.resolve(first.getFileName() + ".gz.part"))
                .resolve("in the way"));
        try (Journal journal = open(bySize(true, Optional.of(1)))) {
            fill(journal, 4);
            Await.until("one is left", () -> finished() == 2);
        }
        assertThat(first).doesNotExist();
    }

    @Test
    void a_device_is_not_given_another_name() throws Exception {
        Files.createSymbolicLink(file(), Path.of("/dev/null"));
        try (Journal journal = open(bySize(false, Optional.empty()))) {
            fill(journal, 2);
        }
        assertThat(Files.isSymbolicLink(file())).isTrue();
        assertThat(Trails.named(directory, "audit-")).isEmpty();
        // JUnit would warn of a link that leads out of its directory.
        Files.deleteIfExists(file());
    }
}
