package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the first file of a trail has its beginning. A file begins with the configuration in force, or with the start of the
 * proxy; a start that failed leaves a {@code stop} with a reason. Before a start there may be what happened to the files since the
 * run before, and after an outage during which requests were served the {@code gap} about it.
 *
 * <p>The recorded removal of the file before it excuses a file without a beginning, unless its own name says that it began earlier: or
 * else no cut would show any more after the first removal. Not thread-safe.
 */
final class Beginning {
    private static final Set<String> BEFORE_A_START = Set.of("removed", "torn", LineForm.CLOCK, "gap");

    private final EventReader reader = new EventReader();
    private BeginningState state = BeginningState.OPEN;
    private long first;
    private String found = "";
    private String file = "";

    private enum BeginningState {
        /** Nothing but lines that may stand before a beginning. */
        OPEN,
        THERE,
        LOST
    }

    /** The name of the file that the next line is in. */
    void in(String name) {
        if (first == 0) {
            file = name;
        }
    }

    /** A line that the chain check accepted. */
    void line(TrailLine line) {
        if (state == BeginningState.THERE) {
            return;
        }
        if (first == 0) {
            first = line.seq();
            found = line.event() + " as line " + first;
            state = first == 1 ? BeginningState.THERE : BeginningState.OPEN;
        }
        if (state == BeginningState.OPEN) {
            state = judge(line);
        }
        if (state == BeginningState.LOST && line.isEvent("removed") && wasBefore(line)) {
            state = BeginningState.THERE;
        }
    }

    private BeginningState judge(TrailLine line) {
        if (line.isEvent(LineForm.START) || line.isEvent(LineForm.CONFIGURATION)) {
            return BeginningState.THERE;
        }
        Optional<TrailEvent> event = event(line);
        boolean begins = event.filter(read ->
                        read instanceof TrailEvent.NotStarted || (read instanceof TrailEvent.Gap gap && gap.served()))
                .isPresent();
        boolean mayPrecede = BEFORE_A_START.contains(line.event())
                || event.filter(TrailEvent.Unfamiliar.class::isInstance).isPresent();
        return begins ? BeginningState.THERE : mayPrecede ? BeginningState.OPEN : BeginningState.LOST;
    }

    /** Whether it records that the file before the first one was removed. */
    private boolean wasBefore(TrailLine line) {
        return SegmentNames.number(file).orElse(first) == first
                && event(line)
                        .filter(TrailEvent.Removed.class::isInstance)
                        .map(removed -> SegmentNames.number(((TrailEvent.Removed) removed).file()))
                        .filter(number -> number.isPresent() && number.getAsLong() < first)
                        .isPresent();
    }

    private Optional<TrailEvent> event(TrailLine line) {
        try {
            return Optional.of(reader.read(line.text()).event());
        } catch (UnreadableLineException e) {
            return Optional.empty();
        }
    }

    /** The defect, once all lines were read. */
    Optional<ChainCheck.Fault> atEnd() {
        return state == BeginningState.LOST
                ? Optional.of(new ChainCheck.Fault(
                        Defect.BEGINNING_LOST,
                        "a configuration or a start as its first line, or the file before it, or the record of its removal",
                        found))
                : Optional.empty();
    }
}
