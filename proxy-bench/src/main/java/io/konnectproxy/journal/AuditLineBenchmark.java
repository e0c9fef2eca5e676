package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.bench.micro.AuditRecords;
import io.konnectproxy.trail.Link;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One record to its line, bound to the one before and with its hash, ready to be written. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AuditLineBenchmark {
    private final Batch batch = new Batch(Link.NONE);
    private final AuditRecord decision = AuditRecords.decision();
    private final AuditRecord tunnelEnd = AuditRecords.tunnelEnd();
    private final Journal.Waiting nobody = new Journal.Waiting(decision);

    @Benchmark
    public Batch decision() {
        return encoded(decision);
    }

    @Benchmark
    public Batch tunnelEnd() {
        return encoded(tunnelEnd);
    }

    private Batch encoded(AuditRecord record) {
        batch.clear();
        batch.add(nobody, record);
        return batch;
    }
}
