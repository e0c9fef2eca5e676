package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines the answers to A and AAAA. Addresses of the preferred family are passed on at once, together with those of the
 * other family if they have arrived; later ones follow. The other family alone is used once the preferred one is known to
 * have no address or, if that is IPv6, has not answered within the resolution delay. IPv4 has no such delay, since nearly
 * all hosts of Konnect have an IPv4 address. Runs on the DNS event loop.
 */
final class DualStackLookup {
    /** The longest TTL of addresses of one family, if the query for the other family failed. */
    private static final Duration MAX_HALF_ANSWER = Duration.ofSeconds(5);

    private final AddressFamily family;
    private final Consumer<DnsAnswer> whenKnown;
    private final Consumer<Found> whenLate;
    private @Nullable DnsAnswer ipv4;
    private @Nullable DnsAnswer ipv6;
    private boolean known;

    DualStackLookup(AddressFamily family, Consumer<DnsAnswer> whenKnown, Consumer<Found> whenLate) {
        this.family = family;
        this.whenKnown = whenKnown;
        this.whenLate = whenLate;
    }

    void onIpv4(DnsAnswer answer) {
        ipv4 = answer;
        onAnswer(answer);
    }

    void onIpv6(DnsAnswer answer) {
        ipv6 = answer;
        onAnswer(answer);
    }

    private void onAnswer(DnsAnswer answer) {
        if (!known) {
            combine();
        } else if (answer instanceof Found late && ipv4 instanceof Found && ipv6 instanceof Found) {
            whenLate.accept(late);
        }
    }

    boolean isOver() {
        return (ipv4 != null || !FamilyOrder.uses4(family)) && (ipv6 != null || !FamilyOrder.uses6(family));
    }

    private @Nullable DnsAnswer preferred() {
        return prefersIpv6() ? ipv6 : ipv4;
    }

    private @Nullable DnsAnswer other() {
        return prefersIpv6() ? ipv4 : ipv6;
    }

    private boolean prefersIpv6() {
        return family == AddressFamily.IPV6_FIRST || family == AddressFamily.IPV6_ONLY;
    }

    /** Whether IPv4 addresses are held back until {@link #onResolutionDelayOver}. */
    boolean waitsForPreferred() {
        return !known && prefersIpv6() && ipv6 == null && ipv4 instanceof Found;
    }

    void onResolutionDelayOver() {
        if (waitsForPreferred() && ipv4 != null) {
            know(ipv4);
        }
    }

    private void combine() {
        DnsAnswer preferred = preferred();
        DnsAnswer other = other();
        if (preferred instanceof Found found) {
            know(other instanceof Found more ? found.and(more) : found);
        } else if (ipv4 instanceof Missing missing && missing.cause() == Cause.NO_SUCH_NAME) {
            // NXDOMAIN holds for all types (RFC 8020). For AAAA it is not trusted: some load balancers send it for
            // names
            // that have A.
            know(missing);
        } else if (preferred instanceof Missing missing && isOver()) {
            know(other == null ? missing : withoutPreferred(missing, other));
        }
    }

    private DnsAnswer withoutPreferred(Missing preferred, DnsAnswer other) {
        if (other instanceof Found found) {
            boolean whole = preferred.cause().isAnAnswer() || found.timeToLive().compareTo(MAX_HALF_ANSWER) < 0;
            return whole ? found : new Found(found.addresses(), MAX_HALF_ANSWER);
        }
        // A failed query is the more useful reason than an empty answer for the other type.
        boolean otherSaysMore = preferred.cause().isAnAnswer()
                && other instanceof Missing missing
                && (!missing.cause().isAnAnswer() || prefersIpv6());
        return otherSaysMore ? other : preferred;
    }

    private void know(DnsAnswer answer) {
        known = true;
        whenKnown.accept(answer);
    }
}
