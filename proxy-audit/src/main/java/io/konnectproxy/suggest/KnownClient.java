package io.konnectproxy.suggest;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.target.HostName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client of the trail: a user, else a certificate, else an IPv4 address or IPv6 /64; and the hosts that it asked for. */
final class KnownClient {
    /** The most hosts of one client, so that none takes the room of the others. */
    static final int HOSTS = 1_000;

    /** The most places of one client. */
    private static final int ORIGINS = 64;

    private final Match match;
    private final String shown;
    private final Map<HostName, AskedHost> hosts = new LinkedHashMap<>();
    private final Map<Client, Client> origins = new LinkedHashMap<>();

    /** @param shown the client in comments, escaped */
    KnownClient(Match match, String shown) {
        this.match = match;
        this.shown = shown;
    }

    Match match() {
        return match;
    }

    String shown() {
        return shown;
    }

    boolean knows(HostName host) {
        return hosts.containsKey(host);
    }

    /** Empty where the client has too many hosts already. */
    Optional<AskedHost> host(HostName host, KonnectMatch match) {
        if (!knows(host) && hosts.size() == HOSTS) {
            return Optional.empty();
        }
        return Optional.of(hosts.computeIfAbsent(host, name -> new AskedHost(name, match)));
    }

    /** The same instance for equal places, which are many. */
    Client origin(Client client) {
        Client known = origins.get(client);
        if (known == null && origins.size() < ORIGINS) {
            origins.put(client, client);
        }
        return known == null ? client : known;
    }

    Collection<AskedHost> hosts() {
        return hosts.values();
    }

    List<AskedHost> justified() {
        return hosts.values().stream().filter(AskedHost::isJustified).toList();
    }
}
