package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests that were let through and whose end has not been read yet, to join the two lines of a tunnel, for each trail by itself. There
 * are as many as tunnels were open at a time. In a damaged trail there may be more; then the oldest are dropped, those of the trail that
 * has the most.
 */
public final class OpenTunnels {
    /** Far more than limits.tunnels of a proxy, about 60 MB. */
    static final int CAPACITY = 100_000;

    /** Of all trails together. */
    private static final int ALL = 2 * CAPACITY;

    private final Set<OpenOfTrail> trails = new LinkedHashSet<>();
    private int size;
    private long lost;
    private long left;
    private long forgotten;

    /** A request, with the purpose, region and tenant of its target. */
    record Request(TrailEvent.Decision decision, TrailEvent.Place place) {}

    /** Those of a trail. Ids of two trails never meet. */
    final class OpenOfTrail {
        private final Map<String, Request> open = new LinkedHashMap<>();

        void begin(Request request) {
            if (open.size() >= CAPACITY) {
                forgetOldest();
            } else if (size >= ALL) {
                largest().forgetOldest();
            }
            size += open.put(request.decision().id(), request) == null ? 1 : 0;
        }

        private void forgetOldest() {
            Iterator<String> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
            size--;
            forgotten++;
        }

        /** The request whose tunnel ended; empty when its line has not been read. */
        Optional<Request> end(String id) {
            Optional<Request> request = Optional.ofNullable(open.remove(id));
            size -= request.isPresent() ? 1 : 0;
            return request;
        }

        /**
         * A process began, so the tunnels that are still open belong to an earlier one, which did not record their ends.
         */
        void processBegan() {
            lost += open.size();
            clear();
        }

        private void clear() {
            size -= open.size();
            open.clear();
        }

        /** The trail has ended. Returns how many it leaves open. */
        long close() {
            long stillOpen = open.size();
            left += stillOpen;
            clear();
            trails.remove(this);
            return stillOpen;
        }
    }

    OpenOfTrail trail() {
        OpenOfTrail trail = new OpenOfTrail();
        trails.add(trail);
        return trail;
    }

    private OpenOfTrail largest() {
        return trails.stream()
                .max(Comparator.comparingInt(trail -> trail.open.size()))
                .orElseThrow();
    }

    /** Requests whose process ended without a record of their end. */
    public long lost() {
        return lost;
    }

    public long stillOpen() {
        return left + size;
    }

    /** Requests that were dropped for lack of room, so that their end cannot be joined. */
    public long forgotten() {
        return forgotten;
    }
}
