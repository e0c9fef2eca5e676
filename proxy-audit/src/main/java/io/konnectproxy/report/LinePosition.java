package io.konnectproxy.report;

import io.konnectproxy.trail.event.Printable;

/**
 * The position of a line.
 *
 * @param file as the user named it
 * @param line counted from 1
 */
public record LinePosition(String file, long line) {
    public LinePosition {
        file = Printable.of(file);
    }
}
