package io.konnectproxy.server.command;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.ListenerFacts;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Explains the client in {@code explain}: whose rules apply to it, and whether a listener admits it. */
final class ExplainedClient {
    private final Configuration configuration;
    private final List<ListenerFacts> facts;
    private final Client client;
    private final boolean addressGiven;

    ExplainedClient(LoadedConfiguration loaded, Client client, boolean addressGiven) {
        this.configuration = loaded.configuration();
        this.facts = loaded.facts();
        this.client = client;
        this.addressGiven = addressGiven;
    }

    /** Whether a listener admits it, by its address. */
    boolean comesIn() {
        return !addressGiven || listeners().anyMatch(listener -> RequestJudge.admits(listener, client));
    }

    List<String> lines(Optional<ClientEntry> entry) {
        List<String> lines = new ArrayList<>();
        if (configuration.clients().only() || !configuration.clients().entries().isEmpty()) {
            lines.add(entry.map(ExplainedClient::named).orElseGet(this::unnamed));
        }
        client.user().ifPresent(user -> addUser(user, lines));
        if (!client.certificateNames().isEmpty() && listeners().noneMatch(RequestJudge::demandsCertificate)) {
            lines.add("note: no listener asks clients for a certificate (tls.client-ca), so nobody comes in with one");
        }
        if (!addressGiven && configuration.clients().entries().stream().anyMatch(ExplainedClient::isForAddresses)) {
            lines.add("note: without --client the address is taken to be " + address());
        }
        return lines;
    }

    private static String named(ClientEntry entry) {
        return "client: the entry '" + entry.name() + "' is for it, by its " + whom(entry.match());
    }

    private static String whom(Match match) {
        if (match instanceof Match.User user) {
            return "user '" + user.name() + "'";
        }
        return match instanceof Match.Certificate certificate
                ? "certificate '" + certificate.name() + "'"
                : "address in " + ((Match.Source) match).block();
    }

    private String unnamed() {
        return "client: no entry of clients is for it"
                + (configuration.clients().only()
                        ? ", and clients-only leaves it nothing"
                        : ", so the rules of all hold");
    }

    private void addUser(String user, List<String> lines) {
        if (facts.stream().allMatch(found -> found.users().isEmpty())) {
            lines.add("note: no listener demands credentials, so nobody comes in as a user");
        } else if (facts.stream()
                .flatMap(found -> found.users().stream())
                .noneMatch(users -> users.names().contains(user))) {
            lines.add("note: no credentials file has the user '" + user + "', so nobody comes in as that");
        }
    }

    private Stream<ListenerSettings> listeners() {
        return configuration.listen().stream();
    }

    private static boolean isForAddresses(ClientEntry entry) {
        return entry.match() instanceof Match.Source;
    }

    private String address() {
        return NetUtil.toAddressString(client.address().getAddress());
    }
}
