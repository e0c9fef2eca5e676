package io.konnectproxy.trail;

import io.konnectproxy.archive.ArchiveKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A checkpoint of an archive that is still to be read. */
record CheckpointSource(SegmentSource source, ArchiveKey key) {
    /** A store answers many small requests at a time, each after some milliseconds. */
    private static final int AT_A_TIME = 16;

    /** Reads all. What cannot be read is a trouble of its trail. */
    static List<ArchivedCheckpoint> readAll(List<CheckpointSource> sources) {
        if (sources.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_A_TIME, sources.size()), task -> {
            Thread thread = new Thread(task, "audit-checkpoints");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<ArchivedCheckpoint>> reads = new ArrayList<>();
            for (CheckpointSource source : sources) {
                reads.add(threads.submit(source::read));
            }
            List<ArchivedCheckpoint> read = new ArrayList<>();
            for (Future<ArchivedCheckpoint> checkpoint : reads) {
                read.add(checkpoint.get());
            }
            return read;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a checkpoint could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while checkpoints were read", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private ArchivedCheckpoint read() {
        try {
            return ArchivedCheckpoint.read(source, key);
        } catch (IOException e) {
            return ArchivedCheckpoint.unread(source, key, FileWords.unreadable(source.name(), e));
        }
    }
}
