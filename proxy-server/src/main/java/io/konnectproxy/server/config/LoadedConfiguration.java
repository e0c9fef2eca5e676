package io.konnectproxy.server.config;

import java.util.List;
import java.util.Map;

/**
 * A configuration, its warnings, and the origins of its values.
 *
 * @param facts of each listener, in the order of {@code listen}
 * @param warnings whole sentences about values that are valid but probably not intended
 * @param origins the origin of each value, by the path of its key ({@code dns.timeout}): {@code default},
 *     {@code konnect-proxy.yaml:12} or {@code KONNECT_PROXY_DNS_TIMEOUT}
 */
public record LoadedConfiguration(
        Configuration configuration, List<ListenerFacts> facts, List<String> warnings, Map<String, String> origins) {
    public LoadedConfiguration {
        facts = List.copyOf(facts);
        warnings = List.copyOf(warnings);
        origins = Map.copyOf(origins);
    }
}
