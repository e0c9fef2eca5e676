package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import java.io.IOException;

/** A checkpoint of an archive that is still to be read. */
record CheckpointSource(SegmentSource source, ArchiveKey key) {
    /** What cannot be read is a trouble of its trail. */
    ArchivedCheckpoint read() {
        try {
            return ArchivedCheckpoint.read(source, key);
        } catch (IOException e) {
            return ArchivedCheckpoint.unread(source, key, FileWords.unreadable(source.name(), e));
        }
    }
}
