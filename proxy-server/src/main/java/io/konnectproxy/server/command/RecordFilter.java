package io.konnectproxy.server.command;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.audit.Outcome;
import io.netty.util.NetUtil;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which records somebody wants to see. Remembers whose the permitted requests are, since the end of a tunnel names only the
 * request. One thread.
 */
final class RecordFilter {
    /** More than a proxy has tunnels at once; who has more sees some ends without their client. */
    private static final int REMEMBERED = 20_000;

    private static final Set<String> ENDINGS =
            Stream.of(Outcome.Closed.values()).map(Outcome.Closed::token).collect(Collectors.toUnmodifiableSet());

    private final boolean refusedOnly;
    private final Optional<String> address;
    private final Optional<String> user;
    private final Optional<String> entry;
    private final Map<String, RecordedClient> clients = new Remembered();

    /**
     * @param address only the records of this client
     * @param user only those of this user
     * @param entry only those of clients with the rules of this entry
     */
    RecordFilter(boolean refusedOnly, Optional<String> address, Optional<String> user, Optional<String> entry) {
        this.refusedOnly = refusedOnly;
        this.address = address;
        this.user = user;
        this.entry = entry;
    }

    /** Whether a tunnel ended because something was not right. */
    static boolean isFailure(String outcome) {
        return !ENDINGS.contains(outcome);
    }

    boolean wants(Map<String, String> fields) {
        String event = fields.getOrDefault("event", "");
        boolean refused = "refused".equals(fields.get("verdict"))
                || event.equals("refusals")
                || (event.equals("tunnel") && isFailure(fields.getOrDefault("outcome", "")));
        return (!refusedOnly || refused)
                && (isAsked(address, clientOf(fields).map(RecordedClient::address)) || isOfNetwork(fields))
                && isAsked(user, clientOf(fields).flatMap(RecordedClient::user))
                && isAsked(entry, clientOf(fields).flatMap(RecordedClient::entry));
    }

    /** A sum may be about the network that the address is in. */
    private boolean isOfNetwork(Map<String, String> fields) {
        Optional<String> network = Optional.ofNullable(fields.get("client.network"));
        return network.isPresent()
                && network.equals(address.map(NetUtil::createInetAddressFromIpAddressString)
                        .map(asked ->
                                NetUtil.toAddressString(ClientNetwork.of(asked)) + "/" + ClientNetwork.IPV6_PREFIX));
    }

    private static boolean isAsked(Optional<String> asked, Optional<String> found) {
        return asked.isEmpty() || asked.equals(found);
    }

    /** Hears every record, wanted or not. */
    void hear(Map<String, String> fields) {
        if ("decision".equals(fields.get("event")) && fields.containsKey("client.address")) {
            clients.put(fields.getOrDefault("id", ""), RecordedClient.of(fields));
        }
    }

    Optional<RecordedClient> clientOf(Map<String, String> fields) {
        return fields.containsKey("client.address")
                ? Optional.of(RecordedClient.of(fields))
                : Optional.ofNullable(clients.get(fields.getOrDefault("id", "")));
    }

    private static final class Remembered extends LinkedHashMap<String, RecordedClient> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecordedClient> eldest) {
            return size() > REMEMBERED;
        }
    }
}
