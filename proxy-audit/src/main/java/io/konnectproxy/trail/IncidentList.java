package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the lines in which the trail records losses and jumps of the clock. Keeps the first ones and counts the rest. Not thread-safe. */
final class IncidentList {
    private static final int KEPT = 20;

    private final EventReader reader = new EventReader();
    private final List<String> first = new ArrayList<>();
    private long more;

    void add(TrailLine line) {
        if (isIncident(line)) {
            words(line).ifPresent(words -> keep("line " + line.seq() + ": " + words));
        }
    }

    private static boolean isIncident(TrailLine line) {
        return line.isEvent("gap")
                || line.isEvent("torn")
                || line.isEvent("removed")
                || line.isEvent("mirror")
                || line.isEvent(LineForm.CLOCK);
    }

    private void keep(String incident) {
        if (first.size() == KEPT) {
            more++;
        } else {
            first.add(incident);
        }
    }

    /** Empty for what an earlier line has said already. */
    private Optional<String> words(TrailLine line) {
        try {
            TrailEvent event = reader.read(line.text()).event();
            if (event instanceof TrailEvent.ClockJump jump && jump.isRepeated()) {
                return Optional.empty();
            }
            return Optional.of(event instanceof TrailEvent.Incident incident ? incident.words() : line.event());
        } catch (UnreadableLineException e) {
            // The line is reported nevertheless, because its hash was verified.
            return Optional.of(line.event() + ", and " + e.getMessage());
        }
    }

    VerifyResult.Incidents incidents() {
        return new VerifyResult.Incidents(first, more);
    }
}
