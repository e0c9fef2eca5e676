package io.konnectproxy.server.config;

import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.Parent;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Warnings about parents, PrivateLink addresses and the source address. */
final class EgressWarnings {
    private EgressWarnings() {}

    static void add(Configuration configuration, List<String> warnings) {
        for (Parent parent : configuration.parents()) {
            if (parent.dns() == Parent.Resolving.PARENT) {
                warnings.add("nobody here checks which addresses " + parent.url()
                        + " connects to, for it resolves names itself (dns: parent)");
            }
            if (parent.url().credentials().isPresent()
                    && !parent.url().tls()
                    && !parent.url().isOnThisMachine()) {
                warnings.add("the password for " + parent.url()
                        + " goes there for anyone on the way to read; take https if the parent has it");
            }
        }
        if (!configuration.dns().servers().isEmpty()) {
            shortNames(configuration, warnings);
        }
        if (RulesInForce.purposes(configuration.rulesInForce()).contains(Purpose.PRIVATELINK)
                && configuration.permitAddresses().isEmpty()
                && !Routes.resolvedByParents(Purpose.PRIVATELINK, configuration.parents())) {
            warnings.add("hosts of privatelink have private addresses, and none may be dialled; name their block in"
                    + " permit-addresses");
        }
        configuration
                .sourceAddress()
                .ifPresent(source -> source(source, configuration.dns().family(), warnings));
    }

    /** Where dns.servers are set, the system's search list is not used. */
    private static void shortNames(Configuration configuration, List<String> warnings) {
        Stream.concat(
                        configuration.parents().stream()
                                .map(Parent::url)
                                .filter(url -> url.address().isEmpty())
                                .map(ParentUrl::host),
                        configuration.rules().extraHosts().stream()
                                .map(extra -> extra.host().toString()))
                .filter(host -> host.indexOf('.') < 0)
                .distinct()
                .forEach(
                        host -> warnings.add(
                                "dns.servers are asked for '" + host
                                        + "' as it stands, without the system's search list; write its whole name, or leave dns.servers out"));
    }

    private static void source(InetAddress source, AddressFamily family, List<String> warnings) {
        if (family == (SourceAddress.isIpv4(source) ? AddressFamily.IPV6_FIRST : AddressFamily.IPV4_FIRST)) {
            String own = SourceAddress.familyOf(source);
            warnings.add("only " + own + " addresses can be dialled from source-address, "
                    + SourceAddress.text(source) + "; set dns.family to "
                    + Values.name(SourceAddress.isIpv4(source) ? AddressFamily.IPV4_ONLY : AddressFamily.IPV6_ONLY));
        }
        if (source.isLoopbackAddress()) {
            warnings.add("nothing but this machine is reached from source-address, " + SourceAddress.text(source));
        }
    }
}
