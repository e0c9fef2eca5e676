package io.konnectproxy.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the lines of the trail end up. Only the writer's thread uses it. */
interface LineSink {
    /** Appends whole lines; tries again whatever went wrong before. */
    Append append(ByteBuffer lines);

    /** Whether lines could be appended now; asked during an outage when no records come that would show it. */
    boolean isWritable();

    void close() throws IOException;

    /** How messages begin with it, {@code The audit file /var/log/audit.jsonl}. */
    @Override
    String toString();
}
