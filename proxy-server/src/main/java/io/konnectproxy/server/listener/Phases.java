package io.konnectproxy.server.listener;

import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HelloGate;
import io.konnectproxy.server.tunnel.Relay;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.DialGate;
import io.konnectproxy.server.upstream.Egress;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The order of the phases of a tunnel. A phase is told which one follows, and knows none but itself. */
final class Phases {
    private final TunnelServices services;
    private final Egress egress;
    private final Function<Channel, Arrival> arrivals;
    private final Executor handshakes;

    /**
     * @param arrivals asked once a connection is there
     * @param handshakes does the arithmetic of TLS handshakes
     */
    Phases(TunnelServices services, Egress egress, Function<Channel, Arrival> arrivals, Executor handshakes) {
        this.services = services;
        this.egress = egress;
        this.arrivals = arrivals;
        this.handshakes = handshakes;
    }

    /**
     * The first phase of a client connection, with all that follow it: entry, request head, credentials where the listener
     * demands them, verdict, dial, ClientHello, relay. Whatever is refused or cut on the way ends in a {@code Farewell}.
     */
    ClientHandler first() {
        return new EntryGate(
                arrivals,
                handshakes,
                arrival -> new HeadGate(
                        arrival,
                        (verdict, request, users, credentials) ->
                                new CredentialGate(arrival, users, credentials, request, verdict),
                        (phase, request) -> arrival.judge(
                                phase,
                                request,
                                permitted -> new DialGate(
                                        services,
                                        egress,
                                        permitted,
                                        established -> new HelloGate(
                                                services,
                                                established,
                                                (gate, hello) -> Relay.open(services, gate, established, hello))))));
    }
}
