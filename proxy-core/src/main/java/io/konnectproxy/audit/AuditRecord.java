package io.konnectproxy.audit;

import io.konnectproxy.policy.Verdict;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One line of the audit trail. */
public sealed interface AuditRecord {
    /** When it happened. */
    Instant time();

    /**
     * A request was judged. Exactly one for each request, written before the reply goes out.
     *
     * @param id names the request in the reply and in the tunnel's line
     * @param listener the local address that the client came to, {@code host:port}
     * @param target empty when the connection never got as far as asking for something
     * @param hint what is known beyond the verdict, for the operator; nothing secret
     */
    record Decision(
            Instant time,
            String id,
            String listener,
            InetSocketAddress client,
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
            Optional<InetSocketAddress> upstream,
            Optional<Hello> hello,
            long bytesUp,
            long bytesDown,
            Optional<Duration> dns,
            Optional<Duration> connect,
            Duration duration,
            Optional<String> hint)
            implements AuditRecord {}

    /** What the ClientHello of a tunnel said: server name, ALPN protocols, offered TLS versions, whether ECH is there. */
    record Hello(Optional<String> serverName, List<String> alpn, List<String> versions, boolean ech) {
        public Hello {
            alpn = List.copyOf(alpn);
            versions = List.copyOf(versions);
        }
    }

    /** The proxy itself started, began to drain, or stopped. */
    record Lifecycle(Instant time, Phase phase) implements AuditRecord {
        /** The constant's name in lower case is the line's {@code event}. */
        public enum Phase {
            START,
            DRAIN,
            STOP
        }
    }
}
