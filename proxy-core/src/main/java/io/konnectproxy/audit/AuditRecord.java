package io.konnectproxy.audit;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One line of the audit trail. */
public sealed interface AuditRecord {
    /** The time of the event. */
    Instant time();

    /**
     * The decision about a request. There is exactly one for each request, written before the reply is sent, except for
     * refusals that are summed up ({@link Refusals}).
     *
     * @param id identifies the request in the reply and in the tunnel's line
     * @param listener the local address of the client's connection, {@code host:port}
     * @param entry name of the client entry whose rules apply; empty if the client has none
     * @param claimedUser the user of credentials that were wrong, which anybody may send; never of right ones
     * @param target empty if no request target was read
     * @param hint details beyond the verdict, for the operator; nothing secret
     */
    record Decision(
            Instant time,
            String id,
            String listener,
            Client client,
            Optional<String> entry,
            Optional<String> claimedUser,
            Optional<AskedTarget> target,
            Verdict verdict,
            Optional<String> hint)
            implements AuditRecord {}

    /**
     * Who asked for a tunnel: what the decision says about its client, and the tunnel's line repeats. It is held in memory as
     * long as the tunnel is open, so it is limited to what the audit line shows.
     *
     * @param listener the local address of the client's connection, {@code host:port}
     * @param client of the names of its certificate only the first
     * @param entry name of the client entry whose rules apply; empty if the client has none
     */
    record Requester(String listener, Client client, Optional<String> entry) {
        public Requester {
            List<String> names = client.certificateNames();
            if (names.size() > 1) {
                client = new Client(client.address(), client.peer(), client.user(), names.subList(0, 1));
            }
        }
    }

    /**
     * A permitted tunnel ended, or was never opened. There is exactly one for each permitted request.
     *
     * @param id the id of the decision
     * @param target {@code host:port} of the permit
     * @param rule the rule of the permit
     * @param upstream the dialled address; empty if none was dialled
     * @param hello the contents of the ClientHello; empty if none was read
     * @param handshake what the TLS handshake came to that began with it
     * @param bytesUp bytes from client to Konnect inside the tunnel
     * @param bytesDown bytes from Konnect to client inside the tunnel
     * @param dns duration of name resolution; empty if it was not started
     * @param connect duration of connecting; empty if it was not started
     * @param duration from the decision to the end
     * @param hint details beyond the outcome, for the operator; nothing secret
     */
    record TunnelEnd(
            Instant time,
            String id,
            Requester requester,
            String target,
            Rule rule,
            Outcome outcome,
            Optional<Upstream> upstream,
            Optional<Hello> hello,
            Handshake handshake,
            long bytesUp,
            long bytesDown,
            Optional<Duration> dns,
            Optional<Duration> connect,
            Duration duration,
            Optional<String> hint)
            implements AuditRecord {}

    /**
     * The dialled address.
     *
     * @param via the parent proxy that has this address; empty if it is Konnect's address
     */
    record Upstream(InetSocketAddress address, Optional<Via> via) {}

    /**
     * A parent proxy.
     *
     * @param parent its URL without credentials, {@code http://proxy.corp:3128}
     * @param asked the target of the CONNECT request to it, {@code host:port}
     * @param status the status of its response, if it refused
     */
    record Via(String parent, String asked, OptionalInt status) {}

    /**
     * The contents of a tunnel's ClientHello; after a HelloRetryRequest those of the second one. It is held in memory as long
     * as the tunnel is open, so it is limited to what the audit line shows.
     *
     * @param alpn the first ALPN protocols
     * @param alpnCut whether more protocols were offered
     * @param versions the offered TLS versions
     * @param ech whether Encrypted ClientHello was offered
     * @param resumes whether the ClientHello offered to resume a session
     */
    record Hello(
            Optional<String> serverName,
            List<String> alpn,
            boolean alpnCut,
            List<String> versions,
            boolean ech,
            boolean resumes) {
        /** Maximum number of items in either list. */
        public static final int MOST_ITEMS = 16;
        /** Maximum length of an item in either list, in characters. */
        public static final int LONGEST_ITEM = 512;

        public Hello {
            alpn = bounded(alpn);
            versions = bounded(versions);
        }

        private static List<String> bounded(List<String> items) {
            if (items.size() > MOST_ITEMS || items.stream().anyMatch(item -> item.length() > LONGEST_ITEM)) {
                throw new IllegalArgumentException(
                        "more ALPN protocols or versions, or longer ones, than an audit line shows");
            }
            return List.copyOf(items);
        }
    }

    /**
     * What the TLS handshake inside a tunnel came to.
     *
     * @param alert the name of the alert; empty if there was none, or if it was encrypted
     */
    record Handshake(HandshakeEnd end, Optional<String> alert) {
        /** How it ended. The line has the name of the constant in lower case. */
        public enum HandshakeEnd {
            COMPLETED,
            CLIENT_ALERT,
            SERVER_ALERT,
            UNFINISHED;

            private final String token = name().toLowerCase(Locale.ROOT);

            public String token() {
                return token;
            }
        }

        /** It was not finished, as far as could be seen. */
        public static final Handshake UNFINISHED = new Handshake(HandshakeEnd.UNFINISHED, Optional.empty());
    }

    /**
     * Refusals without a line of their own, because the lines of a minute for their client or for all clients were used up.
     * Each refusal is either a {@link Decision} or counted in exactly one of these.
     *
     * @param client the refused client; empty for the sum of all clients beyond the number that is counted separately
     * @param listener the local address of the refused connections; empty if they differ
     * @param reasons the number of refusals for each reason; at least one reason
     * @param first the time of the first refusal
     * @param last the time of the last refusal
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
                throw new IllegalArgumentException("no reasons, or a reason that was counted less than once");
            }
            reasons = Collections.unmodifiableMap(new EnumMap<>(reasons));
        }

        /**
         * The client whose refusals are summed up.
         *
         * @param address the client's address, or the first address of the network if {@code network} is set
         * @param network whether several addresses of one IPv6 /64 were refused, which count as one client
         */
        public record CountedClient(InetAddress address, boolean network) {}

        /** The number of refusals, over all reasons. */
        public long count() {
            return reasons.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * The proxy started.
     *
     * @param version the version of the program
     * @param instance the name of this proxy
     */
    record Start(Instant time, String version, String instance) implements AuditRecord {}

    /** The proxy started to drain, or stopped. */
    record Lifecycle(Instant time, Phase phase) implements AuditRecord {
        /** The name of the constant in lower case is the {@code event} of the line. */
        public enum Phase {
            DRAIN,
            STOP
        }
    }

    /**
     * The proxy could not start. It is the only record of that attempt, and has the event of a stop.
     *
     * @param reason the sentence for the operator; nothing secret
     */
    record NotStarted(Instant time, String reason) implements AuditRecord {}

    /**
     * The policy that applies from now on.
     *
     * @param instance the name of this proxy
     * @param digest hexadecimal digits that identify the whole configuration, of which the policy is a part
     * @param changes the differences from the policy before; empty if that one is not known
     */
    record Configured(
            Instant time,
            Occasion occasion,
            String instance,
            String digest,
            PolicySettings policy,
            Optional<List<PolicySettings.Change>> changes)
            implements AuditRecord {
        /** Why the record is written. The line has the name of the constant in lower case. */
        public enum Occasion {
            START,
            /** A changed configuration was read, and is in force from now on. */
            RELOAD,
            /** A new file of the trail begins. The policy has not changed. */
            SEGMENT
        }

        /** The same record with the moment at which the policy is put in force, which is known last. */
        public Configured at(Instant now) {
            return new Configured(now, occasion, instance, digest, policy, changes);
        }

        /** The record that repeats this policy at the beginning of a new file, so that the file can be read by itself. */
        public Configured forSegment(Instant now) {
            return new Configured(now, Occasion.SEGMENT, instance, digest, policy, Optional.of(List.of()));
        }
    }

    /**
     * A changed configuration was refused; the old one stays in force.
     *
     * @param problems what is wrong with it, a sentence each; nothing secret
     */
    record ReloadRefused(Instant time, List<String> problems) implements AuditRecord {
        public ReloadRefused {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Lines that could not be written.
     *
     * @param lost the number of lines
     * @param from the time of the first line
     * @param until the time at which writing was possible again
     * @param reason the cause, as half a sentence
     * @param served whether the requests of these lines were served nevertheless
     */
    record Gap(Instant time, long lost, Instant from, Instant until, String reason, boolean served)
            implements AuditRecord {}

    /**
     * Bytes at the end of a file that were not a line of the trail were moved to another file, for later inspection.
     *
     * @param keptAs the name of the file that they were moved to
     * @param bytes the number of bytes
     * @param reason why they are not a line of the trail, as half a sentence
     */
    record SetAside(Instant time, String keptAs, long bytes, String reason) implements AuditRecord {}

    /**
     * A finished file of the trail was removed, as configured.
     *
     * @param file the name of the file
     * @param reason the setting that demands the removal
     */
    record Removed(Instant time, String file, String reason) implements AuditRecord {}

    /**
     * The clock jumped. {@code time} is what it says now.
     *
     * @param expected what the clock would say without this jump; equal to {@code time} where an earlier jump is repeated
     * @param counted the time as the trail has seen it pass, by which finished files are removed
     */
    record Clock(Instant time, Moment occasion, Instant expected, Instant counted) implements AuditRecord {
        /** Where the jump was. The line has the name of the constant in lower case. */
        public enum Moment {
            /** While the proxy ran. */
            RUNNING,
            /** Between the last line of the trail and a start. */
            START,
            /** An earlier jump still counts. Said after each configuration, so that each file says it by itself. */
            REPEATED
        }
    }

    /**
     * A signature over all lines up to this one.
     *
     * @param key the fingerprint of the public key
     */
    record Checkpoint(Instant time, String key) implements AuditRecord {}

    /**
     * Lines that were not delivered to a mirror. The trail has them.
     *
     * @param mirror the name of the mirror
     * @param missed the number of lines
     */
    record Unmirrored(Instant time, String mirror, long missed, Instant from, Instant until, String reason)
            implements AuditRecord {}
}
