package io.konnectproxy.mirror;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.HostAndPort;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.util.Optional;

/** The fields of a mirrored line that receivers sort and filter by. */
record MirroredEvent(EventReader.EventLine line) {
    /** Of a line that cannot be read. */
    static final MirroredEvent UNREADABLE = new MirroredEvent(new EventReader.EventLine(
            Optional.empty(), 0, "unreadable", new TrailEvent.Unfamiliar(0, "unreadable"), Optional.empty()));

    long seq() {
        return line.seq();
    }

    /** The trail that the line is of. */
    Optional<String> trail() {
        return line.trail();
    }

    /** UTC with six decimals, in the form of RFC 3339. */
    String time() {
        return Micros.text(line.event().time());
    }

    /** The name of the event. */
    String name() {
        return line.word();
    }

    /** Sums of refusals have the verdict as well, so that a search for refusals finds them. */
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

    /** The address of the client; empty if there is none, or several of a network. */
    Optional<String> clientAddress() {
        return line.event() instanceof TrailEvent.Refusals refusals
                ? refusals.client().filter(client -> client.indexOf('/') < 0)
                : client().map(RecordedClient::address);
    }

    /** The user whose password was right. */
    Optional<String> user() {
        return client().flatMap(RecordedClient::user);
    }

    private Optional<RecordedClient> client() {
        if (line.event() instanceof TrailEvent.Decision decision) {
            return Optional.of(decision.client());
        }
        return line.event() instanceof TrailEvent.TunnelEnd end ? end.client() : Optional.empty();
    }

    /** Empty if the target is not a host and a port. */
    Optional<HostAndPort> server() {
        return HostAndPort.of(
                line.event() instanceof TrailEvent.Decision decision
                        ? decision.target().orElse("")
                        : line.event() instanceof TrailEvent.TunnelEnd end ? end.target() : "");
    }

    /** Whether it records one refusal or a sum of refusals. */
    boolean isRefusal() {
        return line.event() instanceof TrailEvent.Refusals
                || (line.event() instanceof TrailEvent.Decision decision
                        && decision.judgement() != TrailEvent.Ruling.PERMITTED);
    }

    /** Whether it records that something is missing from the trail or from a mirror. */
    boolean isLoss() {
        return line.event() instanceof TrailEvent.Incident && !(line.event() instanceof TrailEvent.Removed);
    }

    /** Whether it records that a mirror missed lines. */
    boolean isOfMirror() {
        return line.event() instanceof TrailEvent.MirrorLoss;
    }
}
