package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.tls.ServerFiles;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Describes listeners, clients and parents for the operator; contains no secrets. */
final class AccessSummary {
    private static final int NAMES_SHOWN = 5;

    private AccessSummary() {}

    /**
     * The requirements of a listener, {@code "TLS as proxy.corp, certificate valid until 2027-02-01; ..."}; empty if it has
     * none.
     */
    static String demands(ListenerSettings listener, ListenerFacts facts) {
        List<String> demands = new ArrayList<>();
        facts.identity()
                .ifPresent(identity -> demands.add("TLS as " + names(identity.names()) + ", certificate valid until "
                        + identity.notAfter().atOffset(ZoneOffset.UTC).toLocalDate()));
        listener.tls().flatMap(ServerFiles::clientCa).ifPresent(file -> demands.add("client certificates of " + file));
        listener.credentials()
                .ifPresent(file -> demands.add("credentials of " + file
                        + facts.users().map(AccessSummary::count).orElse("")));
        if (!listener.sources().isEmpty()) {
            demands.add("clients from " + Values.joined(listener.sources()) + " only");
        }
        if (!listener.proxyProtocol().isEmpty()) {
            demands.add("PROXY header from " + Values.joined(listener.proxyProtocol()));
        }
        if (!listener.probes().isEmpty()) {
            demands.add("no line of health probes from " + Values.joined(listener.probes()));
        }
        return Problems.printable(String.join("; ", demands));
    }

    private static String count(ListenerFacts.UserFacts users) {
        int count = users.names().size();
        return count == 1 ? " (1 user)" : " (" + count + " users)";
    }

    private static String names(List<String> names) {
        if (names.isEmpty()) {
            return "nobody by name";
        }
        return String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN)))
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "");
    }

    static String client(ClientEntry entry) {
        return Problems.printable(
                "client " + entry.name() + " (" + entry.match().words() + "): regions "
                        + Values.joined(entry.regions()) + "; purposes " + Values.joined(entry.purposes()) + "; "
                        + pins(entry.pins()));
    }

    /**
     * {@code "control planes of any tenant; portals my-portal only"}; portals and tenants appear only if they are pinned.
     */
    static String pins(Collection<TenantLabel> pins) {
        List<String> words = new ArrayList<>();
        for (OpenLabel place : OpenLabel.values()) {
            Collection<TenantLabel> own = TenantLabel.of(place, pins);
            if (!own.isEmpty()) {
                words.add(place.plural() + " " + Values.joined(own) + " only");
            } else if (place == OpenLabel.CONTROL_PLANE) {
                words.add("control planes of any tenant");
            }
        }
        return String.join("; ", words);
    }

    /** The parents in the order in which they are tried; empty if there are none. */
    static List<String> parents(List<Parent> parents) {
        List<String> lines = new ArrayList<>();
        for (Parent parent : parents) {
            lines.add("goes through " + parent.url()
                    + (parent.url().credentials().isPresent() ? " with a password" : "")
                    + parent.trust().map(trust -> ", trusting " + trust.file()).orElse("")
                    + (parent.dns() == Parent.Resolving.LOCAL
                            ? ", asked for checked addresses"
                            : ", asked for names, which it resolves itself")
                    + (parent.purposes().isEmpty() ? "" : ", for " + Values.joined(parent.purposes()) + " only"));
        }
        if (!parents.isEmpty()
                && parents.stream().noneMatch(parent -> parent.purposes().isEmpty())) {
            lines.add("dials all other hosts directly");
        }
        return lines.stream().map(Problems::printable).toList();
    }
}
