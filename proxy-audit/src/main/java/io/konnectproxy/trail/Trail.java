package io.konnectproxy.trail;

import java.io.Closeable;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One trail of several: its files, and what the archive holds as evidence of it. The files are held open. Not thread-safe; several
 * trails may be read at the same time.
 */
public final class Trail implements Closeable {
    private final Optional<String> id;
    private final Optional<String> instance;
    private final String firstTime;
    private final Segments segments;
    private final List<ArchivedCheckpoint> archived;

    /** @param firstTime of its first line; empty where there is none */
    Trail(
            Optional<String> id,
            Optional<String> instance,
            String firstTime,
            Segments segments,
            List<ArchivedCheckpoint> archived) {
        this.id = id;
        this.instance = instance;
        this.firstTime = firstTime;
        this.segments = segments;
        this.archived = List.copyOf(archived);
    }

    /** Its name, 12 hexadecimal digits; empty where all its files begin with version 1. */
    public Optional<String> id() {
        return id;
    }

    /** The proxy that wrote it, as its newest file begins, or by the key in the archive. Not escaped. */
    public Optional<String> instance() {
        return instance;
    }

    /** Its files; none where the archive has nothing but checkpoints of it. */
    public Segments segments() {
        return segments;
    }

    /**
     * Checkpoint lines that the archive keeps beside the files, by their numbers: they are evidence that is kept elsewhere. Those
     * that are not what their names say are left out; the check finds them.
     */
    public NavigableMap<Long, String> checkpoints() {
        NavigableMap<Long, String> lines = new TreeMap<>();
        archived.stream()
                .filter(ArchivedCheckpoint::isSound)
                .forEach(checkpoint -> lines.put(checkpoint.seq(), checkpoint.line()));
        return Collections.unmodifiableNavigableMap(lines);
    }

    /** Of its files, as stored. */
    public long bytes() {
        return segments.inOrder().stream()
                .mapToLong(segment -> segment.source().size())
                .sum();
    }

    List<ArchivedCheckpoint> archived() {
        return archived;
    }

    String firstTime() {
        return firstTime;
    }

    @Override
    public void close() {
        segments.close();
    }
}
