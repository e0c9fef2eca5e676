package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines in which the trail records losses. Keeps the first ones and counts the rest. Not thread-safe. */
final class IncidentList {
    private static final int KEPT = 20;

    private final EventReader reader = new EventReader();
    private final List<String> first = new ArrayList<>();
    private long more;

    void add(TrailLine line) {
        if (!line.isEvent("gap") && !line.isEvent("torn") && !line.isEvent("removed") && !line.isEvent("mirror")) {
            return;
        }
        if (first.size() == KEPT) {
            more++;
            return;
        }
        first.add("line " + line.seq() + ": " + words(line));
    }

    private String words(TrailLine line) {
        try {
            TrailEvent event = reader.read(line.text()).event();
            return event instanceof TrailEvent.Incident incident ? incident.words() : line.event();
        } catch (UnreadableLineException e) {
            // The line is reported nevertheless, because its hash was verified.
            return line.event() + ", and " + e.getMessage();
        }
    }

    VerifyResult.Incidents incidents() {
        return new VerifyResult.Incidents(first, more);
    }
}
