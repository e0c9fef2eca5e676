package io.konnectproxy.journal;

import io.konnectproxy.archive.ArchiveKey;
import io.konnectproxy.archive.NewObject;
import io.konnectproxy.archive.ObjectWriter;
import io.konnectproxy.archive.ObjectWriter.Retention;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.StoreException.Kind;
import io.konnectproxy.journal.ArchiveProgress.ArchivedFile;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.trail.CompressedName;
import io.konnectproxy.trail.Link;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts finished files and checkpoints into the bucket, and never over what is there. Not thread-safe. */
final class ArchivePush {
    private static final Logger LOG = LoggerFactory.getLogger(ArchivePush.class);
    private static final String LINES = "application/x-ndjson";
    private static final String COMPRESSED = "application/gzip";

    private final String instance;
    private final Archive archive;
    private final ObjectWriter store;
    private final ArchiveProgress progress;
    private final InstantSource clock;
    /** Whether the store has shown a lock that it was asked for. */
    private boolean lockShown;

    private final ByteBuffer block = ByteBuffer.allocate(256 * 1024);

    ArchivePush(String instance, Archive archive, ObjectWriter store, ArchiveProgress progress, InstantSource clock) {
        this.instance = instance;
        this.archive = archive;
        this.store = store;
        this.progress = progress;
        this.clock = clock;
    }

    /** The file itself is why it is not in the archive: the store and the other files are well. The message is half a sentence. */
    static final class UnfitFileException extends Exception {
        private static final long serialVersionUID = 1;

        UnfitFileException(String why) {
            super(why);
        }
    }

    /**
     * Archives a file. It may be renamed, compressed or removed meanwhile.
     *
     * @return bytes of its object; empty if it changed meanwhile, and must be looked at anew
     * @throws UnfitFileException if another object has its name, or it has none
     */
    Optional<Long> push(FinishedFile finished) throws StoreException, UnfitFileException, IOException {
        try (FileChannel bytes = FileChannel.open(finished.file())) {
            Link last = finished.last();
            if (last.trail().isEmpty()) {
                if (!finished.isUnchanged()) {
                    return Optional.empty();
                }
                throw new UnfitFileException("its lines are of version 1, which has no name of a trail");
            }
            long size = finished.size();
            if (size > NewObject.MAX_SIZE) {
                throw new UnfitFileException("it has more than 5 GiB, the most that one object has");
            }
            String trail = last.trail().get();
            Map<String, String> metadata = Map.of(
                    "first-seq", Long.toString(finished.firstSeq()),
                    "last-seq", Long.toString(last.seq()),
                    "last-hash", last.hash());
            if (isThereInOtherForm(key(finished, trail, otherKind(finished)), metadata)) {
                note(() -> progress.add(new ArchivedFile(trail, finished.firstSeq(), last.seq(), size)));
                return Optional.of(size);
            }
            String sha256 = sha256(bytes, size);
            if (bytes.size() != size || !finished.isUnchanged()) {
                return Optional.empty();
            }
            String key = key(finished, trail, kind(finished));
            put(new NewObject(key, type(finished), size, sha256, metadata, retention(), () -> stream(bytes)));
            note(() -> progress.add(new ArchivedFile(trail, finished.firstSeq(), last.seq(), size)));
            return Optional.of(size);
        }
    }

    /**
     * Archives a checkpoint: its line, with its line feed.
     *
     * @return bytes of its object
     */
    long push(SignedLine checkpoint) throws StoreException, UnfitFileException {
        Link link = checkpoint.link();
        String trail = link.trail().orElseThrow();
        byte[] line = (checkpoint.text() + "\n").getBytes(StandardCharsets.US_ASCII);
        Map<String, String> metadata = Map.of(
                "first-seq", Long.toString(link.seq()),
                "last-seq", Long.toString(link.seq()),
                "last-hash", link.hash());
        String key = key(new ArchiveKey(instance, trail, ArchiveKey.Kind.CHECKPOINT, link.seq()));
        put(NewObject.of(key, LINES, line, metadata, retention()));
        note(() -> progress.add(new ArchiveProgress.NotedCheckpoint(trail, link.seq())));
        return line.length;
    }

    @FunctionalInterface
    private interface Noting {
        void make() throws IOException;
    }

    private void note(Noting note) {
        try {
            note.make();
        } catch (IOException e) {
            LOG.warn(
                    "What is archived could not be noted beside the trail: {}. After the next start the archive is asked for it.",
                    FileTrouble.of(e).reason());
        }
    }

    /** A checkpoint as it stands in the trail, without its line feed. */
    record SignedLine(String text, Link link) {}

    /** What is there already is fine if it is the same: a crash came between the request and the note of its success. */
    private void put(NewObject object) throws StoreException, UnfitFileException {
        try {
            store.put(object);
        } catch (StoreException e) {
            if (e.kind() != Kind.TAKEN) {
                throw e;
            }
            requireOurs(object.key(), object.metadata(), there(object));
        }
        requireLock(object);
    }

    /** A lock is not believed from the answer to a PUT: a store that knows none may ignore that it was asked for. */
    private void requireLock(NewObject object) throws StoreException {
        if (object.retention().isEmpty() || lockShown) {
            return;
        }
        Optional<Retention> shown = store.retention(object.key());
        boolean compliance = object.retention().get().compliance();
        if (shown.isEmpty()
                || (compliance && !shown.get().compliance())
                || !shown.get().until().isAfter(clock.instant())) {
            throw new StoreException(
                    Kind.REFUSED,
                    "the store has " + object.key()
                            + " and shows no lock on it as 'retain-for' asks for: it forgets locks, or"
                            + " the credentials lack s3:GetObjectRetention");
        }
        lockShown = true;
    }

    /** Somebody may have compressed the file after it was put and before that was noted, and both forms have the same lines. */
    private boolean isThereInOtherForm(String key, Map<String, String> metadata)
            throws StoreException, UnfitFileException {
        Optional<Map<String, String>> there;
        try {
            there = store.metadata(key);
        } catch (StoreException e) {
            if (e.kind() == Kind.REFUSED) {
                // Rights to put are enough to go on.
                return false;
            }
            throw e;
        }
        if (there.isPresent()) {
            requireOurs(key, metadata, there.get());
        }
        return there.isPresent();
    }

    private static void requireOurs(String key, Map<String, String> ours, Map<String, String> there)
            throws UnfitFileException {
        if (!ours.get("last-seq").equals(there.get("last-seq"))
                || !ours.get("last-hash").equals(there.get("last-hash"))) {
            throw new UnfitFileException("the archive has another object " + key
                    + ": another proxy writes the same trail, from a copy of its files, or has the same name");
        }
    }

    private Map<String, String> there(NewObject object) throws StoreException, UnfitFileException {
        try {
            return store.metadata(object.key()).orElse(Map.of());
        } catch (StoreException e) {
            if (e.kind() == Kind.REFUSED) {
                throw new UnfitFileException("the archive has an object " + object.key()
                        + " already, and whose it is cannot be seen: " + e.getMessage());
            }
            throw e;
        }
    }

    private String key(FinishedFile finished, String trail, ArchiveKey.Kind kind) {
        return key(new ArchiveKey(instance, trail, kind, finished.firstSeq()));
    }

    private String key(ArchiveKey key) {
        return archive.url().key(key.toString());
    }

    private static ArchiveKey.Kind kind(FinishedFile finished) {
        return CompressedName.isCompressed(finished.file()) ? ArchiveKey.Kind.COMPRESSED_FILE : ArchiveKey.Kind.FILE;
    }

    private static ArchiveKey.Kind otherKind(FinishedFile finished) {
        return CompressedName.isCompressed(finished.file()) ? ArchiveKey.Kind.FILE : ArchiveKey.Kind.COMPRESSED_FILE;
    }

    private static String type(FinishedFile finished) {
        return CompressedName.isCompressed(finished.file()) ? COMPRESSED : LINES;
    }

    /** To the second, which is what a store knows. */
    private Optional<Retention> retention() {
        return archive.retainFor()
                .map(retainFor -> new Retention(
                        archive.compliance(), clock.instant().plus(retainFor).truncatedTo(ChronoUnit.SECONDS)));
    }

    private String sha256(FileChannel bytes, long size) throws IOException {
        MessageDigest digest = NewObject.digest();
        bytes.position(0);
        for (long left = size; left > 0; ) {
            block.clear();
            block.limit((int) Math.min(block.capacity(), left));
            int read = bytes.read(block);
            if (read < 0) {
                break;
            }
            left -= read;
            digest.update(block.flip());
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    /** From its beginning, as often as it is asked for; the file stays open. */
    private static InputStream stream(FileChannel bytes) throws IOException {
        return new FilterInputStream(Channels.newInputStream(bytes.position(0))) {
            @Override
            public void close() {
                // Its owner closes it.
            }
        };
    }
}
