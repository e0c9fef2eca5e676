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
 * The trail where no file is configured. It does not use {@link System#out}, which hides errors: a line that was not
 * written must not count as recorded. Not thread-safe.
 */
final class StandardOutput implements LineSink {
    // Not closed: the descriptor belongs to the process.
    private final LineChannel lines = LineChannel.toDevice(new FileOutputStream(FileDescriptor.out).getChannel());

    @Override
    public boolean prepare(Link last, boolean afterFailure) {
        return false;
    }

    @Override
    public void lookNext() {
        // Nobody moves it away.
    }

    @Override
    public boolean watch() {
        return false;
    }

    /** Empty: clock records are repeated only where files are removed by age. */
    @Override
    public Optional<AuditRecord> repeated(Instant now) {
        return Optional.empty();
    }

    @Override
    public Append append(ByteBuffer batch) {
        return lines.append(batch);
    }

    @Override
    public void use(AuditSettings audit) {
        // There are no files.
    }

    @Override
    public List<AuditRecord> news() {
        return List.of();
    }

    @Override
    public void beginEnd() {
        // This destination causes no records.
    }

    @Override
    public void close() {
        // Nothing is buffered.
    }

    @Override
    public String toString() {
        return "Standard output, which is the audit trail,";
    }
}
