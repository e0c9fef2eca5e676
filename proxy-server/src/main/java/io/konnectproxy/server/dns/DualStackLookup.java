package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines the answers to A and AAAA. Addresses of the preferred family are passed on at once, together with those of the other
 * family if they have arrived; later ones follow. The other family alone is enough once the preferred one is known to have no
 * address, or has been waited for. An answer for IPv4 is always waited for, since nearly all hosts of Konnect have one, and one
 * for IPv6 only for a moment. All on the DNS event loop.
 */
final class DualStackLookup {
    /** Addresses of one type alone, because the other could not be asked for, are not kept long. */
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

    /** Whether there are IPv4 addresses, which are held back until {@link #onPatienceOver}. */
    boolean waitsForPreferred() {
        return !known && prefersIpv6() && ipv6 == null && ipv4 instanceof Found;
    }

    void onPatienceOver() {
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
            // Of whatever type, RFC 8020. For AAAA it is not believed: some load balancers say it of names that have A.
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
        // That a type could not be asked for says more than that there is none of the other.
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
