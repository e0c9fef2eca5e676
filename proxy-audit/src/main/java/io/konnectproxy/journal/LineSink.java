package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.trail.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The destination of the trail's lines. Only the writer's thread uses it. */
interface LineSink {
    /**
     * Makes sure that lines can be appended: follows a file that was moved away, and begins a new one where that is
     * due.
     *
     * @param last the last line in the trail
     * @param afterFailure whether the last attempt failed; then the disk is tested first
     * @return whether the file is new and empty
     * @throws IOException when nothing can be appended now
     */
    boolean prepare(Link last, boolean afterFailure) throws IOException;

    /** The next {@link #prepare} notices a file that was moved away, however recently it has looked for it. */
    void lookNext();

    /**
     * Checks what would not be noticed while nothing is written.
     *
     * @return whether {@link #news} has records
     * @throws IOException when nothing could be appended now
     */
    boolean watch() throws IOException;

    /** The record to be repeated after each configuration. */
    Optional<AuditRecord> repeated(Instant now);

    /** Appends whole lines, as durably as configured. */
    Append append(ByteBuffer lines);

    /** From now on these settings decide when a new file begins, which finished ones are removed, and where they are archived. */
    void use(AuditSettings audit);

    /** A checkpoint is in the trail now. */
    default void signed(String checkpoint, Link link) {}

    /** What the archive has counted; empty where there is none. Any thread. */
    default Optional<ArchiveFigures> archived() {
        return Optional.empty();
    }

    /** New records about the destination itself; each is returned once. */
    List<AuditRecord> news();

    /**
     * The last records are about to come: from now on the destination itself causes no further records. Thread-safe.
     */
    void beginEnd();

    void close() throws IOException;

    /** The beginning of messages about it, {@code The audit file /var/log/audit.jsonl}. */
    @Override
    String toString();
}
