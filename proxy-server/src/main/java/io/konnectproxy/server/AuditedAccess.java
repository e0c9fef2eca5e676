package io.konnectproxy.server;

import static io.konnectproxy.server.AuditedPolicy.sorted;
import static io.konnectproxy.server.AuditedPolicy.word;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.Configuration.Parent;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of listeners, clients, parent proxies and DNS as text for the audit trail. A setting with its default is
 * empty. No text contains a password.
 */
final class AuditedAccess {
    private AuditedAccess() {}

    static Map<String, List<String>> of(Configuration configuration) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        settings.put("listeners", listeners(configuration.listen()));
        settings.put(
                "clients",
                sorted(configuration.clients().entries().stream()
                        .map(AuditedAccess::client)
                        .toList()));
        settings.put("clients_only", configuration.clients().only() ? List.of("true") : List.of());
        settings.put("parents", parents(configuration.parents()));
        settings.put(
                "source_address",
                configuration.sourceAddress().map(NetUtil::toAddressString).stream()
                        .toList());
        AddressFamily family = configuration.dns().family();
        settings.put("dns", family == AddressFamily.IPV4_FIRST ? List.of() : List.of("family " + word(family)));
        return settings;
    }

    /** All listeners, if any of them has requirements: then a listener without requirements is worth knowing. */
    private static List<String> listeners(List<ListenerSettings> listeners) {
        boolean demanding =
                listeners.stream().anyMatch(listener -> !listener.equals(new ListenerSettings(listener.address())));
        return demanding
                ? sorted(listeners.stream().map(AuditedAccess::listener).toList())
                : List.of();
    }

    /** All listeners, with the files of their keys, which nobody needs to know to judge what is permitted. */
    static List<String> listenersWithKeys(List<ListenerSettings> listeners) {
        return sorted(listeners.stream()
                .map(listener -> listener(listener)
                        + listener.tls()
                                .map(files -> ", key " + files.key() + " "
                                        + files.keyPasswordFile().orElse(""))
                                .orElse(""))
                .toList());
    }

    private static String listener(ListenerSettings listener) {
        List<String> demands = new ArrayList<>();
        listener.tls().ifPresent(files -> {
            demands.add("tls " + files.certificate());
            files.clientCa().ifPresent(file -> demands.add("client-ca " + file));
        });
        listener.credentials().ifPresent(file -> demands.add("credentials " + file));
        add(demands, "sources", listener.sources());
        add(demands, "proxy-protocol", listener.proxyProtocol());
        add(demands, "probes", listener.probes());
        String address = NetUtil.toSocketAddressString(listener.address());
        return address + ": " + (demands.isEmpty() ? "plain, no demands" : String.join(", ", demands));
    }

    private static String client(ClientEntry entry) {
        List<String> rules = new ArrayList<>(List.of(entry.match().words()));
        add(rules, "regions", entry.regions());
        add(rules, "purposes", entry.purposes());
        for (OpenLabel place : OpenLabel.values()) {
            add(rules, place.key(), TenantLabel.of(place, entry.pins()));
        }
        return entry.name() + ": " + String.join(", ", rules);
    }

    /** Numbered, because the order is part of the setting. */
    private static List<String> parents(List<Parent> parents) {
        List<String> texts = new ArrayList<>();
        for (Parent parent : parents) {
            List<String> text = new ArrayList<>(List.of(parent.url().toString(), "dns " + word(parent.dns())));
            parent.url().credentials().ifPresent(secret -> text.add("with credentials"));
            parent.trust().ifPresent(trust -> text.add("trust " + trust.file()));
            add(text, "purposes", parent.purposes());
            texts.add((texts.size() + 1) + ": " + String.join(", ", text));
        }
        return texts;
    }

    private static void add(List<String> texts, String key, Collection<?> values) {
        if (!values.isEmpty()) {
            texts.add(key + " " + String.join(" ", sorted(values)));
        }
    }
}
