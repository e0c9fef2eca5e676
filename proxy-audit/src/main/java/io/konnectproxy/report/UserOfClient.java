package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which client is which user, where each has one of the other: then one table is enough for both. */
public final class UserOfClient {
    private static final int CLIENTS = 10_000;

    private final Map<String, String> users = new HashMap<>();
    private final Map<String, String> clients = new HashMap<>();
    private boolean oneToOne = true;

    void seen(RecordedClient client) {
        if (!oneToOne || client.user().isEmpty()) {
            return;
        }
        String user = client.user().get();
        String known = users.get(client.address());
        if (known == null && users.size() < CLIENTS) {
            users.put(client.address(), user);
            oneToOne = clients.put(user, client.address()) == null;
        } else {
            oneToOne = user.equals(known);
        }
    }

    /** The user of a client; empty if it has none, or if clients and users do not correspond. */
    public Optional<String> of(String address) {
        return oneToOne ? Optional.ofNullable(users.get(address)) : Optional.empty();
    }

    /** Whether each user has one client and the other way round. */
    public boolean isOneToOne() {
        return oneToOne;
    }
}
