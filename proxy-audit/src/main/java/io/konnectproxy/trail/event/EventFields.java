package io.konnectproxy.trail.event;

import org.jspecify.annotations.Nullable;

/** Gathers the fields of one event while its line is read. One instance a line. */
interface EventFields extends Members.Taker {
    /** What the line says, once all is taken. */
    TrailEvent event(long time) throws UnreadableLineException;

    /** A field that every such line has. */
    static <T> T required(@Nullable T value, String name) throws UnreadableLineException {
        if (value == null) {
            throw new UnreadableLineException("it has no '" + name + "'");
        }
        return value;
    }
}
