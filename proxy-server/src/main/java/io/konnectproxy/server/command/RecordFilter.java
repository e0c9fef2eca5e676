package io.konnectproxy.server.command;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Selects the records to be shown. It remembers the clients of requests, because the line of a tunnel's end of version 1 has
 * only the id of the request. Not thread-safe.
 */
final class RecordFilter {
    /**
     * More than a proxy usually has tunnels at once. Beyond that some ends of tunnels are shown without their client.
     */
    private static final int REMEMBERED = 20_000;

    private final Set<String> events;
    private final boolean refusedOnly;
    private final Optional<String> address;
    private final Optional<String> user;
    private final Optional<String> entry;
    private final Map<String, RecordedClient> clients = new Remembered();

    /**
     * @param events only records of these events; empty for those of all
     * @param address only the records of this client
     * @param user only the records of this user, and of clients that named this user with a wrong password
     * @param entry only the records of clients with the rules of this entry
     */
    RecordFilter(
            Collection<EventName> events,
            boolean refusedOnly,
            Optional<String> address,
            Optional<String> user,
            Optional<String> entry) {
        this.events = events.stream().map(EventName::word).collect(Collectors.toUnmodifiableSet());
        this.refusedOnly = refusedOnly;
        this.address = address;
        this.user = user;
        this.entry = entry;
    }

    boolean wants(EventReader.EventLine line) {
        TrailEvent event = line.event();
        Optional<RecordedClient> client = clientOf(event);
        return (events.isEmpty() || events.contains(line.word()))
                && (!refusedOnly || isRefusal(event))
                && (isAsked(address, client.map(RecordedClient::address)) || isOfAddress(event))
                && isAsked(user, client.flatMap(found -> found.user().or(found::claimedUser)))
                && isAsked(entry, client.flatMap(RecordedClient::entry));
    }

    private static boolean isRefusal(TrailEvent event) {
        return event instanceof TrailEvent.Refusals
                || (event instanceof TrailEvent.Decision decision && decision.judgement() != Ruling.PERMITTED)
                || (event instanceof TrailEvent.TunnelEnd end && Ending.of(end.outcome()) != Ending.CLOSED);
    }

    /** A sum of refusals is of an address, or of the network that contains it. */
    private boolean isOfAddress(TrailEvent event) {
        return event instanceof TrailEvent.Refusals refusals
                && refusals.client().isPresent()
                && (refusals.client().equals(address) || refusals.client().equals(address.map(RecordFilter::network)));
    }

    private static String network(String address) {
        return AddressText.of(ClientNetwork.of(NetUtil.createInetAddressFromIpAddressString(address))) + "/"
                + ClientNetwork.IPV6_PREFIX;
    }

    private static boolean isAsked(Optional<String> asked, Optional<String> found) {
        return asked.isEmpty() || asked.equals(found);
    }

    /** Must be called with every record, selected or not. */
    void hear(TrailEvent event) {
        if (event instanceof TrailEvent.Decision decision) {
            clients.put(decision.id(), decision.client());
        }
    }

    /** The client of a decision or of a tunnel's end, if it is known. */
    Optional<RecordedClient> clientOf(TrailEvent event) {
        if (event instanceof TrailEvent.Decision decision) {
            return Optional.of(decision.client());
        }
        return event instanceof TrailEvent.TunnelEnd end
                ? end.client().or(() -> Optional.ofNullable(clients.get(end.id())))
                : Optional.empty();
    }

    private static final class Remembered extends LinkedHashMap<String, RecordedClient> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecordedClient> eldest) {
            return size() > REMEMBERED;
        }
    }
}
