package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Where a segment's bytes are: a local file, or an object of an archive. */
public interface SegmentSource {
    /** For people: the path, or the URL of the object. Not escaped. */
    String name();

    /** Bytes as stored, as far as is known; 0 where it cannot be said. */
    long size();

    /** The trail under whose name an object stands; empty for a file, whose name says nothing. */
    default Optional<String> trailByName() {
        return Optional.empty();
    }

    /** Whether it is this file, by whatever name. */
    default boolean isAt(Path file) throws IOException {
        return false;
    }

    /** Opens it at its beginning. */
    SeekableByteChannel open() throws IOException;
}
