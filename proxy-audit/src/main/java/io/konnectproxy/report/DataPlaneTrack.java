package io.konnectproxy.report;

import io.konnectproxy.report.DataPlaneTracks.TrackedTrail;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent.Hello;
import io.konnectproxy.trail.event.TrailEvent.TunnelEnd;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client and a service of a control plane, over time and over all proxies, as far as the trails tell. Times are microseconds. */
final class DataPlaneTrack {
    private final TrackKey key;
    /** The client as it was seen last. */
    private String client;

    /** Its tunnels, by the trail of the proxy that they go through. */
    private final Map<TrackedTrail, Integer> tunnels = new HashMap<>(2);
    /** Whether a trail ended before its last tunnel did. */
    private boolean unwatched;

    private long connected;
    /** When its last tunnel ended. */
    private long gone = Long.MIN_VALUE;

    private long lasted;
    /** Whether it had a tunnel for over a minute. */
    private boolean proven;
    /** Where its last tunnel was, and since when. */
    private @Nullable TrackedTrail last;

    private long lastOpened;
    private boolean lastCounted;
    /** Where it was before that. */
    private @Nullable TrackedTrail before;
    /** The trail of the proxy that ended its last tunnel, to shut down. */
    private @Nullable TrackedTrail drainedBy;

    private final ProxyMoves moves = new ProxyMoves();
    private final FiveInTenMinutes ends = new FiveInTenMinutes();
    private final Tally shortOnes = new Tally();
    private boolean flapping;
    private Optional<String> handshake = Optional.empty();

    /**
     * Identifies it.
     *
     * @param network the IPv4 address, or the IPv6 /64
     * @param name the user that the client has proved to be, or the name of its certificate; empty without either
     * @param telemetry whether it is the control plane's telemetry (tp), not its configuration (cp)
     */
    record TrackKey(String network, String name, String controlPlane, String region, boolean telemetry) {
        TrackKey configuration() {
            return new TrackKey(network, name, controlPlane, region, false);
        }
    }

    DataPlaneTrack(TrackKey key, String client) {
        this.key = key;
        this.client = client;
    }

    TrackKey key() {
        return key;
    }

    boolean isConnected() {
        return unwatched || !tunnels.isEmpty();
    }

    boolean isProven() {
        return proven;
    }

    /** Whether the end of that process means something to it. */
    boolean isOf(TrackedTrail trail) {
        return tunnels.containsKey(trail) || drainedBy == trail;
    }

    /** @param counted whether it is in the period */
    void opened(TrackedTrail at, String from, long time, boolean counted) {
        client = from;
        if (tunnels.isEmpty()) {
            if (last != null && !last.isOfSameProxy(at)) {
                moves.begin(last, at, time, counted);
            }
            connected = time;
            unwatched = false;
        }
        before = last;
        last = at;
        lastOpened = time;
        lastCounted = counted;
        tunnels.merge(at, 1, Integer::sum);
    }

    /** It was permitted, and never established. */
    void cameToNothing(TrackedTrail at) {
        moves.cameToNothing(at);
        close(at);
        if (last == at && !tunnels.containsKey(at)) {
            last = before;
        }
    }

    private void close(TrackedTrail at) {
        tunnels.computeIfPresent(at, (any, open) -> open > 1 ? open - 1 : null);
    }

    /** @param draining whether the proxy ended it to shut down */
    void ended(TrackedTrail at, long time, boolean draining) {
        prove(time);
        moves.happened(at);
        close(at);
        over(at, time, draining);
        if (time - lastOpened <= Micros.MINUTE) {
            movedBefore(at);
        }
    }

    /** It has none at a proxy any more, and was at another one before the first noticed that. */
    private void movedBefore(TrackedTrail at) {
        if (last != null && isConnected() && !tunnels.containsKey(at) && !last.isOfSameProxy(at)) {
            moves.begin(at, last, lastOpened, lastCounted);
            if (!tunnels.containsKey(last)) {
                // Its trail has ended, and left the tunnel open.
                moves.happened(last);
            }
        }
    }

    private void over(TrackedTrail at, long time, boolean draining) {
        if (!isConnected()) {
            gone = time;
            lasted = time - connected;
            last = at;
            drainedBy = draining ? at : null;
        }
    }

    private void prove(long time) {
        proven |= !tunnels.isEmpty() && time - connected > Micros.MINUTE;
    }

    /** A tunnel ended before it was ten minutes old. */
    void shortOne(TunnelEnd end) {
        flapping |= ends.add(end.time());
        shortOnes.count(end);
        shortOnes.hint(end.hint());
        handshake = end.hello().flatMap(Hello::brokenHandshake).or(() -> handshake);
    }

    /** Another process began: what was open is not, and whoever was turned out has had nothing to come back to until now. */
    void processBegan(TrackedTrail at, long time) {
        if (tunnels.containsKey(at)) {
            prove(time);
            moves.happened(at);
            tunnels.remove(at);
            over(at, time, true);
            // It did not wait for the process that had ended.
            movedBefore(at);
        }
        if (drainedBy == at) {
            gone = time;
            drainedBy = null;
        }
    }

    /** The trail has ended. A tunnel that it left open is one until the data plane is seen again. */
    void unwatched(TrackedTrail at) {
        if (tunnels.containsKey(at)) {
            prove(at.trail().furthest());
            moves.happened(at);
            tunnels.remove(at);
            unwatched = true;
        }
    }

    /**
     * Whether it had a tunnel for over a minute, and has had none for over a minute, at a moment, or as long as the trail of its last
     * proxy knows of.
     */
    boolean isLost(long since, long until) {
        return proven
                && !isConnected()
                && drainedBy == null
                && gone >= since
                && last != null
                && Math.min(until, last.known()) - gone > Micros.MINUTE;
    }

    /** Whether its tunnels went from one proxy to another. */
    boolean hasMoved() {
        return moves.count() > 0;
    }

    boolean isFlapping() {
        return flapping || moves.areOften();
    }

    /** The proxies that it was at. */
    private ProxyNames proxies() {
        return moves.proxies(last == null ? "" : last.proxy());
    }

    ReportFinding moved() {
        return new ReportFinding(
                FindingKind.DATA_PLANE_MOVED,
                Optional.of(client),
                service(),
                moves.words(),
                moves.count(),
                Optional.of(moves.first()),
                Optional.of(moves.last()),
                FindingKind.DATA_PLANE_MOVED.advice(),
                proxies());
    }

    ReportFinding lost() {
        return new ReportFinding(
                FindingKind.DATA_PLANE_LOST,
                Optional.of(client),
                service(),
                "no tunnel since then, after one for " + words(lasted),
                1,
                Optional.of(gone),
                Optional.of(gone),
                FindingKind.DATA_PLANE_LOST.advice(),
                proxies());
    }

    ReportFinding flapping() {
        if (!flapping) {
            return new ReportFinding(
                    FindingKind.DATA_PLANE_FLAPPING,
                    Optional.of(client),
                    service(),
                    moves.words(),
                    moves.count(),
                    Optional.of(moves.first()),
                    Optional.of(moves.last()),
                    "It moves back and forth. Look at what spreads connections over the proxies, and whether one of them"
                            + " refuses it.",
                    proxies());
        }
        String shortTunnels =
                handshake.map(how -> "short tunnels, TLS handshake " + how).orElse("short tunnels");
        return ReportFinding.counted(
                FindingKind.DATA_PLANE_FLAPPING,
                client,
                service(),
                moves.areOften() ? shortTunnels + ", " + moves.words() : shortTunnels,
                shortOnes,
                shortOnes
                        .hint()
                        .orElse(
                                handshake.isPresent()
                                        ? FindingKind.BROKEN_HANDSHAKES.advice()
                                        : FindingKind.DATA_PLANE_FLAPPING.advice()),
                proxies());
    }

    private String service() {
        return "control plane " + key.controlPlane()
                + (key.region().isEmpty() ? "" : " in " + key.region())
                + (key.telemetry() ? " (tp)" : " (cp)");
    }

    static String words(long micros) {
        if (micros >= 2 * Micros.DAY) {
            return micros / Micros.DAY + " days";
        }
        return micros >= 2 * Micros.HOUR
                ? micros / Micros.HOUR + " hours"
                : Math.max(1, micros / Micros.MINUTE) + " min";
    }
}
