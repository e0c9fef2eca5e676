package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that were let in and whose end has not been read yet, to join the two lines of a tunnel. There are as many as
 * tunnels were open at a time; of a damaged trail the oldest are forgotten when there are too many.
 */
public final class OpenTunnels {
    /** Far more than a proxy's limits.tunnels. Some 60 MB. */
    private static final int CAPACITY = 100_000;

    private final Map<String, Request> open = new LinkedHashMap<>();
    private long lost;
    private long forgotten;

    /** A request, with what its line said of where it goes. */
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

    /** A process began: what the one before left open, it never got to say the end of. */
    void processBegan() {
        lost += open.size();
        open.clear();
    }

    /** Requests without an end as their process ended without writing it. */
    public long lost() {
        return lost;
    }

    public long stillOpen() {
        return open.size();
    }

    /** Requests whose end can't be joined any more for lack of room. */
    public long forgotten() {
        return forgotten;
    }
}
