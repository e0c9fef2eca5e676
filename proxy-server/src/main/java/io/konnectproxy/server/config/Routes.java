package io.konnectproxy.server.config;

import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.server.config.Configuration.Parent;
import java.util.List;
import java.util.Set;

/** Which ways there are to hosts. */
final class Routes {
    private Routes() {}

    /** The parents for hosts of a purpose; without any they are dialled directly. */
    static List<Parent> of(Purpose purpose, List<Parent> parents) {
        return parents.stream()
                .filter(parent ->
                        parent.purposes().isEmpty() || parent.purposes().contains(purpose))
                .toList();
    }

    /** Whether nobody here ever sees an address of a purpose's hosts. */
    static boolean resolvedByParents(Purpose purpose, List<Parent> parents) {
        return resolveAll(of(purpose, parents));
    }

    /** The same for hosts of the operator's own, which have no purpose. */
    private static boolean ownResolvedByParents(List<Parent> parents) {
        return resolveAll(
                parents.stream().filter(parent -> parent.purposes().isEmpty()).toList());
    }

    private static boolean resolveAll(List<Parent> parents) {
        return !parents.isEmpty() && parents.stream().allMatch(parent -> parent.dns() == Parent.Resolving.PARENT);
    }

    /** Whether {@code permit-addresses} can ever decide anything. */
    static boolean addressesMatter(Set<Purpose> enabled, boolean ownHosts, List<Parent> parents) {
        if (enabled.contains(Purpose.PRIVATELINK)) {
            return !resolvedByParents(Purpose.PRIVATELINK, parents);
        }
        return enabled.stream().anyMatch(purpose -> !resolvedByParents(purpose, parents))
                || (ownHosts && !ownResolvedByParents(parents));
    }
}
