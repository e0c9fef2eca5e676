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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        for (FinishedFile finished : finished()) {
            states.add(new FileState(finished.file(), finished.size(), progress.has(finished), Optional.empty()));
        }
        return states;
    }

    /** The number of the newest checkpoint in the archive. */
    public Optional<Long> checkpoint() {
        return progress.checkpoint().map(NotedCheckpoint::seq);
    }

    /**
     * Archives what is not.
     *
     * @param each is told what came of each file that was pending
     * @throws StoreException if the store takes nothing now; the rest was not tried
     */
    public void push(Consumer<FileState> each) throws IOException, StoreException {
        List<FinishedFile> pending = new ArrayList<>();
        for (FinishedFile finished : finished()) {
            if (!progress.has(finished)) {
                pending.add(finished);
            }
        }
        if (pending.isEmpty()) {
            return;
        }
        try (ObjectWriter store = S3Store.open(archive.url(), archive.store())) {
            ArchivePush push = new ArchivePush(instance, archive, store, progress, InstantSource.system());
            for (FinishedFile finished : pending) {
                each.accept(pushed(push, finished));
            }
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
            return failed(finished, "it cannot be read: " + FileTrouble.of(e).reason());
        }
    }

    private static FileState failed(FinishedFile finished, String why) {
        return new FileState(finished.file(), finished.size(), false, Optional.of(why));
    }

    private List<FinishedFile> finished() throws IOException {
        List<FinishedFile> all = new ArrayList<>();
        for (Path file : Siblings.of(trail)) {
            boolean copy = CompressedName.isCompressed(file) && Files.isRegularFile(CompressedName.plain(file));
            if (!copy && !isFresh(file)) {
                Optional<FinishedFile> finished = FinishedFile.of(file);
                if (finished.isPresent() && !finished.get().isNameless()) {
                    all.add(finished.get());
                }
            }
        }
        all.sort(Comparator.comparingLong(FinishedFile::firstSeq));
        return all;
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
