package io.konnectproxy.bench.micro;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Stdout;
import io.konnectproxy.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A decision handed to the journal until it is in the file, as an event loop does it: one at a time, or many that were on the
 * loop in the same turn. What a disk takes and what many threads get out of it is for {@code .ci/audit-bench}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AuditAppendBenchmark {
    private static final int TOGETHER = 64;

    private final AuditRecord record = AuditRecords.decision();
    private final CompletableFuture<?>[] written = new CompletableFuture<?>[TOGETHER];
    private @Nullable Path directory;
    private @Nullable Journal journal;

    /** A file an iteration: it stays small enough for any temporary directory. */
    @Setup(Level.Iteration)
    public void open() throws Exception {
        directory = Files.createTempDirectory("audit-append");
        journal = Journal.open(
                "proxy-1",
                new AuditSettings(
                        Optional.of(file("audit.jsonl").toString()),
                        Stdout.OFF,
                        OnFailure.REFUSE,
                        Durability.OS,
                        new Rotation(
                                Optional.empty(), false, false, Optional.empty(), Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        open(journal).close();
        Files.deleteIfExists(file("audit.jsonl"));
        Files.deleteIfExists(file("audit.jsonl.lock"));
        Files.delete(open(directory));
    }

    @Benchmark
    public @Nullable Void oneWaiter() {
        return open(journal).record(record).toCompletableFuture().join();
    }

    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public @Nullable Void sixtyFourWaiters() {
        Journal trail = open(journal);
        for (int i = 0; i < TOGETHER; i++) {
            written[i] = trail.record(record).toCompletableFuture();
        }
        return CompletableFuture.allOf(written).join();
    }

    private Path file(String name) {
        return open(directory).resolve(name);
    }

    private static <T> T open(@Nullable T opened) {
        return Objects.requireNonNull(opened, "nothing is open between iterations");
    }
}
