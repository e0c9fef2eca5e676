package io.konnectproxy.server.listener;

import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HelloGate;
import io.konnectproxy.server.tunnel.Relay;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.DialGate;
import io.konnectproxy.server.upstream.PermittedTunnel;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The order of the phases of a tunnel. A phase is given the one that follows, and does not know the others. */
final class Phases {
    private final Function<Channel, ClientConnection> connections;
    private final Executor handshakes;

    /**
     * @param connections called once the channel is active
     * @param handshakes computes the TLS handshakes
     */
    Phases(Function<Channel, ClientConnection> connections, Executor handshakes) {
        this.connections = connections;
        this.handshakes = handshakes;
    }

    /**
     * The first phase of a client connection, with all that follow it: entry, request head, credentials where the
     * listener demands them, verdict, dial, ClientHello, relay. A connection that is refused or cut off on the way ends
     * in a {@code LingeringClose}.
     */
    ClientHandler first() {
        return new EntryGate(
                connections,
                handshakes,
                connection -> new HeadGate(
                        connection,
                        (verdict, request, users, credentials) ->
                                new CredentialGate(connection, users, credentials, request, verdict),
                        (phase, request) ->
                                connection.judge(phase, request, permitted -> dial(permitted, connection.services()))));
    }

    /** The phases of a permitted tunnel. What was in force at its verdict stays in force for it. */
    private static ClientHandler dial(PermittedTunnel permitted, ListenerServices inForce) {
        TunnelServices services = inForce.tunnels();
        return new DialGate(
                services,
                inForce.egress(),
                permitted,
                established -> new HelloGate(
                        services, established, (gate, hello) -> Relay.open(services, gate, established, hello)));
    }
}
