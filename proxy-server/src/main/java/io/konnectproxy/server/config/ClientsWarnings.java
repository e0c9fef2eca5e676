package io.konnectproxy.server.config;

import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Warnings about {@code clients} and {@code clients-only}. */
final class ClientsWarnings {
    private ClientsWarnings() {}

    static void add(Configuration configuration, List<ListenerFacts> facts, List<String> warnings) {
        Set<String> users = facts.stream()
                .flatMap(found -> found.users().stream())
                .flatMap(found -> found.names().stream())
                .collect(Collectors.toSet());
        for (ClientEntry entry : configuration.clients().entries()) {
            if (entry.match() instanceof Match.User user && !users.contains(user.name())) {
                warnings.add("client '" + entry.name() + "' is for the user " + Problems.quoted(user.name())
                        + ", who is in no 'credentials' file at the moment");
            }
            if (entry.match() instanceof Match.Source source
                    && configuration.listen().stream().noneMatch(listener -> probablyReach(listener, source))) {
                warnings.add("client '" + entry.name() + "' is for " + source.block()
                        + ", and every listener is reached from this machine only");
            }
        }
        if (configuration.clients().only()) {
            only(configuration, warnings);
        }
    }

    private static void only(Configuration configuration, List<String> warnings) {
        if (configuration.rules().mode() == Mode.REPORT_ONLY) {
            warnings.add("clients-only keeps nobody out while 'mode' is report-only");
        }
        configuration.listen().stream()
                .filter(listener -> configuration.clients().entries().stream()
                        .noneMatch(entry -> canMatch(listener, entry.match())))
                .forEach(listener -> warnings.add("whoever comes to " + SocketAddresses.text(listener.address())
                        + " is refused, for no entry of clients can be theirs there (clients-only)"));
    }

    private static boolean canMatch(ListenerSettings listener, Match match) {
        if (match instanceof Match.Source source) {
            return Reach.accepts(listener, source.block());
        }
        return match instanceof Match.User
                ? listener.credentials().isPresent()
                : listener.tls().flatMap(files -> files.clientCa()).isPresent();
    }

    private static boolean probablyReach(ListenerSettings listener, Match.Source source) {
        return Reach.accepts(listener, source.block())
                && (!Reach.isLocal(listener)
                        || !listener.proxyProtocol().isEmpty()
                        || ListenWarnings.holdsLoopback(listener.address().getAddress(), source.block()));
    }
}
