package io.konnectproxy.journal;

import io.konnectproxy.journal.ArchiveProgress.NotedCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What is known of the archive in force. The archiver's thread replaces it, and all others read it.
 *
 * @param progress empty where there is no archive
 * @param nameless files that it has no place for, each of which the log names
 */
record ArchiveStand(Optional<ArchiveProgress> progress, Set<FinishedFile> nameless, ArchiveFigures figures) {
    static final ArchiveStand NONE = new ArchiveStand(Optional.empty(), Set.of(), ArchiveFigures.NONE);

    static ArchiveStand of(ArchiveProgress progress) {
        return new ArchiveStand(Optional.of(progress), Set.of(), ArchiveFigures.NONE);
    }

    ArchiveStand with(Set<FinishedFile> nameless) {
        return new ArchiveStand(progress, nameless, figures);
    }

    /** @param pending the finished files that are still to be archived */
    ArchiveStand with(UnaryOperator<ArchiveFigures> change, int pending) {
        Optional<Long> seq = progress.flatMap(ArchiveProgress::checkpoint).map(NotedCheckpoint::seq);
        return new ArchiveStand(progress, nameless, change.apply(figures).with(pending, seq));
    }

    /** Whether nothing of this file is missing in the archive. */
    boolean lets(Path finished) {
        if (progress.isEmpty()) {
            return false;
        }
        try {
            Optional<FinishedFile> file = FinishedFile.of(finished);
            // What is no file of a trail waits for nothing. What has no place in the archive waits until the log says
            // so.
            return file.isEmpty() || progress.get().has(file.get()) || nameless.contains(file.get());
        } catch (IOException e) {
            return false;
        }
    }
}
