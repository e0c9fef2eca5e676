package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** What the beginning of a file says of the proxy that wrote it. */
final class FileHead {
    /** Lines to examine: a file begins with a configuration, or the start of the proxy, but for what an outage puts before. */
    private static final int LOOK_AT = 100;

    private FileHead() {}

    /** The name of the proxy, escaped; empty where the beginning does not say it. The channel stays open. */
    static Optional<String> instance(SeekableByteChannel channel) throws IOException {
        LineReader lines = LineReader.open(channel);
        TrailLine line = new TrailLine();
        while (lines.number() < LOOK_AT && lines.next()) {
            if (line.read(lines.bytes(), lines.from(), lines.end())
                    && (line.isEvent(LineForm.CONFIGURATION) || line.isEvent(LineForm.START))) {
                return instance(line);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> instance(TrailLine line) {
        try {
            TrailEvent event = new EventReader().read(line.text()).event();
            if (event instanceof TrailEvent.Start start) {
                return start.instance();
            }
            return event instanceof TrailEvent.Policy policy ? policy.instance() : Optional.empty();
        } catch (UnreadableLineException e) {
            // The check finds what is wrong with it.
            return Optional.empty();
        }
    }
}
