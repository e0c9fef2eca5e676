package io.konnectproxy.mirror;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.Optional;

/** What a mirrored line says, as far as peers sort and filter by it. */
record MirroredEvent(EventReader.EventLine line) {
    long seq() {
        return line.seq();
    }

    /** UTC with six decimals, in the form of RFC 3339. */
    String time() {
        return Micros.text(line.event().time());
    }

    /** The name of the event. */
    String name() {
        return line.word();
    }

    /** Also of refusals that are summed up, so that who asks for what was refused gets those too. */
    Optional<String> verdict() {
        if (isRefusal()) {
            return Optional.of("refused");
        }
        return line.event() instanceof TrailEvent.Decision ? Optional.of("permitted") : Optional.empty();
    }

    Optional<String> reason() {
        if (line.event() instanceof TrailEvent.Decision decision) {
            return Optional.of(decision.reason());
        }
        return line.event() instanceof TrailEvent.Incident incident ? Optional.of(incident.reason()) : Optional.empty();
    }

    /** Whether it is about refusals, one or many. */
    boolean isRefusal() {
        return line.event() instanceof TrailEvent.Refusals
                || (line.event() instanceof TrailEvent.Decision decision
                        && decision.judgement() != TrailEvent.Ruling.PERMITTED);
    }

    /** Whether it says that something is missing from the trail or from a mirror. */
    boolean isLoss() {
        return line.event() instanceof TrailEvent.Incident && !(line.event() instanceof TrailEvent.Removed);
    }

    /** Whether it says that a mirror missed lines. */
    boolean isOfMirror() {
        return line.event() instanceof TrailEvent.MirrorLoss;
    }
}
