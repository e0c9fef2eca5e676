package io.konnectproxy.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration, its warnings, and the origins of its values.
 *
 * @param facts of each listener, in the order of {@code listen}
 * @param warnings whole sentences about values that are valid but probably not intended
 * @param origins the origin of each value, by the path of its key ({@code dns.timeout}): {@code default},
 *     {@code konnect-proxy.yaml:12} or {@code KONNECT_PROXY_DNS_TIMEOUT}
 * @param files the file of the configuration, and those whose content it has besides: not those of certificates and users,
 *     which are read anew by themselves
 */
public record LoadedConfiguration(
        Configuration configuration,
        List<ListenerFacts> facts,
        List<String> warnings,
        Map<String, String> origins,
        Set<Path> files) {
    public LoadedConfiguration {
        facts = List.copyOf(facts);
        warnings = List.copyOf(warnings);
        origins = Map.copyOf(origins);
        files = Set.copyOf(files);
    }
}
