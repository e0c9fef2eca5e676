package io.konnectproxy.server.journal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.ByteBuffer;

/**
 * The trail where no file is set. Written past {@link System#out}, which hides errors: what is not out must not count as
 * recorded. One thread.
 */
final class StandardOutput implements LineSink {
    // Not closed: the descriptor belongs to the process.
    private final LineChannel lines =
            new LineChannel(new FileOutputStream(FileDescriptor.out).getChannel(), false, false);

    @Override
    public Append append(ByteBuffer batch) {
        return lines.append(batch);
    }

    @Override
    public boolean isWritable() {
        return false;
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
