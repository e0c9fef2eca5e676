package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent.Hello;
import io.konnectproxy.trail.event.TrailEvent.TunnelEnd;
import java.util.Optional;

/** A client and a service of a control plane, over time, as far as the trail tells. Times are microseconds. */
final class DataPlaneTrack {
    private final TrackKey key;
    /** The client as it was seen last. */
    private String client;

    private int tunnels;
    private long connected;
    /** When its last tunnel ended. */
    private long gone = Long.MIN_VALUE;

    private long lasted;
    /** Whether it had a tunnel for over a minute. */
    private boolean proven;
    /** Whether its last tunnel ended because the proxy was shut down. */
    private boolean drained;

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
        return tunnels > 0;
    }

    boolean isProven() {
        return proven;
    }

    void opened(String from, long time) {
        client = from;
        if (tunnels++ == 0) {
            connected = time;
        }
    }

    /** It was permitted, and never established. */
    void cameToNothing() {
        tunnels = Math.max(0, tunnels - 1);
    }

    /** @param draining whether the proxy ended it to shut down */
    void ended(long time, boolean draining) {
        prove(time);
        tunnels = Math.max(0, tunnels - 1);
        if (tunnels == 0) {
            gone = time;
            lasted = time - connected;
            drained = draining;
        }
    }

    private void prove(long time) {
        proven |= tunnels > 0 && time - connected > Micros.MINUTE;
    }

    /** A tunnel ended before it was ten minutes old. */
    void shortOne(TunnelEnd end) {
        flapping |= ends.add(end.time());
        shortOnes.count(end);
        shortOnes.hint(end.hint());
        handshake = end.hello().flatMap(Hello::brokenHandshake).or(() -> handshake);
    }

    /** Another process began: what was open is not, and whoever was turned out has had nothing to come back to until now. */
    void processBegan(long time) {
        if (tunnels > 0) {
            ended(time, true);
            tunnels = 0;
        }
        if (drained) {
            gone = time;
            drained = false;
        }
    }

    /** Whether it had a tunnel for over a minute, and has had none for over a minute. */
    boolean isLost(long since, long now) {
        return proven && tunnels == 0 && !drained && gone >= since && now - gone > Micros.MINUTE;
    }

    boolean isFlapping() {
        return flapping;
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
                FindingKind.DATA_PLANE_LOST.advice());
    }

    ReportFinding flapping() {
        return ReportFinding.counted(
                FindingKind.DATA_PLANE_FLAPPING,
                client,
                service(),
                handshake.map(how -> "short tunnels, TLS handshake " + how).orElse("short tunnels"),
                shortOnes,
                shortOnes
                        .hint()
                        .orElse(
                                handshake.isPresent()
                                        ? FindingKind.BROKEN_HANDSHAKES.advice()
                                        : FindingKind.DATA_PLANE_FLAPPING.advice()));
    }

    private String service() {
        return "control plane " + key.controlPlane()
                + (key.region().isEmpty() ? "" : " in " + key.region())
                + (key.telemetry() ? " (tp)" : " (cp)");
    }

    private static String words(long micros) {
        if (micros >= 2 * Micros.DAY) {
            return micros / Micros.DAY + " days";
        }
        return micros >= 2 * Micros.HOUR
                ? micros / Micros.HOUR + " hours"
                : Math.max(1, micros / Micros.MINUTE) + " min";
    }
}
