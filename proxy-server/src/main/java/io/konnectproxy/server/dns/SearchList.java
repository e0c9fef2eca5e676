package io.konnectproxy.server.dns;

import io.konnectproxy.target.HostName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The domains in which the system looks for a name that is not absolute (resolv.conf(5), {@code search} and {@code ndots}).
 *
 * @param ndots a name with so many dots is tried as it stands first
 */
record SearchList(List<String> domains, int ndots) {
    /** Every name is absolute. */
    static final SearchList NONE = new SearchList(List.of(), 1);

    SearchList {
        domains = List.copyOf(domains);
    }

    /** The absolute names to ask for, in their order; at least one. */
    List<HostName> candidates(HostName name) {
        Set<HostName> candidates = new LinkedHashSet<>();
        if (name.labels().size() > ndots) {
            candidates.add(name);
        }
        for (String domain : domains) {
            if (HostName.read(name + "." + domain) instanceof HostName longer) {
                candidates.add(longer);
            }
        }
        candidates.add(name);
        return List.copyOf(candidates);
    }

    /** The same domains, but whatever has a dot is tried as it stands first. */
    SearchList absoluteFirst() {
        return new SearchList(domains, 1);
    }
}
