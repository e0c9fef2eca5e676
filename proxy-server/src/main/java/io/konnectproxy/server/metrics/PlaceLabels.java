package io.konnectproxy.server.metrics;

import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Rule.KonnectRule;

/** The labels {@code purpose} and {@code region}: those of a permitted Konnect host, otherwise empty. */
record PlaceLabels(String purpose, String region) {
    static final PlaceLabels NONE = new PlaceLabels("", "");

    static PlaceLabels of(Rule rule) {
        return rule instanceof KonnectRule konnect ? of(konnect.match().host()) : NONE;
    }

    private static PlaceLabels of(KonnectHost host) {
        return new PlaceLabels(
                host.purpose().name(), host.region().map(Region::name).orElse(""));
    }
}
