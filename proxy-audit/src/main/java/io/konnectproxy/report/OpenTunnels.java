package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that were let through and whose end has not been read yet, to join the two lines of a tunnel. There are as
 * many as tunnels were open at a time. In a damaged trail there may be more; then the oldest are dropped.
 */
public final class OpenTunnels {
    /** Far more than limits.tunnels of a proxy, about 60 MB. */
    private static final int CAPACITY = 100_000;

    private final Map<String, Request> open = new LinkedHashMap<>();
    private long lost;
    private long forgotten;

    /** A request, with the purpose, region and tenant of its target. */
    record Request(TrailEvent.Decision decision, TrailEvent.Place place) {}

    void begin(Request request) {
        if (open.size() >= CAPACITY) {
            Iterator<String> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
            forgotten++;
        }
        open.put(request.decision().id(), request);
    }

    /** The request whose tunnel ended; empty when its line has not been read. */
    Optional<Request> end(String id) {
        return Optional.ofNullable(open.remove(id));
    }

    /**
     * A process began, so the tunnels that are still open belong to an earlier one, which did not record their ends.
     */
    void processBegan() {
        lost += open.size();
        open.clear();
    }

    /** Requests whose process ended without a record of their end. */
    public long lost() {
        return lost;
    }

    public long stillOpen() {
        return open.size();
    }

    /** Requests that were dropped for lack of room, so that their end cannot be joined. */
    public long forgotten() {
        return forgotten;
    }
}
