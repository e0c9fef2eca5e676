package io.konnectproxy.server.command;

import io.konnectproxy.audit.Outcome;
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
    private final Optional<String> client;
    private final Map<String, String> clients = new Remembered();

    /** @param client only the records of this address */
    RecordFilter(boolean refusedOnly, Optional<String> client) {
        this.refusedOnly = refusedOnly;
        this.client = client;
    }

    /** Whether a tunnel ended because something was not right. */
    static boolean isFailure(String outcome) {
        return !ENDINGS.contains(outcome);
    }

    boolean wants(Map<String, String> fields) {
        String event = fields.getOrDefault("event", "");
        boolean refused = "refused".equals(fields.get("verdict"))
                || (event.equals("tunnel") && isFailure(fields.getOrDefault("outcome", "")));
        return (!refusedOnly || refused) && (client.isEmpty() || client.equals(clientOf(fields)));
    }

    /** Hears every record, wanted or not. */
    void hear(Map<String, String> fields) {
        if ("decision".equals(fields.get("event")) && fields.containsKey("client.address")) {
            clients.put(fields.getOrDefault("id", ""), fields.getOrDefault("client.address", ""));
        }
    }

    Optional<String> clientOf(Map<String, String> fields) {
        return Optional.ofNullable(fields.get("client.address"))
                .or(() -> Optional.ofNullable(clients.get(fields.getOrDefault("id", ""))));
    }

    private static final class Remembered extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    }
}
