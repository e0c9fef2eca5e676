package io.konnectproxy.report;

import io.konnectproxy.trail.event.Printable;

/**
 * Where a line stands.
 *
 * @param file as the user knows it
 * @param line counted from 1
 */
public record LinePosition(String file, long line) {
    public LinePosition {
        file = Printable.of(file);
    }
}
