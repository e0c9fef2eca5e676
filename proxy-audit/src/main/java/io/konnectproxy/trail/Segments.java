package io.konnectproxy.trail;

import io.konnectproxy.trail.event.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a trail in the order of their lines, independently of their names. They are held open, so that each line is read
 * once, whatever a running proxy renames, compresses or removes meanwhile. Not thread-safe.
 */
public final class Segments implements Closeable {
    private final List<Segment> inOrder;
    private final List<PassedOver> passedOver;
    private final Map<Segment, SeekableByteChannel> opened;

    /** @param opened those that are held open */
    Segments(List<Segment> inOrder, List<PassedOver> passedOver, Map<Segment, SeekableByteChannel> opened) {
        this.inOrder = List.copyOf(inOrder);
        this.passedOver = List.copyOf(passedOver);
        this.opened = opened;
    }

    static Segments none() {
        return new Segments(List.of(), List.of(), new HashMap<>());
    }

    /**
     * A file or directory that was not read.
     *
     * @param name the path, or the URL of the object; not escaped
     * @param why the reason, as half a sentence
     */
    public record PassedOver(String name, String why, Kind kind) {
        /** What a place that was passed over may have held. */
        public enum Kind {
            /** What the proxy leaves beside its files, or what is read elsewhere: a copy, a torn end. */
            LEFTOVER,
            /** No lines, as far as can be told. */
            FOREIGN,
            /** Lines that nobody has read: it cannot be read, or it should be a file of a trail and has not one line of one. */
            UNREAD
        }

        /** The sentence about it, escaped. */
        public String sentence() {
            return Printable.of(name) + " was passed over: " + why + ".";
        }
    }

    /**
     * Finds the segments of a trail.
     *
     * @param arguments files and directories; subdirectories are not searched
     * @throws TrailException if a file cannot be read, or no file is one of a trail
     */
    public static Segments of(List<Path> arguments) throws TrailException {
        SegmentSearch search = new SegmentSearch();
        try {
            search.in(arguments);
            return search.found(arguments);
        } catch (TrailException e) {
            search.close();
            throw e;
        }
    }

    public List<Segment> inOrder() {
        return inOrder;
    }

    /** Files that are not part of the trail. */
    public List<PassedOver> passedOver() {
        return passedOver;
    }

    /**
     * Opens a segment at its beginning. Each can be opened once.
     *
     * @throws IOException if it cannot be read
     */
    public LineReader open(Segment segment) throws IOException {
        SeekableByteChannel channel = opened.remove(segment);
        return channel == null ? LineReader.open(segment.source().open()) : LineReader.open(channel.position(0));
    }

    @Override
    public void close() {
        SegmentSearch.close(opened.values());
        opened.clear();
    }
}
