package io.konnectproxy.server.config;

import java.util.List;
import java.util.Map;

/**
 * A configuration and what is worth saying about it.
 *
 * @param facts of each listener, in the order of {@code listen}
 * @param warnings whole sentences, for what is valid and probably not meant
 * @param origins where the value of each key came from, by its path ({@code dns.timeout}): {@code default},
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
