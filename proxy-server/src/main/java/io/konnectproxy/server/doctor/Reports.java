package io.konnectproxy.server.doctor;

import io.konnectproxy.server.doctor.Diagnosis.Failing;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where the reports of all steps go, one at a time. Thread-safe. */
final class Reports {
    private final Consumer<StepReport> sink;

    Reports(Consumer<StepReport> sink) {
        this.sink = sink;
    }

    /** Runs one step, and reports it. */
    Diagnosis examine(DoctorStep step, Optional<String> subject, String asked, Supplier<Diagnosis> question) {
        long began = System.nanoTime();
        Diagnosis diagnosis;
        try {
            diagnosis = question.get();
        } catch (RuntimeException e) {
            diagnosis = new Failing("Internal error: " + e, "Report it.");
        }
        report(step, subject, asked, diagnosis, System.nanoTime() - began);
        return diagnosis;
    }

    synchronized void report(DoctorStep step, Optional<String> subject, String asked, Diagnosis diagnosis, long nanos) {
        sink.accept(new StepReport(step, subject, asked, diagnosis, Duration.ofNanos(nanos)));
    }
}
