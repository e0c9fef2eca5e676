package io.konnectproxy.trail.event;

import org.jspecify.annotations.Nullable;

/** Collects the fields of one event while its line is parsed. One instance per line. */
interface EventFields extends Members.Taker {
    /** Creates the event after all fields were taken. */
    TrailEvent event(long time) throws UnreadableLineException;

    /** Checks that a required field is present. */
    static <T> T required(@Nullable T value, String name) throws UnreadableLineException {
        if (value == null) {
            throw new UnreadableLineException("it has no '" + name + "'");
        }
        return value;
    }
}
