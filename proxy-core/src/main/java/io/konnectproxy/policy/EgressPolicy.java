package io.konnectproxy.policy;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides which targets clients may reach. Immutable, pure and thread-safe. */
public final class EgressPolicy {
    /** The only port that is ever permitted. */
    public static final int PORT = 443;

    /** Konnect sends its audit logs from these ports to customers; a data plane never dials them. */
    private static final Set<Integer> KONNECT_AUDIT_LOG_PORTS = Set.of(8071, 20010);

    private final KonnectCatalog catalog;
    private final Mode mode;
    private final Rights rightsOfAll;
    private final ClientEntries entries;
    private final boolean listedOnly;
    private final Map<HostName, ExtraHost> extraHosts;

    public EgressPolicy(KonnectCatalog catalog, Rules rules, Clients clients) {
        this.catalog = catalog;
        this.mode = rules.mode();
        this.rightsOfAll = Rights.of(rules);
        this.entries = new ClientEntries(clients.entries());
        this.listedOnly = clients.only();
        this.extraHosts = rules.extraHosts().stream().collect(Collectors.toMap(ExtraHost::host, Function.identity()));
    }

    /** Whether refusals are enforced. */
    public enum Mode {
        ENFORCE,
        /** Refusals of host names are logged but not enforced. Targets that no rule can permit are still refused. */
        REPORT_ONLY
    }

    /**
     * The rules that are configured for all clients.
     *
     * @param regions at least one; an empty set never means all regions
     * @param pins the only control planes, portals and tenants that may be reached; a kind without a pin is not restricted
     */
    public record Rules(
            Set<Region> regions, Set<Purpose> purposes, Set<TenantLabel> pins, List<ExtraHost> extraHosts, Mode mode) {
        public Rules {
            regions = Set.copyOf(regions);
            purposes = Set.copyOf(purposes);
            pins = Set.copyOf(pins);
            extraHosts = List.copyOf(extraHosts);
            if (regions.isEmpty()) {
                throw new IllegalArgumentException("no region");
            }
        }

        /** Whether the region and the purpose of a row are enabled. Pins are not considered. */
        public boolean enables(KonnectHost host) {
            return host.region().map(regions::contains).orElse(true) && purposes.contains(host.purpose());
        }
    }

    /**
     * The rules of individual clients, in place of the rules of all clients. Extra hosts and the mode apply to all clients.
     *
     * @param only whether clients without an entry may reach nothing
     */
    public record Clients(List<ClientEntry> entries, boolean only) {
        public Clients {
            entries = List.copyOf(entries);
        }

        /** No entries: all clients have the same rules. */
        public static Clients none() {
            return new Clients(List.of(), false);
        }
    }

    /**
     * The entry whose rules apply to a client: the entry for its user; else the entry for a name of its certificate; else the
     * entry with the longest prefix for its address. Of several the first in the list applies.
     */
    public Optional<ClientEntry> entry(Client client) {
        return entries.find(client);
    }

    /** The verdict for one request, with the client's entry. Total: every target gets a verdict. */
    public Judgement decide(Client client, ConnectTarget target) {
        Optional<ClientEntry> entry = entry(client);
        return new Judgement(judge(entry, target), entry);
    }

    /** Checks what is wrong for every client first, then whether this client may reach anything, then the host. */
    private Verdict judge(Optional<ClientEntry> entry, ConnectTarget target) {
        if (target instanceof ConnectTarget.Malformed malformed) {
            return new Refused(Refusal.MALFORMED_REQUEST, malformed.problem());
        }
        if (target instanceof ConnectTarget.IpLiteral) {
            return new Refused(Refusal.IP_LITERAL);
        }
        if (target instanceof ConnectTarget.RootedName rooted) {
            return rooted.port() == PORT ? rooted(rooted.host()) : port(rooted.port());
        }
        Authority authority = (Authority) target;
        if (authority.port() != PORT) {
            return port(authority.port());
        }
        return enforce(
                authority,
                listedOnly && entry.isEmpty()
                        ? new Refused(Refusal.CLIENT_NOT_LISTED)
                        : judgeName(entry.map(Rights::of).orElse(rightsOfAll), authority));
    }

    private Verdict enforce(Authority authority, Verdict verdict) {
        if (mode == Mode.REPORT_ONLY && verdict instanceof Refused refused) {
            Rule rule = new Rule.UnenforcedRule(refused.refusal());
            return new Unenforced(refused, new TunnelPermit(authority, rule, Set.of()));
        }
        return verdict;
    }

    private Verdict judgeName(Rights rights, Authority authority) {
        ExtraHost extra = extraHosts.get(authority.host());
        if (extra != null) {
            return new Permitted(new TunnelPermit(authority, new Rule.ExtraHostRule(extra), extra.expectedSni()));
        }
        KonnectMatch match = catalog.find(authority.host()).orElse(null);
        if (match == null) {
            return new Refused(Refusal.HOST_NOT_KONNECT);
        }
        return rights.objection(match)
                .<Verdict>map(refused -> refused)
                .orElseGet(() -> new Permitted(new TunnelPermit(authority, new Rule.KonnectRule(match), Set.of())));
    }

    private static Refused port(int port) {
        return KONNECT_AUDIT_LOG_PORTS.contains(port)
                ? new Refused(
                        Refusal.PORT_NOT_ALLOWED,
                        "Konnect sends its audit logs from this port to you; a data plane never dials it.")
                : new Refused(Refusal.PORT_NOT_ALLOWED);
    }

    private Refused rooted(HostName host) {
        return new Refused(
                Refusal.HOST_NOT_KONNECT,
                catalog.find(host)
                        .map(match -> "Leave out the dot at the end; the canonical form is "
                                + match.host().pattern() + ".")
                        .orElse(Refusal.HOST_NOT_KONNECT.remedy()));
    }
}
