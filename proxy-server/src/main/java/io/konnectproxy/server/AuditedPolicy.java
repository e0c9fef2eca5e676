package io.konnectproxy.server;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.audit.PolicySettings.Change;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.EgressPolicy.Rules;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.server.Reloads.ConfigurationInForce;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Limits;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.trail.LineHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The settings that decide about requests and their records, as text for the audit trail. */
final class AuditedPolicy {
    private static final int DIGITS = 12;
    private static final List<String> OF_OPERATION =
            List.of("listen", "dns.", "timeouts.", "limits.", "audit.rotate.", "audit.archive.");
    private static final Set<String> OF_THE_POLICY = Set.of("dns.family", "limits.refusals-per-minute");
    /** The name is not what is in force; the order of the others means nothing, and the settings have them sorted. */
    private static final Set<String> SAID_OTHERWISE =
            Set.of("instance", "listen", "extra-hosts", "permit-addresses", "clients");

    private AuditedPolicy() {}

    /** The same configuration always gives the same texts in the same order. */
    static PolicySettings of(Configuration configuration) {
        Rules rules = configuration.rules();
        Map<String, List<String>> settings = new LinkedHashMap<>();
        settings.put("mode", List.of(word(rules.mode())));
        settings.put("regions", sorted(rules.regions()));
        settings.put("purposes", sorted(rules.purposes()));
        settings.put("control_planes", pins(rules, OpenLabel.CONTROL_PLANE));
        settings.put(
                "extra_hosts",
                sorted(rules.extraHosts().stream().map(AuditedPolicy::text).toList()));
        settings.put("permit_addresses", sorted(configuration.permitAddresses()));
        settings.put(
                "hosts",
                sorted(configuration.enabledHosts().stream()
                        .map(KonnectHost::pattern)
                        // The host table has a regional pattern once for each region; the regions are in 'regions'.
                        .distinct()
                        .toList()));
        settings.put("audit", audit(configuration.audit(), configuration.limits()));
        Map<String, List<String>> whereSet = new LinkedHashMap<>();
        whereSet.put("portals", pins(rules, OpenLabel.PORTAL));
        whereSet.put("tenants", pins(rules, OpenLabel.TENANT));
        if (configuration.resumption() == Configuration.Resumption.REFUSE) {
            whereSet.put("resumption", List.of(word(configuration.resumption())));
        }
        whereSet.putAll(AuditedAccess.of(configuration));
        whereSet.forEach((key, values) -> {
            // A new version with more settings must not appear as a change of the policy, so unset ones are left out.
            if (!values.isEmpty()) {
                settings.put(key, values);
            }
        });
        return new PolicySettings(settings);
    }

    /**
     * Twelve hexadecimal digits that identify all that is in force. They do not depend on the machine, on the name of the
     * proxy, on comments, or on any order that means nothing. Passwords have no part in them, because they could be guessed
     * from the digits.
     *
     * @param policy of the same configuration
     */
    static String digest(Configuration configuration, PolicySettings policy) {
        Map<String, String> keys = ConfigurationSummary.texts(configuration);
        keys.keySet().removeAll(SAID_OTHERWISE);
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> append(text, key, List.of(value)));
        policy.settings().forEach((key, values) -> append(text, key, values));
        append(text, "listeners", AuditedAccess.listenersWithKeys(configuration.listen()));
        append(
                text,
                "hosts by region",
                sorted(configuration.enabledHosts().stream()
                        .map(host -> host.pattern() + " " + host.purpose() + " " + host.region())
                        .toList()));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new LineHash().of(bytes, 0, bytes.length).substring(0, DIGITS);
    }

    /** With the lengths, so that no two lists of values have the same text. */
    private static void append(StringBuilder text, String key, List<String> values) {
        text.append(key).append(' ').append(values.size()).append('\n');
        values.forEach(
                value -> text.append(value.length()).append(' ').append(value).append('\n'));
    }

    /** What a change of the configuration changes: of the policy, and of how the proxy is operated. */
    static List<Change> changes(ConfigurationInForce before, ConfigurationInForce next) {
        List<Change> changes = new ArrayList<>(next.policy().changesSince(before.policy()));
        Map<String, String> earlier = ConfigurationSummary.texts(before.configuration());
        ConfigurationSummary.texts(next.configuration()).forEach((key, value) -> {
            String old = earlier.getOrDefault(key, "");
            if (!value.equals(old) && isOfOperation(key)) {
                changes.add(new Change(key.replace('-', '_'), List.of(value), List.of(old)));
            }
        });
        return changes;
    }

    /** Whether the policy does not have it. */
    private static boolean isOfOperation(String key) {
        return OF_OPERATION.stream().anyMatch(key::startsWith) && !OF_THE_POLICY.contains(key);
    }

    private static List<String> pins(Rules rules, OpenLabel place) {
        return sorted(TenantLabel.of(place, rules.pins()));
    }

    private static List<String> audit(AuditSettings audit, Limits limits) {
        int refusals = limits.refusalsPerMinute();
        return Stream.of(
                        Stream.of("on-failure " + word(audit.onFailure()), "durability " + word(audit.durability())),
                        Stream.of("refusals-per-minute " + refusals)
                                .filter(own -> refusals != Limits.DEFAULT_REFUSALS_PER_MINUTE),
                        audit.mirrors().stream().map(mirror -> "mirror " + mirror.url()),
                        audit.archive().stream().map(AuditedPolicy::text))
                .flatMap(words -> words)
                .toList();
    }

    private static String text(Archive archive) {
        return "archive " + archive.place()
                + archive.retainFor()
                        .map(time -> ", locked for " + time.toHours() + " hours ("
                                + (archive.compliance() ? "compliance" : "governance") + ")")
                        .orElse("")
                + archive.store()
                        .proxy()
                        .map(parent -> ", through " + parent.host() + ":" + parent.port())
                        .orElse("")
                + (archive.keepUnarchived() ? "" : ", files are removed without it");
    }

    private static String text(ExtraHost host) {
        return host.name() + ": " + host.host()
                + (host.expectedSni().isEmpty()
                        ? ""
                        : ", server names " + String.join(" ", sorted(host.expectedSni())));
    }

    static List<String> sorted(Collection<?> values) {
        return values.stream().map(Object::toString).sorted().toList();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
