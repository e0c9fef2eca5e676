package io.konnectproxy.server.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is counted and listed. Its components are members of the event {@code state}.
 *
 * @param refusals since the start, the most frequent first
 * @param viewers how many watch
 */
record LiveFigures(
        DecisionFigures decisions,
        List<RefusalFigures> refusals,
        DataPlaneRows dataPlanes,
        TunnelRows tunnels,
        int viewers) {
    LiveFigures {
        refusals = List.copyOf(refusals);
    }

    /** Decisions since the start; rates are of the last ten seconds. */
    record DecisionFigures(
            long permitted, long refused, long unenforced, double permittedPerSecond, double refusedPerSecond) {}

    /** Refusals for one reason since the start; the rate is of the last minute. */
    record RefusalFigures(String token, long count, double perMinute, String sentence) {}

    /**
     * Data planes.
     *
     * @param more how many match and are not shown
     * @param shown the worst first
     */
    record DataPlaneRows(int connected, int lost, int flapping, int refused, int more, List<DataPlaneRow> shown) {
        DataPlaneRows {
            shown = List.copyOf(shown);
        }
    }

    /** A client, and the configuration (cp) or the telemetry (tp) of a control plane. Its counts are of the last ten minutes. */
    record DataPlaneRow(
            String client,
            Optional<String> name,
            Optional<String> controlPlane,
            Optional<String> region,
            String channel,
            List<String> troubles,
            int tunnels,
            Optional<Duration> connectedFor,
            Optional<Duration> goneFor,
            Optional<Duration> before,
            int ended,
            int refusals,
            long refusalsInAll,
            Optional<LastRefusal> refusal) {
        DataPlaneRow {
            troubles = List.copyOf(troubles);
        }
    }

    /** Why it was refused last, and what would permit it. */
    record LastRefusal(String token, String sentence, String remedy) {}

    /**
     * Tunnels that are open.
     *
     * @param matching how many the viewer's query finds
     * @param more how many of them are not shown
     * @param bytesUp bytes to Konnect since the start, of tunnels that have ended too
     * @param upPerSecond of the last ten seconds
     */
    record TunnelRows(
            int open,
            int matching,
            int more,
            long bytesUp,
            long bytesDown,
            double upPerSecond,
            double downPerSecond,
            List<TunnelRow> shown) {
        TunnelRows {
            shown = List.copyOf(shown);
        }
    }

    /**
     * An open tunnel.
     *
     * @param purpose that of Konnect's host, or the name of the rule that permits another one
     * @param upstream Konnect's address; empty behind a parent proxy
     */
    record TunnelRow(
            String id,
            String client,
            Optional<String> user,
            String listener,
            String host,
            String purpose,
            Optional<String> region,
            Optional<String> controlPlane,
            Instant since,
            Duration age,
            long up,
            long down,
            double upPerSecond,
            double downPerSecond,
            Optional<String> upstream,
            Optional<String> parent) {}
}
