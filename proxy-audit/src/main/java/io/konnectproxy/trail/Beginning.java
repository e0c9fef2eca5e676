package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the first file of a trail has its beginning. A file begins with the configuration in force, or with the start of the
 * proxy; a start that failed leaves a {@code stop} with a reason. Before a start there may be what happened to the files since the
 * run before, and after an outage during which requests were served the {@code gap} about it. The removal of the file before it
 * excuses nothing: it takes no line of this one, and after the first removal a cut would never show again. Not thread-safe.
 */
final class Beginning {
    private static final Set<String> BEFORE_A_START = Set.of("removed", "torn", LineForm.CLOCK, "gap");

    private final EventReader reader = new EventReader();
    private BeginningState state = BeginningState.OPEN;
    private String found = "";

    private enum BeginningState {
        /** Nothing but lines that may stand before a beginning. */
        OPEN,
        THERE,
        LOST
    }

    /** A line that the chain check accepted. */
    void line(TrailLine line) {
        if (state != BeginningState.OPEN) {
            return;
        }
        if (found.isEmpty()) {
            found = line.event() + " as line " + line.seq();
        }
        state = line.seq() == 1 ? BeginningState.THERE : judge(line);
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
                        "a configuration or a start as its first line, or the file before it",
                        found))
                : Optional.empty();
    }
}
