package io.konnectproxy.suggest;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.suggest.SuggestionBuilder.Expressible;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.ExactNames;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What clients asked for, sorted by client and host, in bounded memory. */
final class ClientRecords {
    private static final int CLIENTS = 20_000;
    /** Of all clients together, about 40 MB. */
    private static final int HOSTS = 50_000;

    private final KonnectCatalog catalog;
    private final Expressible expressible;
    private final Doubts doubts;
    private final Map<Match, KnownClient> clients = new LinkedHashMap<>();
    private final OtherRequests others = new OtherRequests();
    private int hosts;
    private boolean complete = true;
    private final Set<Match> addressesOfNamed = new HashSet<>();
    private boolean allAddresses = true;

    ClientRecords(KonnectCatalog catalog, Expressible expressible, Doubts doubts) {
        this.catalog = catalog;
        this.expressible = expressible;
        this.doubts = doubts;
    }

    /** A request whose tunnel was in use. */
    void used(RecordedClient client, String target, String detail, long time) {
        Optional<Authority> konnect = konnect(target);
        Optional<Client> origin = origin(client);
        if (konnect.isEmpty() || origin.isEmpty()) {
            other(client, target, WhyNot.NOT_KONNECT, detail, time);
            return;
        }
        KonnectMatch match = catalog.find(konnect.get().host()).orElseThrow();
        if (match.label().filter(label -> !expressible.pin(label)).isPresent()) {
            other(client, target, WhyNot.NO_PREFIX, detail, time);
            return;
        }
        known(client, origin.get())
                .ifPresent(known -> host(known, konnect.get(), match)
                        .ifPresent(host -> host.used(known.origin(origin.get()), time)));
    }

    /** A request that justifies nothing. */
    void attempted(RecordedClient client, String target, WhyNot why, String detail, long time) {
        Optional<Authority> konnect = konnect(target);
        Optional<Client> origin = origin(client);
        if (konnect.isEmpty() || origin.isEmpty()) {
            other(client, target, why == WhyNot.REFUSED ? why : WhyNot.NOT_KONNECT, detail, time);
            return;
        }
        KonnectMatch match = catalog.find(konnect.get().host()).orElseThrow();
        known(client, origin.get())
                .ifPresent(known -> host(known, konnect.get(), match)
                        .ifPresent(host -> host.attempted(known.origin(origin.get()), why, detail, time)));
    }

    /** A request for what is never suggested. Its client is known from then on, so that no block is joined over it. */
    void other(RecordedClient client, String target, WhyNot why, String detail, long time) {
        others.count(why, client.name(), target, detail, 1, time);
        origin(client).ifPresent(origin -> known(client, origin));
    }

    void summedUp(TrailEvent.Refusals refusals) {
        refusals.client()
                .map(address -> address.replaceFirst("/.*", ""))
                .map(address -> new RecordedClient(
                        address,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ExactNames.NONE))
                .ifPresent(client -> origin(client).ifPresent(origin -> known(client, origin)));
        refusals.reasons()
                .forEach((reason, count) -> others.count(
                        WhyNot.SUMMED_UP,
                        refusals.client().orElse("(many clients)"),
                        "(many targets)",
                        reason,
                        count,
                        refusals.last()));
    }

    private Optional<Authority> konnect(String target) {
        return ConnectTarget.parse(target) instanceof Authority authority
                        && authority.port() == EgressPolicy.PORT
                        && catalog.find(authority.host()).isPresent()
                ? Optional.of(authority)
                : Optional.empty();
    }

    /** The client as the policy would see it, with the names that an entry can have. No rule asks for its port. */
    private Optional<Client> origin(RecordedClient client) {
        return AddressText.read(client.address())
                .map(AddressText::address)
                .map(address -> new Client(
                        new InetSocketAddress(address, 0),
                        Optional.empty(),
                        client.exact().user().filter(name -> expressible.client(new Match.User(name))),
                        client.exact()
                                .certificate()
                                .filter(name -> expressible.client(new Match.Certificate(name)))
                                .map(List::of)
                                .orElse(List.of())));
    }

    private static Match match(Client client) {
        if (client.user().isPresent()) {
            return new Match.User(client.user().get());
        }
        if (!client.certificateNames().isEmpty()) {
            // Letter case does not tell certificates apart.
            return new Match.Certificate(
                    Match.Certificate.folded(client.certificateNames().get(0)));
        }
        return source(client);
    }

    private static Match source(Client client) {
        InetAddress network = ClientNetwork.of(client.address().getAddress());
        int bits = network.getAddress().length == 4 ? 32 : ClientNetwork.IPV6_PREFIX;
        return new Match.Source(new Cidr(network, bits));
    }

    private Optional<KnownClient> known(RecordedClient client, Client origin) {
        Match match = match(origin);
        if (!(match instanceof Match.Source)) {
            comesFrom(source(origin));
        }
        KnownClient known = clients.get(match);
        if (known == null && clients.size() < CLIENTS) {
            known = new KnownClient(match, client.name());
            clients.put(match, known);
        }
        if (known == null) {
            withoutRoom();
        }
        return Optional.ofNullable(known);
    }

    /** No block is joined over the address of a client with a name, because an entry for the block could be for that client too. */
    private void comesFrom(Match address) {
        if (addressesOfNamed.size() < CLIENTS) {
            addressesOfNamed.add(address);
        } else {
            allAddresses &= addressesOfNamed.contains(address);
        }
    }

    private Optional<AskedHost> host(KnownClient client, Authority target, KonnectMatch match) {
        boolean known = client.knows(target.host());
        Optional<AskedHost> host = known || hosts < HOSTS ? client.host(target.host(), match) : Optional.empty();
        if (host.isEmpty()) {
            withoutRoom();
        } else if (!known) {
            hosts++;
        }
        return host;
    }

    private void withoutRoom() {
        complete = false;
        doubts.withoutRoom();
    }

    /** All clients; the addresses of those with names are clients that need nothing. */
    Collection<KnownClient> clients() {
        Map<Match, KnownClient> all = new LinkedHashMap<>(clients);
        addressesOfNamed.forEach(address -> all.computeIfAbsent(address, match -> new KnownClient(match, "")));
        return all.values();
    }

    /** Whether all clients, hosts and addresses had room. */
    boolean isComplete() {
        return complete && allAddresses;
    }

    /** Requests for what is never suggested. */
    Stream<UnsuggestedRequest> others() {
        return others.all();
    }
}
