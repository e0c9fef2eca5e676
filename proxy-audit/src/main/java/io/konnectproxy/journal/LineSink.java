package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.trail.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the lines of the trail end up. Only the writer's thread uses it. */
interface LineSink {
    /**
     * Sees to it that lines can be appended: follows a file that was moved away, and begins a new one where that is due.
     *
     * @param last of the last line in the trail
     * @param afterFailure whether the last attempt failed; what can be tried beforehand is then
     * @return whether a new file begins, with nothing in it yet
     * @throws IOException when nothing can be appended now
     */
    boolean prepare(Link last, boolean afterFailure) throws IOException;

    /**
     * Looks at what nobody would notice while nothing is written.
     *
     * @return whether there is news
     * @throws IOException when nothing could be appended now
     */
    boolean watch() throws IOException;

    /** What the trail should repeat behind each configuration. */
    Optional<AuditRecord> repeated(Instant now);

    /** Appends whole lines, as durably as configured. */
    Append append(ByteBuffer lines);

    /** What the trail should say about this place itself, once. */
    List<AuditRecord> news();

    /** The last records are about to come: from now on nothing here causes another one. Any thread. */
    void beginEnd();

    void close() throws IOException;

    /** How messages begin with it, {@code The audit file /var/log/audit.jsonl}. */
    @Override
    String toString();
}
