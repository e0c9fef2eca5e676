package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells an operator which resolvers are asked, and what made them so. */
public final class ResolversInForce {
    private ResolversInForce() {}

    /** Whole sentences; those about what cannot be used begin with {@code warning:}. */
    public static List<String> sentences(Configuration.Dns settings) {
        return settings.servers().isEmpty()
                ? system(SystemNames.now(SystemNames.RESOLV_CONF))
                : List.of("Names are resolved by " + text(settings.servers()) + " (dns.servers). "
                        + SystemNames.RESOLV_CONF + " and " + SystemNames.HOSTS_FILE + " are not read.");
    }

    static List<String> system(ResolvConf file) {
        List<String> sentences = new ArrayList<>();
        if (file.servers().isEmpty()) {
            sentences.add("warning: no name can be resolved: " + SystemNames.RESOLV_CONF
                    + " names no resolver, and dns.servers none either");
        } else {
            sentences.add("Names are resolved by " + text(file.servers()) + " (" + SystemNames.RESOLV_CONF + ").");
        }
        if (!file.search().domains().isEmpty()) {
            sentences.add("Names of parents and extra hosts are also looked for in "
                    + file.search().domains().stream()
                            .map(SystemFileLine::shown)
                            .collect(Collectors.joining(", "))
                    + "; names of Konnect never are.");
        }
        file.problems().forEach(problem -> sentences.add("warning: " + problem));
        return List.copyOf(sentences);
    }

    private static String text(List<InetSocketAddress> servers) {
        return servers.stream().map(NetUtil::toSocketAddressString).collect(Collectors.joining(", "));
    }
}
