package io.konnectproxy.server.config;

import io.konnectproxy.policy.EgressPolicy.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds values that are valid but probably not intended. */
final class Warnings {
    /** A Kong data plane gives up after 5 s; resolving and deciding need a part of that. */
    private static final Duration KONG_WAITS = Duration.ofSeconds(4);
    /** Kong pings its control plane at this interval, so a shorter idle limit cuts healthy tunnels. */
    private static final Duration KONG_PINGS = Duration.ofSeconds(30);

    private Warnings() {}

    /**
     * @param facts of each listener
     * @param origins where the value of each key came from
     */
    static List<String> of(
            Configuration configuration, List<ListenerFacts> facts, Map<String, String> origins, Instant now) {
        List<String> warnings = new ArrayList<>();
        PinsWarnings.add(configuration, origins, warnings);
        if (configuration.rules().mode() == Mode.REPORT_ONLY) {
            warnings.add("hosts that are refused are let through all the same (mode: report-only)");
        }
        times(configuration, warnings);
        ListenWarnings.add(configuration, facts, now, warnings);
        ClientsWarnings.add(configuration, facts, warnings);
        EgressWarnings.add(configuration, warnings);
        AuditWarnings.add(configuration.audit(), warnings);
        AdminWarnings.add(configuration.admin(), origins, warnings);
        return warnings;
    }

    private static void times(Configuration configuration, List<String> warnings) {
        Duration connect = configuration.timeouts().connect();
        if (connect.compareTo(KONG_WAITS) > 0) {
            warnings.add("timeouts.connect is " + Values.text(connect)
                    + ", but a Kong data plane waits 5s in all; 4s leaves it time to read the answer");
        }
        Duration dns = configuration.dns().timeout();
        if (dns.compareTo(connect) >= 0) {
            warnings.add("dns.timeout is " + Values.text(dns) + ", but timeouts.connect, " + Values.text(connect)
                    + ", is for resolving and connecting together; a slow name leaves no time to connect");
        }
        Duration idle = configuration.timeouts().idle();
        if (idle.compareTo(KONG_PINGS) <= 0) {
            warnings.add("timeouts.idle is " + Values.text(idle)
                    + ", but a Kong data plane sends a ping every 30s only; healthy tunnels will be cut");
        }
    }
}
