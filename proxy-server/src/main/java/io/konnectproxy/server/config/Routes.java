package io.konnectproxy.server.config;

import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.server.config.Configuration.Parent;
import java.util.List;
import java.util.Set;

/** Which parents serve which hosts. */
final class Routes {
    private Routes() {}

    /** The parents for hosts of a purpose; if empty, the hosts are dialled directly. */
    static List<Parent> of(Purpose purpose, List<Parent> parents) {
        return parents.stream()
                .filter(parent ->
                        parent.purposes().isEmpty() || parent.purposes().contains(purpose))
                .toList();
    }

    /** Whether all parents of a purpose resolve names themselves, so that this proxy never sees an address. */
    static boolean resolvedByParents(Purpose purpose, List<Parent> parents) {
        return resolveAll(of(purpose, parents));
    }

    /** The same for hosts without a purpose, such as extra hosts. */
    private static boolean ownResolvedByParents(List<Parent> parents) {
        return resolveAll(
                parents.stream().filter(parent -> parent.purposes().isEmpty()).toList());
    }

    private static boolean resolveAll(List<Parent> parents) {
        return !parents.isEmpty() && parents.stream().allMatch(parent -> parent.dns() == Parent.Resolving.PARENT);
    }

    /** Whether {@code permit-addresses} can have any effect. */
    static boolean addressesMatter(Set<Purpose> enabled, boolean ownHosts, List<Parent> parents) {
        if (enabled.contains(Purpose.PRIVATELINK)) {
            return !resolvedByParents(Purpose.PRIVATELINK, parents);
        }
        return enabled.stream().anyMatch(purpose -> !resolvedByParents(purpose, parents))
                || (ownHosts && !ownResolvedByParents(parents));
    }
}
