package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * What the beginning of a file says.
 *
 * @param time of its first valid line; empty if there is none
 * @param instance the proxy that wrote it, escaped
 */
record FileHead(String time, Optional<String> instance) {
    /** Lines to examine: a file begins with a configuration, or the start of the proxy, but for what may come before. */
    private static final int LOOK_AT = 100;

    private static final FileHead UNKNOWN = new FileHead("", Optional.empty());

    /** What the check would find too is left to it: that the file cannot be read, or is damaged. */
    static FileHead of(Segment file) {
        try (SeekableByteChannel channel = file.source().open()) {
            return of(channel);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Of an open file, which stays open. */
    static FileHead of(SeekableByteChannel channel) {
        FileHead head = UNKNOWN;
        TrailLine line = new TrailLine();
        try {
            LineReader lines = LineReader.open(channel.position(0));
            while (lines.number() < LOOK_AT && lines.next()) {
                if (!line.read(lines.bytes(), lines.from(), lines.end())) {
                    continue;
                }
                head = head.time().isEmpty() ? new FileHead(line.time(), Optional.empty()) : head;
                if (line.isEvent(LineForm.CONFIGURATION) || line.isEvent(LineForm.START)) {
                    return new FileHead(head.time(), instance(line));
                }
            }
            return head;
        } catch (IOException e) {
            return head;
        }
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
