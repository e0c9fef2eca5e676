package io.konnectproxy.report;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.net.Inet6Address;

/** The unit in which a running proxy counts clients, as its sums of refusals have it: {@code 10.0.0.7}, {@code 2001:db8::/64}. */
final class NetworkName {
    private NetworkName() {}

    /** A text that is no IPv6 address stays as it is. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        return AddressText.read(address)
                .map(AddressText::address)
                .filter(Inet6Address.class::isInstance)
                .map(read -> new Cidr(ClientNetwork.of(read), ClientNetwork.IPV6_PREFIX).toString())
                .orElse(address);
    }

    /** The same with the client's name, as {@link RecordedClient#name} has it. */
    static String of(RecordedClient client) {
        return of(client.address()) + client.name().substring(client.address().length());
    }

    /** The network of a client that has a name. */
    static String ofNamed(String name) {
        int end = name.indexOf(' ');
        return of(end < 0 ? name : name.substring(0, end));
    }
}
