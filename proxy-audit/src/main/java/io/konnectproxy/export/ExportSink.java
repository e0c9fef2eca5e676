package io.konnectproxy.export;

import io.konnectproxy.trail.event.EventReader.EventLine;
import java.io.IOException;
import java.util.Optional;

/** Takes the lines of an export, in order. */
interface ExportSink {
    /**
     * Takes a line.
     *
     * @param line without its line feed
     * @param instance the proxy that wrote it; empty if its trail does not tell
     */
    void line(String line, EventLine event, Optional<String> instance) throws IOException;

    /**
     * Ends the export.
     *
     * @param complete whether all lines of all trails were verified and could be read
     */
    void end(boolean complete) throws IOException;
}
