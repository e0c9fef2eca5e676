package io.konnectproxy.journal;

import io.konnectproxy.archive.ObjectWriter;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.journal.ArchiveProgress.NotedCheckpoint;
import io.konnectproxy.journal.ArchivePush.UnfitFileException;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.trail.CompressedName;
import io.konnectproxy.trail.Siblings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The finished files of a trail and its archive, for commands: no proxy needs to run, and one that does is not in the way, since
 * the store takes each object once.
 */
public final class TrailArchive {
    /** A file that was renamed a moment ago may still be written to. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final Path trail;
    private final String instance;
    private final Archive archive;
    private final ArchiveProgress progress;

    private TrailArchive(Path trail, String instance, Archive archive, ArchiveProgress progress) {
        this.trail = trail;
        this.instance = instance;
        this.archive = archive;
        this.progress = progress;
    }

    /**
     * A finished file.
     *
     * @param trouble why it is not archived, as half a sentence; empty if it is, or was not tried
     */
    public record FileState(Path file, long bytes, boolean archived, Optional<String> trouble) {}

    /**
     * Reads what is archived of a trail.
     *
     * @param trail the current file
     * @throws IOException if what is archived cannot be read
     */
    public static TrailArchive of(Path trail, String instance, Archive archive) throws IOException {
        Path absolute = trail.toAbsolutePath().normalize();
        return new TrailArchive(absolute, instance, archive, ArchiveProgress.read(absolute, archive.place()));
    }

    /** All finished files, the oldest first. The store is not asked. */
    public List<FileState> status() throws IOException {
        List<FileState> states = new ArrayList<>();
        for (FinishedFile finished : finished(states::add)) {
            states.add(state(finished));
        }
        return states;
    }

    private FileState state(FinishedFile finished) {
        try {
            return new FileState(finished.file(), finished.size(), progress.has(finished), Optional.empty());
        } catch (IOException e) {
            return failed(finished, unreadable(e));
        }
    }

    /** The number of the newest checkpoint in the archive. */
    public Optional<Long> checkpoint() {
        return progress.checkpoint().map(NotedCheckpoint::seq);
    }

    /**
     * Archives what is not.
     *
     * @param each is told what came of each file that was pending
     * @throws StoreException if the store fails for two files in a row, or for all; the rest was not tried
     */
    public void push(Consumer<FileState> each) throws IOException, StoreException {
        List<FinishedFile> pending = finished(each).stream()
                .filter(finished -> !state(finished).archived())
                .toList();
        if (pending.isEmpty()) {
            return;
        }
        try (ObjectWriter store = S3Store.open(archive.url(), archive.store())) {
            ArchivePush push = new ArchivePush(instance, archive, store, progress, InstantSource.system());
            push(push, pending, each);
        }
    }

    /** One failure may be the file's own: that shows with the next one. */
    private static void push(ArchivePush push, List<FinishedFile> pending, Consumer<FileState> each)
            throws StoreException {
        Map<FinishedFile, StoreException> failed = new LinkedHashMap<>();
        boolean taken = false;
        for (FinishedFile finished : pending) {
            try {
                FileState state = pushed(push, finished);
                if (state.archived()) {
                    taken = true;
                    failed.forEach((file, e) -> each.accept(failed(file, String.valueOf(e.getMessage()))));
                    failed.clear();
                }
                each.accept(state);
            } catch (StoreException e) {
                failed.put(finished, e);
                if (failed.size() > 1) {
                    throw e;
                }
            }
        }
        for (Map.Entry<FinishedFile, StoreException> left : failed.entrySet()) {
            if (!taken) {
                throw left.getValue();
            }
            each.accept(failed(left.getKey(), String.valueOf(left.getValue().getMessage())));
        }
    }

    private static FileState pushed(ArchivePush push, FinishedFile finished) throws StoreException {
        try {
            return push.push(finished).isPresent()
                    ? new FileState(finished.file(), finished.size(), true, Optional.empty())
                    : failed(finished, "it changed meanwhile; try again");
        } catch (UnfitFileException e) {
            return failed(finished, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed(finished, unreadable(e));
        }
    }

    private static String unreadable(IOException e) {
        return "it cannot be read: " + FileTrouble.of(e).reason();
    }

    private static FileState failed(FinishedFile finished, String why) {
        return new FileState(finished.file(), finished.size(), false, Optional.of(why));
    }

    private List<FinishedFile> finished(Consumer<FileState> unreadable) throws IOException {
        List<FinishedFile> all = new ArrayList<>();
        for (Path file : Siblings.of(trail)) {
            if (!CompressedName.isCopy(file) && !isFresh(file)) {
                try {
                    FinishedFile.of(file).filter(TrailArchive::hasPlace).ifPresent(all::add);
                } catch (NoSuchFileException e) {
                    // It was removed or compressed meanwhile.
                } catch (IOException e) {
                    unreadable.accept(new FileState(file, Files.size(file), false, Optional.of(unreadable(e))));
                }
            }
        }
        all.sort(Comparator.comparingLong(FinishedFile::firstSeq));
        return all;
    }

    /** What cannot be read to its end shows when it is put. */
    private static boolean hasPlace(FinishedFile finished) {
        try {
            return !finished.isNameless();
        } catch (IOException e) {
            return true;
        }
    }

    /** Names of the proxy's own are given once nothing is written any more. */
    private boolean isFresh(Path file) throws IOException {
        boolean own = SegmentName.finishedNames(String.valueOf(trail.getFileName()))
                .matcher(String.valueOf(file.getFileName()))
                .matches();
        return !own
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isAfter(Instant.now().minus(SETTLED));
    }
}
