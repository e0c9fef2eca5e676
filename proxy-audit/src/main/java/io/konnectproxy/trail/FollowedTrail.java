package io.konnectproxy.trail;

import java.io.Closeable;
import java.util.Optional;

/** One trail of several whose lines are read as they come. Not thread-safe. */
interface FollowedTrail extends Closeable {
    /** Of the proxy that writes it. Not escaped. */
    String instance();

    /** The next line, without its line feed; empty if there is none now. */
    Optional<String> next() throws TrailException;

    @Override
    void close();
}
