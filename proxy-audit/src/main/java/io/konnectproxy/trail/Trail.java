package io.konnectproxy.trail;

import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/**
 * One trail of several: its files, and what the archive holds as evidence of it. The files are held open. Not thread-safe; several
 * trails may be read at the same time.
 */
public final class Trail implements Closeable {
    private final Optional<String> id;
    private final Optional<String> instance;
    private final String firstTime;
    private final Segments segments;
    private final List<CheckpointSource> archived;

    /** @param firstTime of its first line; empty where there is none */
    Trail(
            Optional<String> id,
            Optional<String> instance,
            String firstTime,
            Segments segments,
            List<CheckpointSource> archived) {
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

    /** Of its files, as stored. */
    public long bytes() {
        return segments.inOrder().stream()
                .mapToLong(segment -> segment.source().size())
                .sum();
    }

    /** The newest checkpoints that the archive has beside the files. */
    List<CheckpointSource> archived() {
        return archived;
    }

    /** The time of its first line, in the form of the trail; empty where there is none. */
    public String firstTime() {
        return firstTime;
    }

    @Override
    public void close() {
        segments.close();
    }
}
