package io.konnectproxy.report;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.AddressText;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.target.ConnectTarget;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises requests that would lead to what only the proxy's own network has: a metadata service, a loopback or a private
 * address. Few honest clients ask for one, so these are shown first however few they are.
 */
final class InternalTarget {
    private static final AddressCheck PUBLIC = new AddressCheck(List.of(), Set.of(), Set.of());

    /** Permits whatever a configuration may permit. */
    private static final AddressCheck WIDEST = AddressCheck.ofParents(Set.of(), Set.of());

    private InternalTarget() {}

    /** Whether a target is an address that is not public, or one in a spelling that hides what it is, {@code 0x7f.1:443}. */
    static boolean is(String target) {
        return isLiteral(target)
                && address(target)
                        .map(address -> PUBLIC.check(address, EgressPolicy.PORT) instanceof AddressCheck.Forbidden)
                        .orElse(true);
    }

    /** Whether a target is the address of a metadata service, which gives credentials away: the worst of all. */
    static boolean isMetadata(String target) {
        return isLiteral(target)
                && address(target)
                        .filter(address -> !AddressCheck.isNoHost(address))
                        .filter(address -> WIDEST.check(address, EgressPolicy.PORT) instanceof AddressCheck.Forbidden)
                        .isPresent();
    }

    private static boolean isLiteral(String target) {
        return ConnectTarget.parse(target) instanceof ConnectTarget.IpLiteral;
    }

    /** Empty for spellings that Java does not read. */
    private static Optional<InetAddress> address(String target) {
        String host = target.substring(0, target.lastIndexOf(':'));
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return AddressText.read(address).map(AddressText::address);
    }

    static boolean is(RepeatedRequest request) {
        return isForbiddenAddress(request.result()) || isOfOtherServer(request.result()) || isRefused(request);
    }

    /** The same for a refusal. Those that were summed up may have been for any address. */
    static boolean isRefused(RepeatedRequest request) {
        return is(request.target())
                || (request.target().equals(RepeatedRequest.SUMMED_UP) && isAddress(request.result()));
    }

    /** Whether it is the reason of a request for an address, internal or not. */
    static boolean isAddress(String reason) {
        return reason.equals(Refusal.IP_LITERAL.token());
    }

    /** Whether it is the outcome of a tunnel that a client wanted to another server than it had asked for. */
    static boolean isOfOtherServer(String outcome) {
        return outcome.equals(Refusal.SNI_MISMATCH.token()) || outcome.equals(Refusal.HELLO_CHANGED.token());
    }

    /** Whether it is the outcome of a name that was permitted and led to an address that was not. */
    static boolean isForbiddenAddress(String outcome) {
        return outcome.equals(Refusal.ADDRESS_FORBIDDEN.token());
    }
}
