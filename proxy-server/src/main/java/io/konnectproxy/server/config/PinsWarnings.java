package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.target.HostName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Warnings about hosts of other tenants that can be reached. */
final class PinsWarnings {
    private final Configuration configuration;
    private final List<RulesInForce> inForce;
    private final Map<String, String> origins;

    private PinsWarnings(Configuration configuration, Map<String, String> origins) {
        this.configuration = configuration;
        this.inForce = configuration.rulesInForce();
        this.origins = origins;
    }

    static void add(Configuration configuration, Map<String, String> origins, List<String> warnings) {
        PinsWarnings pins = new PinsWarnings(configuration, origins);
        pins.inForce.forEach(rules -> pins.open(rules).forEach(warnings::add));
        configuration.rules().extraHosts().stream().flatMap(pins::bypassing).forEach(warnings::add);
    }

    private Stream<String> open(RulesInForce rules) {
        return Arrays.stream(OpenLabel.values())
                .filter(place -> !rules.pins(place) && rules.has(place, configuration.catalog()))
                .filter(place -> place == OpenLabel.CONTROL_PLANE || isAnyPinned())
                .map(place -> open(rules, place));
    }

    private String open(RulesInForce rules, OpenLabel place) {
        String whom =
                rules.entry().map(entry -> " for client '" + entry.name() + "'").orElse("");
        return place == OpenLabel.CONTROL_PLANE
                ? "any tenant's control plane is reachable" + whom + "; pin yours with control-planes"
                : anybodys(place) + " can be reached" + whom + ", while " + pinned() + "; pin " + place.key()
                        + ", or leave purpose " + purposes(rules, place) + " out";
    }

    private static String anybodys(OpenLabel place) {
        return place == OpenLabel.TENANT ? "any tenant of Kong Identity" : "any tenant's " + place.noun();
    }

    private boolean isAnyPinned() {
        return inForce.stream().anyMatch(each -> !each.rules().pins().isEmpty());
    }

    /** {@code "control-planes are pinned (konnect-proxy.yaml:12)"}. */
    private String pinned() {
        return Arrays.stream(OpenLabel.values())
                .filter(place -> inForce.stream().anyMatch(each -> each.pins(place)))
                .map(place -> place.key() + " are pinned" + where(place))
                .collect(Collectors.joining(" and "));
    }

    /** Empty if only clients with rules of their own have pins. */
    private String where(OpenLabel place) {
        return TenantLabel.of(place, configuration.rules().pins()).isEmpty() ? "" : where(place.key());
    }

    private String where(String key) {
        return " (" + origins.get(key) + ")";
    }

    private String purposes(RulesInForce rules, OpenLabel place) {
        return Values.joined(configuration.catalog().hosts().stream()
                .filter(host -> host.has(place) && rules.enables(host))
                .map(host -> host.purpose())
                .collect(Collectors.toSet()));
    }

    /** Names that an extra host permits although the pins of a rule set exclude them. */
    private Stream<String> bypassing(ExtraHost extra) {
        return Stream.concat(
                        Stream.of(extra.host()), extra.expectedSni().stream().sorted())
                .flatMap(name -> bypassing(extra, name).stream());
    }

    private List<String> bypassing(ExtraHost extra, HostName name) {
        return configuration.catalog().find(name).flatMap(KonnectMatch::label).filter(this::isExcluded).stream()
                .map(label -> name + ", a host of a " + label.place().noun() + " that is not pinned, can be reached"
                        + " through '" + extra.name() + "' of extra-hosts" + where("extra-hosts"))
                .toList();
    }

    private boolean isExcluded(TenantLabel label) {
        return inForce.stream()
                .anyMatch(
                        each -> each.pins(label.place()) && !each.rules().pins().contains(label));
    }
}
