package io.konnectproxy.server.doctor;

import io.konnectproxy.archive.ObjectWriter;
import io.konnectproxy.archive.ObjectWriter.BucketFacts;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import java.time.Duration;
import java.util.Optional;

/** The bucket of the archive: credentials, region, Object Lock, and the clock. Nothing is written. */
final class ArchiveStep {
    /** S3 refuses requests whose time is further off. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(15);

    private static final Duration TOLERATED = Duration.ofMinutes(1);
    private static final String UNWRITTEN =
            " Nothing was written: whether objects may be put shows with the first one.";

    private final Examination examination;

    ArchiveStep(Examination examination) {
        this.examination = examination;
    }

    void run() {
        examination
                .configuration()
                .audit()
                .archive()
                .ifPresent(archive -> examination.examine(
                        DoctorStep.ARCHIVE,
                        Optional.of(archive.place()),
                        "The bucket of the archive, and its Object Lock",
                        () -> ask(archive)));
    }

    private static Diagnosis ask(Archive archive) {
        try (ObjectWriter store = S3Store.open(archive.url(), archive.store())) {
            return judge(archive, store.facts(), store.clockAhead());
        } catch (StoreException e) {
            return new Failing(
                    "The archive cannot be used: " + e.getMessage() + ".",
                    "Correct audit.archive, or what it names. Finished files stay here until they are archived.");
        }
    }

    static Diagnosis judge(Archive archive, BucketFacts facts, Duration ahead) {
        if (ahead.abs().compareTo(TOLERATED) > 0) {
            String came = "This machine's clock is " + ahead.abs().toMinutes() + " minutes "
                    + (ahead.isNegative() ? "behind" : "ahead of") + " the store's.";
            String next = "Set the clock, and keep it right with NTP (timedatectl, chronyc tracking).";
            return ahead.abs().compareTo(MOST_SKEW) < 0 ? new Doubtful(came, next) : new Failing(came, next);
        }
        String there = "The bucket answers"
                + facts.region().map(region -> " in region " + region).orElse("");
        if (archive.retainFor().isEmpty()) {
            return new Fine(there + "." + UNWRITTEN);
        }
        if (facts.lock().isEmpty()) {
            return new Doubtful(
                    there + ". Whether it has Object Lock may not be asked." + UNWRITTEN,
                    "Give the credentials s3:GetBucketObjectLockConfiguration on the bucket, or look for yourself: without"
                            + " Object Lock every object with audit.archive.retain-for is refused.");
        }
        return switch (facts.lock().get()) {
            case ENABLED ->
                new Fine(there
                        + ", and has Object Lock. Nothing was written: whether objects may be put, and are locked then, shows"
                        + " with the first one.");
            case ABSENT ->
                new Failing(
                        there
                                + ", and has no Object Lock, which audit.archive.retain-for asks for: every object will be"
                                + " refused.",
                        "Enable Object Lock for the bucket, or take another bucket; or leave audit.archive.retain-for out.");
            case UNKNOWN_TO_STORE ->
                new Failing(
                        there + ", and its store knows no Object Lock, which audit.archive.retain-for asks for.",
                        "Leave audit.archive.retain-for out, or take another store.");
        };
    }
}
