package io.konnectproxy.audit;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One line of the audit trail. */
public sealed interface AuditRecord {
    /** When it happened. */
    Instant time();

    /**
     * A request was judged. Exactly one for each request, written before the reply goes out, but for refusals that are
     * summed up ({@link Refusals}).
     *
     * @param id names the request in the reply and in the tunnel's line
     * @param listener the local address that the client came to, {@code host:port}
     * @param entry name of the client's own rules, where it has such
     * @param target empty when the connection never got as far as asking for something
     * @param hint what is known beyond the verdict, for the operator; nothing secret
     */
    record Decision(
            Instant time,
            String id,
            String listener,
            Client client,
            Optional<String> entry,
            Optional<AskedTarget> target,
            Verdict verdict,
            Optional<String> hint)
            implements AuditRecord {}

    /**
     * A permitted tunnel ended, or never came about. Exactly one for each permitted request.
     *
     * @param id the decision's
     * @param target the permit's {@code host:port}
     * @param upstream what was dialled, once something was
     * @param hello what the ClientHello said, once there was one
     * @param bytesUp bytes from client to Konnect inside the tunnel
     * @param bytesDown bytes from Konnect to client inside the tunnel
     * @param dns time to resolve, where that was begun
     * @param connect time to connect, where that was begun
     * @param duration from the decision to the end
     * @param hint what is known beyond the outcome, for the operator; nothing secret
     */
    record TunnelEnd(
            Instant time,
            String id,
            String target,
            Outcome outcome,
            Optional<Upstream> upstream,
            Optional<Hello> hello,
            long bytesUp,
            long bytesDown,
            Optional<Duration> dns,
            Optional<Duration> connect,
            Duration duration,
            Optional<String> hint)
            implements AuditRecord {}

    /**
     * What was dialled.
     *
     * @param via the parent proxy that this is the address of; empty where it is Konnect's
     */
    record Upstream(InetSocketAddress address, Optional<Via> via) {}

    /**
     * A parent proxy.
     *
     * @param parent its URL without credentials, {@code http://proxy.corp:3128}
     * @param asked what it was asked to connect to, {@code host:port}
     * @param status its answer, where that was a refusal
     */
    record Via(String parent, String asked, OptionalInt status) {}

    /**
     * What the ClientHello of a tunnel said; of two that were sent, the second one. It stays in memory as long as its tunnel,
     * so that it holds no more than the line shows.
     *
     * @param alpn the first of the ALPN protocols
     * @param alpnCut whether there were more
     * @param versions the offered TLS versions
     * @param ech whether Encrypted ClientHello was offered
     * @param resumes whether a session was offered
     */
    record Hello(
            Optional<String> serverName,
            List<String> alpn,
            boolean alpnCut,
            List<String> versions,
            boolean ech,
            boolean resumes) {
        /** Of either list. */
        public static final int MOST_ITEMS = 16;
        /** Of an item in either list, in characters. */
        public static final int LONGEST_ITEM = 512;

        public Hello {
            alpn = bounded(alpn);
            versions = bounded(versions);
        }

        private static List<String> bounded(List<String> items) {
            if (items.size() > MOST_ITEMS || items.stream().anyMatch(item -> item.length() > LONGEST_ITEM)) {
                throw new IllegalArgumentException("more of a ClientHello than a line shows");
            }
            return List.copyOf(items);
        }
    }

    /**
     * Refusals that have no line of their own, since their client or all together had as many lines as a minute has. Each
     * refusal is a {@link Decision} or counted in exactly one of these.
     *
     * @param client whose they are; empty for those of all clients that were too many to be told apart
     * @param listener the local address that they came to; empty where they came to several
     * @param reasons how many of each; at least one
     * @param first when the first of them was refused
     * @param last when the last of them was
     */
    record Refusals(
            Instant time,
            Optional<CountedClient> client,
            Optional<String> listener,
            Map<Refusal, Long> reasons,
            Instant first,
            Instant last)
            implements AuditRecord {
        public Refusals {
            if (reasons.isEmpty() || reasons.values().stream().anyMatch(count -> count < 1)) {
                throw new IllegalArgumentException("a sum of nothing");
            }
            reasons = Collections.unmodifiableMap(new EnumMap<>(reasons));
        }

        /**
         * Whose refusals are summed up.
         *
         * @param address the client's; the network's first where {@code network}
         * @param network whether several addresses of one IPv6 /64 were refused, which count as one client
         */
        public record CountedClient(InetAddress address, boolean network) {}

        /** How many they are. */
        public long count() {
            return reasons.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * The proxy started.
     *
     * @param version of the program
     */
    record Start(Instant time, String version) implements AuditRecord {}

    /** The proxy began to drain, or stopped. */
    record Lifecycle(Instant time, Phase phase) implements AuditRecord {
        /** The constant's name in lower case is the line's {@code event}. */
        public enum Phase {
            DRAIN,
            STOP
        }
    }

    /**
     * What is permitted from now on.
     *
     * @param changes against what was permitted before; empty where nothing is known of that
     */
    record Configured(
            Instant time, Occasion occasion, PolicySettings policy, Optional<List<PolicySettings.Change>> changes)
            implements AuditRecord {
        /** Why it is written. The constant's name in lower case stands in the line. */
        public enum Occasion {
            START,
            /** A new file of the trail begins; nothing has changed. */
            SEGMENT
        }

        /** The same at the beginning of a new file, so that it can be read by itself. */
        public Configured forSegment(Instant now) {
            return new Configured(now, Occasion.SEGMENT, policy, Optional.of(List.of()));
        }
    }

    /**
     * Lines that could not be written.
     *
     * @param lost how many
     * @param from when the first of them was due
     * @param until when writing was possible again
     * @param reason why, half a sentence
     * @param served whether what they were about was done all the same
     */
    record Gap(Instant time, long lost, Instant from, Instant until, String reason, boolean served)
            implements AuditRecord {}

    /**
     * What stood at the end of a file and was no line of the trail was set aside, for whoever wants to look at it.
     *
     * @param keptAs name of the file that holds it now
     * @param bytes how much that is
     * @param reason why it is no line of the trail, half a sentence
     */
    record SetAside(Instant time, String keptAs, long bytes, String reason) implements AuditRecord {}

    /**
     * A finished file of the trail was removed, as the configuration demands.
     *
     * @param file its name
     * @param reason the setting
     */
    record Removed(Instant time, String file, String reason) implements AuditRecord {}

    /**
     * All lines up to here are signed for.
     *
     * @param key fingerprint of the public key
     */
    record Checkpoint(Instant time, String key) implements AuditRecord {}

    /**
     * Lines that a mirror missed; they are in the trail.
     *
     * @param mirror its name
     * @param missed how many
     */
    record Unmirrored(Instant time, String mirror, long missed, Instant from, Instant until, String reason)
            implements AuditRecord {}
}
