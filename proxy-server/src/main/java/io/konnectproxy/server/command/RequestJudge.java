package io.konnectproxy.server.command;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.ListenerFacts;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.target.ConnectTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Judges requests as the running proxy would, up to the verdict. It opens no socket. */
final class RequestJudge {
    private final Configuration configuration;
    private final List<ListenerFacts> facts;
    private final EgressPolicy policy;

    RequestJudge(LoadedConfiguration loaded) {
        this.configuration = loaded.configuration();
        this.facts = loaded.facts();
        this.policy = new EgressPolicy(configuration.catalog(), configuration.rules(), configuration.clients());
    }

    /** A client that connects itself; from this machine if no address is given. */
    static Client client(Optional<InetAddress> address, Optional<String> user, List<String> certificateNames) {
        return new Client(
                new InetSocketAddress(address.orElseGet(InetAddress::getLoopbackAddress), 0),
                Optional.empty(),
                user,
                certificateNames);
    }

    /** The policy's judgement; the demands of listeners are not considered. */
    Judgement judge(Client client, ConnectTarget target) {
        return policy.decide(client, target);
    }

    /**
     * The judgement about a client of one listener. Its demands come first, in the order in which a connection meets them.
     *
     * @param listener the index in {@code listen}
     */
    Judgement judge(Client client, ConnectTarget target, int listener) {
        return demand(client, target, listener)
                .map(refused -> new Judgement(refused, Optional.empty()))
                .orElseGet(() -> judge(known(client, configuration.listen().get(listener)), target));
    }

    /** The demand that is not met. The password is taken to be right. */
    private Optional<Verdict.Refused> demand(Client client, ConnectTarget target, int index) {
        ListenerSettings listener = configuration.listen().get(index);
        if (!admits(listener, client)) {
            return Optional.of(new Verdict.Refused(Refusal.SOURCE_NOT_ALLOWED));
        }
        if (demandsCertificate(listener) && client.certificateNames().isEmpty()) {
            return Optional.of(new Verdict.Refused(
                    Refusal.TLS_HANDSHAKE_FAILED, "This listener demands a client certificate: tls.client-ca."));
        }
        // The head is read before credentials are verified.
        if (listener.credentials().isEmpty() || target instanceof ConnectTarget.Malformed) {
            return Optional.empty();
        }
        if (client.user().isEmpty()) {
            return Optional.of(new Verdict.Refused(Refusal.CREDENTIALS_REQUIRED));
        }
        return facts.get(index)
                        .users()
                        .filter(users -> users.names().contains(client.user().get()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(new Verdict.Refused(Refusal.CREDENTIALS_INVALID));
    }

    /** What the listener knows of the client: nothing that it does not ask for. */
    private static Client known(Client client, ListenerSettings listener) {
        return new Client(
                client.address(),
                client.peer(),
                client.user().filter(user -> listener.credentials().isPresent()),
                demandsCertificate(listener) ? client.certificateNames() : List.of());
    }

    static boolean admits(ListenerSettings listener, Client client) {
        return listener.sources().isEmpty()
                || listener.sources().stream()
                        .anyMatch(source -> source.contains(client.address().getAddress()));
    }

    static boolean demandsCertificate(ListenerSettings listener) {
        return listener.tls().flatMap(ServerFiles::clientCa).isPresent();
    }
}
