package io.konnectproxy.server.dns;

import io.konnectproxy.policy.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The answer of DNS for a name. Its addresses are not checked yet, so none may be dialled. */
sealed interface DnsAnswer {

    /** At least one address, in the order of the answer. */
    record Found(List<InetAddress> addresses, Duration timeToLive) implements DnsAnswer {
        public Found {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses is empty");
            }
        }

        /** These addresses, then the others, with the smaller of the two TTLs. */
        Found and(Found others) {
            return new Found(
                    Stream.concat(addresses.stream(), others.addresses.stream()).toList(),
                    timeToLive.compareTo(others.timeToLive) < 0 ? timeToLive : others.timeToLive);
        }
    }

    /** No address; {@code hint} is a sentence for the operator. */
    record Missing(Cause cause, String hint) implements DnsAnswer {}

    /** Why there is no address. */
    enum Cause {
        NO_SUCH_NAME(Refusal.DNS_NOT_FOUND),
        NO_ADDRESS(Refusal.DNS_NOT_FOUND),
        FAILED(Refusal.DNS_FAILED),
        TIMED_OUT(Refusal.DNS_TIMEOUT);

        private final Refusal refusal;

        Cause(Refusal refusal) {
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }

        /** Whether DNS answered; otherwise it is unknown whether the name has addresses. */
        boolean isAnAnswer() {
            return this == NO_SUCH_NAME || this == NO_ADDRESS;
        }
    }
}
