package io.konnectproxy.trail;

import java.io.Closeable;
import java.util.Collections;
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
    private final NavigableMap<Long, String> checkpoints;

    /** @param firstTime of its first line; empty where there is none */
    Trail(
            Optional<String> id,
            Optional<String> instance,
            String firstTime,
            Segments segments,
            NavigableMap<Long, String> checkpoints) {
        this.id = id;
        this.instance = instance;
        this.firstTime = firstTime;
        this.segments = segments;
        this.checkpoints = Collections.unmodifiableNavigableMap(new TreeMap<>(checkpoints));
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

    /** Checkpoint lines that the archive keeps beside the files, by their numbers: they are evidence that is kept elsewhere. */
    public NavigableMap<Long, String> checkpoints() {
        return checkpoints;
    }

    String firstTime() {
        return firstTime;
    }

    @Override
    public void close() {
        segments.close();
    }
}
