package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.Answer.Cause;
import io.konnectproxy.server.dns.Answer.Found;
import io.konnectproxy.server.dns.Answer.Missing;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the answers to A and AAAA together. IPv4 addresses are given on at once, with the IPv6 addresses if those are there
 * already; a late IPv6 answer is handed in afterwards. IPv6 alone is enough once IPv4 is known to have nothing. All on the
 * DNS event loop.
 */
final class AddressLookup {
    /** IPv6 alone, because IPv4 could not be asked, is not kept long. */
    private static final Duration MAX_HALF_ANSWER = Duration.ofSeconds(5);

    private final Consumer<Answer> whenKnown;
    private final Consumer<Found> whenLate;
    private @Nullable Answer ipv4;
    private @Nullable Answer ipv6;
    private boolean known;

    AddressLookup(Consumer<Answer> whenKnown, Consumer<Found> whenLate) {
        this.whenKnown = whenKnown;
        this.whenLate = whenLate;
    }

    void onIpv4(Answer answer) {
        ipv4 = answer;
        combine();
    }

    void onIpv6(Answer answer) {
        ipv6 = answer;
        if (known && ipv4 instanceof Found && answer instanceof Found found) {
            whenLate.accept(found);
        } else {
            combine();
        }
    }

    boolean isOver() {
        return ipv4 != null && ipv6 != null;
    }

    private void combine() {
        if (known || ipv4 == null) {
            return;
        }
        if (ipv4 instanceof Found found) {
            know(ipv6 instanceof Found more ? found.and(more) : found);
        } else if (ipv4 instanceof Missing missing && missing.cause() == Cause.NO_SUCH_NAME) {
            // Of whatever type, RFC 8020. For AAAA it is not believed: some load balancers say it of names that have A.
            know(missing);
        } else if (ipv4 instanceof Missing missing && ipv6 != null) {
            know(withoutIpv4(missing, ipv6));
        }
    }

    private static Answer withoutIpv4(Missing ipv4, Answer ipv6) {
        if (ipv6 instanceof Found found) {
            boolean whole = ipv4.cause().isAnAnswer() || found.timeToLive().compareTo(MAX_HALF_ANSWER) < 0;
            return whole ? found : new Found(found.addresses(), MAX_HALF_ANSWER);
        }
        return ipv4.cause().isAnAnswer()
                        && ipv6 instanceof Missing missing
                        && !missing.cause().isAnAnswer()
                ? missing
                : ipv4;
    }

    private void know(Answer answer) {
        known = true;
        whenKnown.accept(answer);
    }
}
