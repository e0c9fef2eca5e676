package io.konnectproxy.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.StandInS3;
import io.konnectproxy.support.StandInS3.Stored;
import io.konnectproxy.trail.CompressedName;
import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.TrailEnd;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A journal that archives, against a stand-in of S3 over real sockets. */
class ArchiveTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal")
            .expecting(
                    "The archive s3://",
                    "/tmp/",
                    "The audit file /tmp/",
                    "Checkpoint ",
                    "Finished files that are not archived yet: ",
                    "This machine's");

    @TempDir
    private Path directory;

    private StandInS3 s3;
    private Optional<Duration> retainFor = Optional.empty();
    private boolean compress;
    private Optional<Integer> keep = Optional.empty();
    private boolean keepUnarchived = true;
    private String prefix = "/fleet";

    @BeforeEach
    void start() throws IOException {
        s3 = StandInS3.start();
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private Archive archive(URI endpoint) {
        return new Archive(
                BucketUrl.parse("s3://" + StandInS3.BUCKET + prefix),
                new S3Settings(Optional.of(endpoint), Optional.empty(), Optional.empty(), Optional.empty()),
                retainFor,
                true,
                keepUnarchived);
    }

    private AuditSettings settings(Optional<Archive> archive, Optional<Signing> sign) {
        return new AuditSettings(
                Optional.of(file().toString()),
                AuditSettings.Stdout.OFF,
                OnFailure.REFUSE,
                Durability.OS,
                new Rotation(Optional.of(3_000L), false, compress, keep, Optional.empty(), Optional.empty()),
                sign,
                List.of(),
                archive);
    }

    private Journal open() throws JournalException {
        return open(Optional.of(archive(s3.endpoint())));
    }

    private Journal open(Optional<Archive> archive) throws JournalException {
        return Journal.open("edge-1", settings(archive, Optional.empty()));
    }

    /** Lines of about 500 bytes; six of them finish a file. */
    private static void write(Journal journal, int lines) throws Exception {
        for (int i = 0; i < lines; i++) {
            journal.record(Records.permitted("line-" + i)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private List<String> objects() {
        return s3.keys("fleet/");
    }

    private static int pending(Journal journal) {
        return journal.figures().archive().orElseThrow().pending();
    }

    /** All lines of the archive's files, each chained to the one before it. */
    private List<String> archivedLines() throws IOException {
        List<Path> copies = new ArrayList<>();
        Path to = Files.createTempDirectory(directory, "copy");
        for (String key : objects()) {
            if (!key.contains("/checkpoints/")) {
                copies.add(Files.write(
                        to.resolve(key.replace('/', '_')), s3.objects.get(key).bytes()));
            }
        }
        return Trails.lines(copies.toArray(Path[]::new));
    }

    @Test
    void finished_files_are_archived_as_they_are_and_the_last_one_at_a_clean_stop() throws Exception {
        retainFor = Optional.of(Duration.ofDays(400));
        Instant before = Instant.now();
        try (Journal journal = open()) {
            journal.record(Records.configured(Occasion.START, Optional.empty()));
            write(journal, 20);
            Await.until("two files are there", () -> objects().size() >= 2);
        }
        List<Path> finished = Trails.named(directory, "audit-");
        assertThat(finished).hasSizeGreaterThan(2).hasSameSizeAs(objects());
        assertThat(Files.size(file())).isZero();
        for (int i = 0; i < finished.size(); i++) {
            Stored stored = s3.objects.get(objects().get(i));
            Link last = TrailEnd.of(finished.get(i)).last();
            String first = finished.get(i).getFileName().toString().replaceAll("audit-\\d{8}-|\\.jsonl", "");
            assertThat(objects().get(i))
                    .isEqualTo("fleet/edge-1/" + last.trail().orElseThrow() + "/" + first + ".jsonl");
            assertThat(stored.bytes()).isEqualTo(Files.readAllBytes(finished.get(i)));
            assertThat(stored.metadata("first-seq")).isEqualTo(Long.toString(Long.parseLong(first)));
            assertThat(stored.metadata("last-seq")).isEqualTo(Long.toString(last.seq()));
            assertThat(stored.metadata("last-hash")).isEqualTo(last.hash());
            assertThat(stored.headers()).containsEntry("content-type", "application/x-ndjson");
            assertThat(stored.mode()).isEqualTo("COMPLIANCE");
            assertThat(stored.retainUntil().orElseThrow())
                    .isBetween(
                            before.plus(Duration.ofDays(400)).minusSeconds(1),
                            Instant.now().plus(Duration.ofDays(400)));
        }
        try (Journal journal = open()) {
            write(journal, 1);
        }
        assertThat(archivedLines()).hasSizeGreaterThan(20);
    }

    @Test
    void files_are_compressed_before_they_are_archived_and_archived_before_they_are_removed() throws Exception {
        compress = true;
        keep = Optional.of(1);
        s3.answering = new CountDownLatch(1);
        try (Journal journal = open()) {
            write(journal, 20);
            Await.until("a request is there", () -> !s3.requests.isEmpty());
            Await.until("all are compressed", () -> named(".gz").size() >= 3);
            assertThat(named(".gz").size()).isGreaterThan(1);
            s3.answering.countDown();
            Await.until("what is archived is removed", () -> named(".gz").size() == 1 && pending(journal) == 0);
        }
        assertThat(objects()).allMatch(key -> key.endsWith(".jsonl.gz"));
        assertThat(s3.objects.get(objects().get(0)).headers()).containsEntry("content-type", "application/gzip");
        assertThat(archivedLines().stream().filter(line -> line.contains("\"decision\"")))
                .hasSize(20);
    }

    private List<Path> named(String end) {
        try {
            return Trails.named(directory, "audit-").stream()
                    .filter(each -> each.toString().endsWith(end))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    void what_is_finished_while_another_file_is_compressed_is_archived_compressed_too() throws Exception {
        TrailBuilder lines = new TrailBuilder().start();
        for (int i = 0; i < 30_000; i++) {
            lines.permitted("id-" + i, "10.0.0.1", "us.api.konghq.com");
        }
        Path first = directory.resolve("audit-20261121-000000000001.jsonl");
        lines.writeTo(first);
        Archiver archiver = new Archiver(file(), "edge-1", Duration.ZERO, Instant::now);
        archiver.use(Optional.of(archive(s3.endpoint())));
        Rotation compressing =
                new Rotation(Optional.empty(), false, true, Optional.empty(), Optional.empty(), Optional.empty());
        TrailTime time = new TrailTime(Clocks.SYSTEM, Optional.empty());
        try (FinishedFiles files = new FinishedFiles(file(), compressing, time, record -> {}, archiver)) {
            files.tidy(Duration.ZERO);
            Await.until("the first is being compressed", () -> Files.exists(CompressedName.unfinished(first)));
            Path next = directory.resolve(String.format("audit-20261121-%012d.jsonl", lines.lastSeq() + 1));
            lines.stop().writeTo(next);
            // That one is archived sets off the next look.
            Await.until("both are archived", () -> objects().size() == 2);
        }
        archiver.close(Duration.ofSeconds(5));
        assertThat(objects()).allMatch(key -> key.endsWith(".jsonl.gz"));
    }

    @Test
    void files_are_removed_unarchived_where_the_operator_says_so() throws Exception {
        keep = Optional.of(1);
        keepUnarchived = false;
        s3.answering = new CountDownLatch(1);
        try (Journal journal = open()) {
            write(journal, 20);
            Await.until("one is left", () -> named(".jsonl").size() == 1);
            s3.answering.countDown();
        }
        assertThat(archivedLinesAnywhere()).isLessThan(20);
    }

    private long archivedLinesAnywhere() {
        return objects().stream()
                .mapToLong(key -> new String(s3.objects.get(key).bytes(), US_ASCII)
                        .lines()
                        .count())
                .sum();
    }

    @Test
    void a_store_that_fails_is_asked_again_and_nothing_waits_for_it() throws Exception {
        for (int i = 0; i < 100; i++) {
            s3.fail("PUT", 503, "SlowDown");
        }
        try (Journal journal = open()) {
            write(journal, 8);
            Await.until(
                    "it failed", () -> journal.figures().archive().orElseThrow().failures() > 0);
            assertThat(journal.figures().archive().orElseThrow().trouble()).contains("the store is busy (SlowDown)");
            s3.heal();
            Await.until("it is archived", () -> !objects().isEmpty());
            Await.until("it is counted", () -> pending(journal) == 0);
            ArchiveFigures figures = journal.figures().archive().orElseThrow();
            assertThat(figures.objects()).isEqualTo(1);
            assertThat(figures.bytes())
                    .isEqualTo(s3.objects.get(objects().get(0)).bytes().length);
            assertThat(figures.lastSuccess()).isPresent();
            assertThat(figures.trouble()).isEmpty();
        }
        assertThat(log.lines())
                .containsOnlyOnce(
                        "WARN The archive s3://trails/fleet at " + s3.endpoint()
                                + " takes no objects: the store is busy (SlowDown). Finished files wait here, and that is tried again.")
                .containsOnlyOnce("INFO The archive s3://trails/fleet at " + s3.endpoint() + " takes objects again.");
    }

    @Test
    void what_is_left_is_archived_after_the_next_start() throws Exception {
        Archive nowhere = archive(URI.create("http://127.0.0.1:" + FreePort.number()));
        try (Journal journal = open(Optional.of(nowhere))) {
            write(journal, 8);
        }
        assertThat(log.lines())
                .contains("WARN Finished files that are not archived yet: 2. They are archived after the next start.");
        Journal journal = open();
        Await.until("both are archived", () -> objects().size() == 2);
        journal.close();
    }

    @Test
    void a_crash_between_the_request_and_its_note_costs_one_more_request() throws Exception {
        try (Journal journal = open()) {
            write(journal, 8);
        }
        assertThat(objects()).hasSize(2);
        Path progress = directory.resolve("audit.jsonl.archived");
        String noted = Files.readString(progress);
        // The last note is torn, as a crash leaves it.
        Files.writeString(progress, noted.substring(0, noted.length() - 5));
        List<String> before = objects();
        s3.requests.clear();
        open().close();
        assertThat(s3.requests)
                .contains("PUT " + before.get(1), "HEAD " + before.get(1))
                .doesNotContain("PUT " + before.get(0));
        assertThat(Files.readString(progress).lines().filter(line -> line.endsWith("?")))
                .hasSize(1);
        assertNothingOf(before);
        assertThat(log.lines()).noneMatch(line -> line.contains("WARN"));
    }

    /** After another run, which archives nothing but what it wrote itself. */
    private void assertNothingOf(List<String> archived) throws Exception {
        s3.requests.clear();
        open().close();
        for (String key : archived) {
            String stem = key.substring(0, key.indexOf('.'));
            assertThat(s3.requests).noneMatch(request -> request.contains(stem));
        }
    }

    @Test
    void another_proxy_with_the_same_trail_is_named_once_and_hinders_nothing() throws Exception {
        try (Journal journal = open(Optional.empty())) {
            write(journal, 14);
        }
        List<Path> finished = Trails.named(directory, "audit-");
        Link last = TrailEnd.of(finished.get(0)).last();
        String key = "fleet/edge-1/" + last.trail().orElseThrow() + "/000000000001.jsonl";
        s3.objects.put(key, Stored.of("other\n".getBytes(US_ASCII), Map.of("x-amz-meta-last-seq", "3")));
        keep = Optional.of(1);
        try (Journal journal = open()) {
            write(journal, 8);
            Await.until("the others are archived", () -> objects().size() >= 3);
            Await.until("one is left", () -> pending(journal) == 1);
            assertThat(finished.get(0)).exists();
        }
        String sentence = "ERROR " + finished.get(0) + " is not archived: the archive has another object " + key
                + ": another proxy writes the same trail, from a copy of its files, or has the same name.";
        assertThat(log.lines()).containsOnlyOnce(sentence);
        assertThat(s3.objects.get(key).bytes()).hasSize(6);
    }

    @Test
    void files_that_logrotate_renamed_are_archived_too() throws Exception {
        try (Journal journal = open()) {
            write(journal, 2);
            Files.move(file(), directory.resolve("audit.jsonl.1"));
            Audits.awaitLook();
            write(journal, 1);
            Await.until("it is archived", () -> objects().size() == 1);
        }
        assertThat(s3.objects.get(objects().get(0)).bytes())
                .isEqualTo(Files.readAllBytes(directory.resolve("audit.jsonl.1")));
        Files.move(directory.resolve("audit.jsonl.1"), directory.resolve("audit.jsonl.2"));
        assertNothingOf(objects());
    }

    @Test
    void a_file_of_version_1_has_no_place_there_and_waits_for_nothing() throws Exception {
        Path old = directory.resolve("audit-20261121-000000000001.jsonl");
        new TrailBuilder().version1().start().stop().writeTo(old);
        keep = Optional.of(1);
        try (Journal journal = open()) {
            write(journal, 14);
            Await.until("it is removed", () -> !Files.exists(old));
            Await.until("all is archived", () -> pending(journal) == 0);
            assertThat(journal.figures().archive().orElseThrow().failures()).isZero();
        }
        assertThat(log.lines())
                .containsOnlyOnce(
                        "INFO " + old + " is not archived: its lines are of version 1, which has no name of a trail.");
    }

    @Test
    void a_file_of_version_1_stays_until_the_log_says_that_it_is_not_archived() throws Exception {
        Path old = directory.resolve("audit-20261121-000000000001.jsonl");
        new TrailBuilder().version1().start().stop().writeTo(old);
        BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
        Archiver archiver = new Archiver(file(), "edge-1", Duration.ZERO, Instant::now);
        archiver.onArchived(() -> told.add(archiver.lets(old)));
        archiver.use(Optional.of(archive(s3.endpoint())));
        assertThat(archiver.lets(old)).isFalse();
        archiver.offer(List.of(old));
        assertThat(told.poll(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO " + old + " is not archived: "));
        archiver.offer(List.of(old));
        archiver.close(Duration.ofSeconds(5));
        assertThat(told).isEmpty();
    }

    @Test
    void a_file_that_is_emptied_meanwhile_is_not_taken_for_one_of_version_1() throws Exception {
        Path file = directory.resolve("audit-20261121-000000000001.jsonl");
        new TrailBuilder().start().stop().writeTo(file);
        FinishedFile finished = FinishedFile.of(file).orElseThrow();
        Files.write(file, new byte[0]);
        Archive to = archive(s3.endpoint());
        try (S3Store store = S3Store.open(to.url(), to.store())) {
            ArchiveProgress none = ArchiveProgress.none(file(), to.place());
            assertThat(new ArchivePush("edge-1", to, store, none, Instant::now).push(finished))
                    .isEmpty();
        }
    }

    @Test
    void a_file_that_changed_under_its_reader_is_archived_before_the_stop_all_the_same() throws Exception {
        Path file = directory.resolve("audit-20261121-000000000001.jsonl");
        new TrailBuilder().start().stop().writeTo(file);
        s3.answering = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Archiver archiver = new Archiver(file(), "edge-1", Duration.ZERO, Instant::now);
        archiver.onArchived(() -> {
            archiver.offer(List.of(file));
            told.countDown();
        });
        archiver.use(Optional.of(archive(s3.endpoint())));
        archiver.offer(List.of(file));
        Await.until("it is asked whether it is there", () -> !s3.requests.isEmpty());
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        s3.answering.countDown();
        told.await();
        assertThat(objects()).isEmpty();
        archiver.close(Duration.ofSeconds(20));
        assertThat(objects()).hasSize(1);
    }

    @Test
    void what_was_archived_is_not_archived_again_once_it_is_compressed() throws Exception {
        try (Journal journal = open()) {
            write(journal, 8);
        }
        compress = true;
        assertNothingOf(objects());
        assertThat(named(".gz")).hasSizeGreaterThan(1);
    }

    @Test
    void the_newest_checkpoint_is_archived_at_each_interval() throws Exception {
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        Signing each = new Signing(key.toString(), Optional.empty(), Optional.empty(), 1, Duration.ofSeconds(30));
        prefix = "";
        List<String> checkpoints;
        try (Journal journal =
                Journal.open("edge-1", settings(Optional.of(archive(s3.endpoint())), Optional.of(each)))) {
            write(journal, 1);
            Await.until("the first one is there", () -> !s3.keys("edge-1/").isEmpty());
            write(journal, 2);
        }
        checkpoints = s3.keys("edge-1/").stream()
                .filter(name -> name.contains("/checkpoints/"))
                .toList();
        // One at once, and the last one at the stop; those in between came within the interval.
        assertThat(checkpoints).hasSize(2);
        for (String name : checkpoints) {
            byte[] line = s3.objects.get(name).bytes();
            TrailLine read = new TrailLine();
            assertThat(read.read(line, 0, line.length - 1)).isTrue();
            assertThat(read.checkpoint()).isPresent();
            assertThat(line[line.length - 1]).isEqualTo((byte) '\n');
            assertThat(name).endsWith(String.format("/checkpoints/%012d.jsonl", read.seq()));
            assertThat(s3.objects.get(name).metadata("last-hash")).isEqualTo(read.hash());
        }
        try (LineReader lines = LineReader.open(named(".jsonl").get(0))) {
            assertThat(lines.next()).isTrue();
        }
    }

    @Test
    void a_reload_begins_changes_and_ends_it() throws Exception {
        try (Journal journal = open(Optional.empty())) {
            assertThat(journal.figures().archive()).isEmpty();
            write(journal, 8);
            assertThat(journal.change(settings(Optional.of(archive(s3.endpoint())), Optional.empty())))
                    .isTrue();
            Await.until("it is archived", () -> objects().size() == 1);
            prefix = "/elsewhere";
            assertThat(journal.change(settings(Optional.of(archive(s3.endpoint())), Optional.empty())))
                    .isTrue();
            Await.until("it is archived elsewhere", () -> s3.keys("elsewhere/").size() == 1);
            assertThat(journal.change(settings(Optional.empty(), Optional.empty())))
                    .isTrue();
            write(journal, 8);
            assertThat(journal.figures().archive()).isEmpty();
        }
        assertThat(s3.keys("elsewhere/")).hasSize(1);
        assertThat(Files.size(file())).isPositive();
    }

    @Test
    void a_stop_waits_for_a_store_that_hangs_no_longer_than_it_says() throws Exception {
        s3.answering = new CountDownLatch(1);
        Journal journal = open();
        write(journal, 1);
        Archiver archiver = new Archiver(file(), "edge-1", Duration.ZERO, Instant::now);
        archiver.use(Optional.of(archive(s3.endpoint())));
        archiver.offer(List.of(file()));
        Await.until("it is asked", () -> !s3.requests.isEmpty());
        long began = System.nanoTime();
        archiver.close(Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(250), Duration.ofSeconds(15));
        s3.answering.countDown();
        journal.close();
    }

    @Test
    void a_file_that_the_store_refuses_for_itself_holds_back_none_behind_it() throws Exception {
        List<Path> finished = finishedUnarchived();
        for (int i = 0; i < 100; i++) {
            s3.fail("PUT " + key(finished.get(0), ".jsonl"), 400, "EntityTooLarge");
        }
        keep = Optional.of(1);
        try (Journal journal = open()) {
            Await.until("the others are archived", () -> objects().size() == finished.size() - 1);
            Await.until("it was said", () -> log.lines().stream().anyMatch(line -> line.contains("behind all others")));
            assertThat(pending(journal)).isEqualTo(1);
            assertThat(journal.figures().archive().orElseThrow().trouble()).isPresent();
            assertThat(finished.get(0)).exists();
        }
        assertThat(log.lines())
                .containsOnlyOnce(
                        "ERROR " + finished.get(0)
                                + " is not archived: the store answered 400 (EntityTooLarge). It is tried again every 5 minutes, behind all others.");
        s3.heal();
        open().close();
        assertThat(objects()).contains(key(finished.get(0), ".jsonl"));
    }

    private List<Path> finishedUnarchived() throws Exception {
        try (Journal journal = open(Optional.empty())) {
            write(journal, 20);
            // A stop interrupts what is being compressed.
            Await.until("all are compressed", () -> !compress || named(".jsonl").isEmpty());
        }
        return Trails.named(directory, "audit-");
    }

    private static String key(Path finished, String extension) throws IOException {
        FinishedFile file = FinishedFile.of(finished).orElseThrow();
        return String.format("fleet/edge-1/%s/%012d%s", file.trail().orElseThrow(), file.firstSeq(), extension);
    }

    @Test
    void a_store_that_forgets_the_lock_has_not_archived() throws Exception {
        retainFor = Optional.of(Duration.ofDays(1));
        s3.forgetsLocks = true;
        keep = Optional.of(1);
        List<Path> finished = finishedUnarchived();
        try (Journal journal = open()) {
            Await.until(
                    "it failed", () -> journal.figures().archive().orElseThrow().failures() > 0);
            assertThat(journal.figures().archive().orElseThrow().trouble())
                    .hasValueSatisfying(why -> assertThat(why)
                            .contains(" and shows no lock on it as 'retain-for' asks for: it forgets locks"));
            assertThat(pending(journal)).isEqualTo(finished.size());
            assertThat(finished).allMatch(Files::exists);
        }
        assertThat(directory.resolve("audit.jsonl.archived")).doesNotExist();
    }

    @Test
    void a_file_that_is_there_in_its_other_form_is_not_put_again() throws Exception {
        try (Journal journal = open()) {
            write(journal, 8);
        }
        List<String> before = objects();
        Files.delete(directory.resolve("audit.jsonl.archived"));
        compress = true;
        open().close();
        assertThat(objects().stream().filter(each -> before.contains(each.replace(".gz", ""))))
                .isEqualTo(before);
        assertNothingOf(before);
    }

    @Test
    void what_a_hostile_store_says_ends_nothing_and_reaches_no_log() throws Exception {
        List<Path> finished = finishedUnarchived();
        s3.objects.put(key(finished.get(0), ".jsonl"), Stored.of(new byte[1], Map.of()));
        s3.lies.put("last-modified", "evil \u00b1[31m");
        try (Journal journal = open()) {
            Await.until(
                    "it failed", () -> journal.figures().archive().orElseThrow().failures() > 0);
            s3.lies.clear();
            Await.until("the others are archived", () -> objects().size() == finished.size());
        }
        assertThat(log.lines()).noneMatch(line -> line.contains("evil") || line.contains("has ended"));
    }

    @Test
    void a_damaged_file_is_named_and_counts_as_pending() throws Exception {
        compress = true;
        List<Path> finished = finishedUnarchived();
        Files.write(finished.get(0), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
        try (Journal journal = open()) {
            Await.until("the others are archived", () -> objects().size() == finished.size() - 1);
            Await.until("it counts", () -> pending(journal) == 1);
        }
        assertThat(log.lines())
                .filteredOn(line -> line.contains(finished.get(0) + " is not archived: it cannot be read"))
                .hasSize(1);
    }

    @Test
    void many_files_are_not_looked_at_anew_after_each_one() throws Exception {
        List<Path> many = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            Path each = directory.resolve(String.format("audit-20261121-%012d.jsonl", i));
            new TrailBuilder().after(i - 1, "0".repeat(64)).start().writeTo(each);
            many.add(each);
        }
        AtomicInteger told = new AtomicInteger();
        Archiver archiver = new Archiver(file(), "edge-1", Duration.ZERO, Instant::now);
        archiver.onArchived(told::incrementAndGet);
        archiver.use(Optional.of(archive(s3.endpoint())));
        archiver.offer(many);
        Await.until("all are archived", () -> objects().size() == many.size());
        archiver.close(Duration.ofSeconds(5));
        assertThat(told.get()).isBetween(1, 50);
    }

    @Test
    void another_proxy_with_the_same_trail_shows_in_the_other_form_too() throws Exception {
        List<Path> finished = finishedUnarchived();
        String key = key(finished.get(0), ".jsonl.gz");
        s3.objects.put(key, Stored.of(new byte[1], Map.of("x-amz-meta-last-seq", "3")));
        try (Journal journal = open()) {
            Await.until("the others are archived", () -> objects().size() == finished.size());
            Await.until("one is left", () -> pending(journal) == 1);
        }
        assertThat(objects()).doesNotContain(key(finished.get(0), ".jsonl"));
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith(
                        "ERROR " + finished.get(0) + " is not archived: the archive has another object " + key))
                .hasSize(1);
    }

    /** What a stop leaves that was killed between its two renames, or whose directory took no new file. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void a_trail_goes_on_after_a_stop_that_could_not_finish_its_file(boolean compressing, boolean killed)
            throws Exception {
        compress = compressing;
        Path next = directory.resolve("audit.jsonl.next");
        Journal stopped = open();
        write(stopped, 8);
        Files.writeString(next, "in the way");
        stopped.close();
        Files.delete(next);
        assertThat(Files.size(file())).isPositive();
        if (killed) {
            Files.createFile(next);
            Files.move(file(), directory.resolve("audit-20261122-000000000007.jsonl"));
        }
        try (Journal journal = open()) {
            write(journal, 2);
        }
        assertThat(archivedLines().stream().filter(line -> line.contains("\"decision\"")))
                .hasSize(10);
        assertThat(next).doesNotExist();
        assertThat(log.lines()).anyMatch(line -> line.contains("could not be finished: there is a " + next));
    }
}
