package io.konnectproxy.siem;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.EventReader.EventLine;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;

/** The form in which a line of the trail is passed on. */
public enum LineFormat {
    /** As it is. */
    LINE,
    /** Open Cybersecurity Schema Framework, version {@value OcsfEvent#VERSION}. */
    OCSF,
    /** Elastic Common Schema, version {@value EcsEvent#VERSION}. */
    ECS;

    /**
     * A line in this form: one JSON object in printable ASCII. A line that cannot be read is passed on as it is.
     *
     * @param line without its line feed
     * @param instance the name of the proxy that wrote it
     */
    public String of(String line, String instance) {
        if (this == LINE) {
            return line;
        }
        try {
            return of(line, new EventReader().read(line), Optional.of(instance));
        } catch (UnreadableLineException e) {
            return line;
        }
    }

    /**
     * The same for a line that was read already.
     *
     * @param instance the name of the proxy that wrote it; empty if the trail does not tell
     */
    public String of(String line, EventLine event, Optional<String> instance) {
        return switch (this) {
            case LINE -> line;
            case OCSF -> OcsfEvent.of(event, instance);
            case ECS -> EcsEvent.of(event, instance);
        };
    }
}
