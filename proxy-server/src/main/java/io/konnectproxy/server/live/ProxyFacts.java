package io.konnectproxy.server.live;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds of the proxy at one moment. Its components are members of the event {@code state}, and nothing in it is secret.
 *
 * @param started when the process started to serve
 * @param reasons why it is not ready, a sentence each
 * @param memory bytes that connections hold, and may hold
 * @param descriptors open files, where the system tells
 * @param archive empty where there is none
 */
public record ProxyFacts(
        Instant time,
        String instance,
        String version,
        Instant started,
        boolean ready,
        List<String> reasons,
        InForceFacts configuration,
        UsedOf connections,
        UsedOf memory,
        Optional<UsedOf> descriptors,
        AuditFacts audit,
        List<MirrorFacts> mirrors,
        Optional<ArchiveFacts> archive,
        List<ParentFacts> parents,
        DnsFacts dns,
        List<CertificateFacts> certificates,
        List<DemandFacts> listeners,
        List<PinFacts> controlPlanes) {
    public ProxyFacts {
        reasons = List.copyOf(reasons);
        mirrors = List.copyOf(mirrors);
        parents = List.copyOf(parents);
        certificates = List.copyOf(certificates);
        listeners = List.copyOf(listeners);
        controlPlanes = List.copyOf(controlPlanes);
    }

    /** The configuration in force. */
    public record InForceFacts(String digest, Instant since, String mode, List<String> regions, ReloadFacts reload) {
        public InForceFacts {
            regions = List.copyOf(regions);
        }
    }

    /**
     * The last attempt to change the configuration.
     *
     * @param result {@code none}, {@code success} or {@code failure}
     * @param problems why it was refused, a sentence each
     */
    public record ReloadFacts(String result, Optional<Instant> at, List<String> problems) {
        private static final int MOST_PROBLEMS = 20;

        public ReloadFacts {
            problems = problems.stream()
                    .limit(MOST_PROBLEMS)
                    .map(ShownText::sentences)
                    .toList();
        }
    }

    /** How much there is of something that is bounded. */
    public record UsedOf(long used, long most) {}

    /**
     * The audit trail.
     *
     * @param to where it is written
     */
    public record AuditFacts(boolean available, long lines, long lost, String to) {}

    /** A mirror of the trail, and the lines that it missed. */
    public record MirrorFacts(String name, long missed) {}

    /**
     * The archive of the trail.
     *
     * @param to the bucket
     * @param pending finished files that are not in it yet
     * @param objects put since the start
     * @param at when the last one was put
     * @param trouble why the last attempt failed; empty if it did not
     * @param checkpoint the number of the newest checkpoint in it
     */
    public record ArchiveFacts(
            String to,
            int pending,
            long objects,
            Optional<Instant> at,
            Optional<String> trouble,
            Optional<Long> checkpoint) {}

    /** A parent proxy, and whether it answered when it was last tried. */
    public record ParentFacts(String url, boolean available) {}

    /**
     * Name resolution.
     *
     * @param servers empty for the system's
     */
    public record DnsFacts(List<String> servers, long staleAnswers) {
        public DnsFacts {
            servers = List.copyOf(servers);
        }
    }

    /** The certificate of a listener. */
    public record CertificateFacts(String listener, Instant notAfter) {
        /** In the order of the map. */
        public static List<CertificateFacts> of(Map<String, Instant> byListener) {
            return byListener.entrySet().stream()
                    .map(each -> new CertificateFacts(each.getKey(), each.getValue()))
                    .toList();
        }
    }

    /**
     * A listener.
     *
     * @param demands {@code user}, {@code certificate}, {@code source}, {@code proxy-protocol}
     */
    public record DemandFacts(String address, boolean tls, List<String> demands) {
        public DemandFacts {
            demands = List.copyOf(demands);
        }
    }

    /** A pinned control plane, and whether it has an open tunnel. */
    public record PinFacts(String label, boolean connected) {}
}
