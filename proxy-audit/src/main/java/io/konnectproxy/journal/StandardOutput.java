package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.trail.Link;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The trail where no file is set. Written past {@link System#out}, which hides errors: what is not out must not count as
 * recorded. One thread.
 */
final class StandardOutput implements LineSink {
    // Not closed: the descriptor belongs to the process.
    private final LineChannel lines = LineChannel.toDevice(new FileOutputStream(FileDescriptor.out).getChannel());

    @Override
    public boolean prepare(Link last, boolean afterFailure) {
        return false;
    }

    @Override
    public boolean watch() {
        return false;
    }

    /** Nothing is ever removed of it. */
    @Override
    public Optional<AuditRecord> repeated(Instant now) {
        return Optional.empty();
    }

    @Override
    public Append append(ByteBuffer batch) {
        return lines.append(batch);
    }

    @Override
    public List<AuditRecord> news() {
        return List.of();
    }

    @Override
    public void beginEnd() {
        // Nothing here causes records.
    }

    @Override
    public void close() {
        // Nothing is held back here.
    }

    @Override
    public String toString() {
        return "Standard output, which is the audit trail,";
    }
}
