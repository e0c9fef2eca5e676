package io.konnectproxy.policy;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.Verdict.Refused;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The Konnect hosts that all clients, or the clients of one entry, may reach.
 *
 * @param entry the name of the entry; empty for the rules of all clients
 * @param pins the only control planes, portals and tenants that may be reached; a kind without a pin is not restricted
 */
record Rights(Optional<String> entry, Set<Region> regions, Set<Purpose> purposes, Set<TenantLabel> pins) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    static Rights of(EgressPolicy.Rules rules) {
        return new Rights(Optional.empty(), rules.regions(), rules.purposes(), rules.pins());
    }

    static Rights of(ClientEntry entry) {
        return new Rights(Optional.of(entry.name()), entry.regions(), entry.purposes(), entry.pins());
    }

    /** The refusal of a host, or empty if it is permitted. */
    Optional<Refused> objection(KonnectMatch match) {
        Region region = match.host().region().orElse(null);
        if (region != null && !regions.contains(region)) {
            return Optional.of(refused(Refusal.REGION_NOT_ENABLED, region.toString(), "regions"));
        }
        Purpose purpose = match.host().purpose();
        if (!purposes.contains(purpose)) {
            return Optional.of(refused(Refusal.PURPOSE_NOT_ENABLED, purpose.toString(), "purposes"));
        }
        return match.label().filter(label -> !admits(label)).map(this::notPinned);
    }

    private boolean admits(TenantLabel label) {
        return pins.contains(label) || pins.stream().noneMatch(pin -> pin.place() == label.place());
    }

    private Refused notPinned(TenantLabel label) {
        Refusal refusal = switch (label.place()) {
            case CONTROL_PLANE -> Refusal.CONTROL_PLANE_NOT_PINNED;
            case PORTAL -> Refusal.PORTAL_NOT_PINNED;
            case TENANT -> Refusal.TENANT_NOT_PINNED;
        };
        // The ID of a control plane is a UUID, its host prefix is not; the two are easily confused.
        return refusal == Refusal.CONTROL_PLANE_NOT_PINNED
                        && UUID.matcher(label.text()).matches()
                ? new Refused(
                        refusal,
                        "The host begins with a UUID; Konnect's hosts begin with the control plane's short prefix.")
                : refused(
                        refusal,
                        "the " + label.place().noun() + "'s prefix",
                        label.place().key());
    }

    private Refused refused(Refusal refusal, String missing, String key) {
        String where =
                entry.map(name -> key + " of the client entry '" + name + "'").orElse(key);
        return new Refused(refusal, "Add " + missing + " to " + where + ".");
    }
}
