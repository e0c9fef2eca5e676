package io.konnectproxy.policy;

import io.konnectproxy.konnect.ControlPlane;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Verdict.Refused;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of Konnect may be reached: by all, or by the clients of one entry.
 *
 * @param entry the entry's name; empty for the rules of all
 * @param controlPlanes the only ones; empty means any tenant's
 */
record Rights(Optional<String> entry, Set<Region> regions, Set<Purpose> purposes, Set<ControlPlane> controlPlanes) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    static Rights of(EgressPolicy.Rules rules) {
        return new Rights(Optional.empty(), rules.regions(), rules.purposes(), rules.controlPlanes());
    }

    static Rights of(ClientEntry entry) {
        return new Rights(Optional.of(entry.name()), entry.regions(), entry.purposes(), entry.controlPlanes());
    }

    /** What stands in the way of a host, or empty where nothing does. */
    Optional<Refused> objection(KonnectMatch match) {
        Region region = match.host().region().orElse(null);
        if (region != null && !regions.contains(region)) {
            return Optional.of(refused(Refusal.REGION_NOT_ENABLED, region.toString(), "regions"));
        }
        Purpose purpose = match.host().purpose();
        if (!purposes.contains(purpose)) {
            return Optional.of(refused(Refusal.PURPOSE_NOT_ENABLED, purpose.toString(), "purposes"));
        }
        return match.controlPlane()
                .filter(controlPlane -> !controlPlanes.isEmpty() && !controlPlanes.contains(controlPlane))
                .map(this::notPinned);
    }

    private Refused notPinned(ControlPlane controlPlane) {
        // A control plane's ID is a UUID, its host prefix is not; the two are easily taken for each other.
        return UUID.matcher(controlPlane.prefix()).matches()
                ? new Refused(
                        Refusal.CONTROL_PLANE_NOT_PINNED,
                        "The host begins with a UUID; Konnect's hosts begin with the control plane's short prefix.")
                : refused(Refusal.CONTROL_PLANE_NOT_PINNED, "the control plane's prefix", "control-planes");
    }

    private Refused refused(Refusal refusal, String missing, String key) {
        String where =
                entry.map(name -> key + " of the client entry '" + name + "'").orElse(key);
        return new Refused(refusal, "Add " + missing + " to " + where + ".");
    }
}
