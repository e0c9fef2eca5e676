package io.konnectproxy.mirror;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A line of the trail on its way. It is read when it is asked what it says, and once. One thread at a time. */
final class MirroredLine {
    /** An object, its text's header, what it says and its place in a queue. */
    private static final int OVERHEAD = 64;

    private final String text;
    private EventReader.@Nullable EventLine read;

    /** @param text printable ASCII without a line feed */
    MirroredLine(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Bytes that it takes up while it waits. */
    int cost() {
        return text.length() + OVERHEAD;
    }

    private EventReader.EventLine read() {
        EventReader.EventLine once = read;
        if (once == null) {
            once = parsed();
            read = once;
        }
        return once;
    }

    private EventReader.EventLine parsed() {
        try {
            return new EventReader().read(text);
        } catch (UnreadableLineException e) {
            // Only a fault of this program's makes such a line; it must not end the trail as well.
            return new EventReader.EventLine(0, "unreadable", new TrailEvent.Unfamiliar(0, "unreadable"));
        }
    }

    long seq() {
        return read().seq();
    }

    /** UTC with six decimals, in the form of RFC 3339. */
    String time() {
        return Micros.text(read().event().time());
    }

    String event() {
        return read().word();
    }

    /** Also of refusals that are summed up, so that who asks for what was refused gets those too. */
    Optional<String> verdict() {
        if (isRefusal()) {
            return Optional.of("refused");
        }
        return read().event() instanceof TrailEvent.Decision ? Optional.of("permitted") : Optional.empty();
    }

    Optional<String> reason() {
        if (read().event() instanceof TrailEvent.Decision decision) {
            return Optional.of(decision.reason());
        }
        return read().event() instanceof TrailEvent.Incident incident
                ? Optional.of(incident.reason())
                : Optional.empty();
    }

    /** Whether it is about refusals, one or many. */
    boolean isRefusal() {
        return read().event() instanceof TrailEvent.Refusals
                || (read().event() instanceof TrailEvent.Decision decision
                        && decision.judgement() != TrailEvent.Ruling.PERMITTED);
    }

    /** Whether it says that something is missing from the trail or from a mirror. */
    boolean isLoss() {
        return read().event() instanceof TrailEvent.Incident && !(read().event() instanceof TrailEvent.Removed);
    }

    /** Whether it says that a mirror missed lines. */
    boolean isOfMirror() {
        return read().event() instanceof TrailEvent.MirrorLoss;
    }
}
