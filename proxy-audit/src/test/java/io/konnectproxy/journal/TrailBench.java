package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.report.Reports;
import io.konnectproxy.report.TrailReading;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.VerifyResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast the trail is on a disk, beside the disk itself: {@code .ci/audit-bench}. What one line costs wherever it goes is for
 * {@code proxy-bench/micro}. Gives back what it takes in the directory.
 */
public final class TrailBench {
    private static final int ROUNDS = 5;
    private static final int WAITERS = 64;
    private static final int VERIFIED_LINES = 1_000_000;

    private final Path directory;
    private final long nanos;
    private final AuditRecord record = Records.permitted("0d8c2f7a41-1");

    private TrailBench(Path directory, long seconds) {
        this.directory = directory;
        this.nanos = Duration.ofSeconds(seconds).toNanos();
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "audit-bench");
        try {
            new TrailBench(directory, Long.parseLong(arguments[1])).run();
        } finally {
            Files.deleteIfExists(directory.resolve("audit.pem"));
            Files.deleteIfExists(directory);
        }
    }

    private void run() throws Exception {
        System.out.println("Medians of " + ROUNDS + " rounds, lowest and highest in brackets.");
        say("os, lines/s, whatever waits", () -> lines(Durability.OS, false));
        say("os, lines/s, a checkpoint every 1,000", () -> lines(Durability.OS, true));
        say("os, decisions/s, 64 that wait", () -> decisions(Durability.OS, WAITERS));
        say("disk, decisions/s, 64 that wait", () -> decisions(Durability.DISK, WAITERS));
        say("os, decisions/s, one that waits", () -> decisions(Durability.OS, 1));
        say("disk, decisions/s, one that waits", () -> decisions(Durability.DISK, 1));
        say("the disk itself, syncs/s of 500 bytes", this::syncs);
        say("the disk itself, syncs/s of 32,000 bytes", () -> syncs(64 * 500));
        fill();
        say("audit verify, lines/s", this::verified);
        say("audit report, which verifies too, lines/s", this::reported);
        clear();
    }

    private interface Round {
        double perSecond() throws Exception;
    }

    private static void say(String what, Round round) throws Exception {
        round.perSecond();
        double[] found = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            found[i] = round.perSecond();
        }
        Arrays.sort(found);
        System.out.printf("%-42s %,10.0f  [%,.0f .. %,.0f]%n", what, found[ROUNDS / 2], found[0], found[ROUNDS - 1]);
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private Journal open(Durability durability, boolean signed) throws IOException, JournalException {
        Path key = directory.resolve("audit.pem");
        Files.writeString(key, SigningKey.generate().pem(Optional.empty()));
        Signing signing = new Signing(key.toString(), Optional.empty(), Optional.empty(), 1000, Duration.ofMinutes(1));
        return Journal.open(
                "proxy-1",
                new AuditSettings(
                        Optional.of(file().toString()),
                        AuditSettings.Stdout.OFF,
                        OnFailure.REFUSE,
                        durability,
                        Audits.NEVER,
                        signed ? Optional.of(signing) : Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }

    private void clear() throws IOException {
        Files.deleteIfExists(file());
        Files.deleteIfExists(directory.resolve("audit.jsonl.lock"));
    }

    /** Two threads that hand over as much as the queue takes. */
    private double lines(Durability durability, boolean signed) throws Exception {
        AtomicLong written = new AtomicLong();
        Semaphore room = new Semaphore(20_000);
        long begun = System.nanoTime();
        try (Journal journal = open(durability, signed)) {
            together(2, () -> {
                while (System.nanoTime() - begun < nanos) {
                    room.acquireUninterruptibly();
                    var unused = journal.record(record).thenRun(() -> {
                        written.incrementAndGet();
                        room.release();
                    });
                }
            });
        }
        double perSecond = written.get() * 1e9 / (System.nanoTime() - begun);
        clear();
        return perSecond;
    }

    /** As many requests as can be open at once, each with its next only after its line. */
    private double decisions(Durability durability, int waiters) throws Exception {
        AtomicLong written = new AtomicLong();
        long begun = System.nanoTime();
        try (Journal journal = open(durability, false)) {
            together(waiters, () -> {
                while (System.nanoTime() - begun < nanos) {
                    journal.record(record).toCompletableFuture().join();
                    written.incrementAndGet();
                }
            });
        }
        double perSecond = written.get() * 1e9 / (System.nanoTime() - begun);
        clear();
        return perSecond;
    }

    /** What there is to verify. */
    private void fill() throws Exception {
        try (Journal journal = open(Durability.OS, true)) {
            for (int i = 0; i < VERIFIED_LINES; i += 10_000) {
                CompletableFuture<?>[] written = new CompletableFuture<?>[10_000];
                Arrays.setAll(written, each -> journal.record(record).toCompletableFuture());
                CompletableFuture.allOf(written).join();
            }
        }
    }

    private double verified() throws Exception {
        long begun = System.nanoTime();
        VerifyResult result =
                new TrailCheck(List.of(), new TreeMap<>()).run(Segments.of(List.of(file())), (bytes, lines) -> {});
        long lines = ((VerifyResult.Intact) result).extent().lines();
        return lines * 1e9 / (System.nanoTime() - begun);
    }

    private double reported() throws Exception {
        long begun = System.nanoTime();
        TrailReading.ReadReport read = Reports.on(file());
        if (!read.troubles().isEmpty()) {
            throw new IllegalStateException(String.join(" ", read.troubles()));
        }
        return read.report().input().read() * 1e9 / (System.nanoTime() - begun);
    }

    private double syncs() throws IOException {
        return syncs(500);
    }

    private double syncs(int bytes) throws IOException {
        long count = 0;
        long begun = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND)) {
            while (System.nanoTime() - begun < nanos) {
                channel.write(ByteBuffer.allocate(bytes));
                channel.force(false);
                count++;
            }
        }
        clear();
        return count * 1e9 / (System.nanoTime() - begun);
    }

    private static void together(int threads, Runnable each) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(each, "bench");
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
    }
}
