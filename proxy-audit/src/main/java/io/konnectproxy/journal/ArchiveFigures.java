package io.konnectproxy.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * What the archiver has counted.
 *
 * @param pending finished files that are not archived
 * @param objects put since the start
 * @param bytes of these objects
 * @param failures attempts that failed since the start
 * @param lastSuccess when an object was last put
 * @param trouble why the last attempt failed, as half a sentence; empty if it did not
 * @param checkpoint the number of the newest checkpoint that is archived
 */
public record ArchiveFigures(
        int pending,
        long objects,
        long bytes,
        long failures,
        Optional<Instant> lastSuccess,
        Optional<String> trouble,
        Optional<Long> checkpoint) {
    static final ArchiveFigures NONE =
            new ArchiveFigures(0, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());

    ArchiveFigures put(long more, Instant now, boolean well) {
        return new ArchiveFigures(
                pending,
                objects + 1,
                bytes + more,
                failures,
                Optional.of(now),
                well ? Optional.empty() : trouble,
                checkpoint);
    }

    ArchiveFigures failed(String why) {
        return new ArchiveFigures(pending, objects, bytes, failures + 1, lastSuccess, Optional.of(why), checkpoint);
    }

    ArchiveFigures with(int nowPending, Optional<Long> nowCheckpoint) {
        return new ArchiveFigures(nowPending, objects, bytes, failures, lastSuccess, trouble, nowCheckpoint);
    }
}
