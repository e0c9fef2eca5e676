package io.konnectproxy.server.live;

import io.konnectproxy.policy.Client;
import io.konnectproxy.server.tunnel.Tunnel;
import java.time.Duration;
import java.util.Optional;

/**
 * An open tunnel at one moment.
 *
 * @param age since it was permitted
 * @param up bytes to Konnect so far
 * @param down bytes to the client so far
 * @param upPerSecond lately
 */
record MeasuredTunnel(Tunnel tunnel, Duration age, long up, long down, double upPerSecond, double downPerSecond) {
    double rate() {
        return upPerSecond + downPerSecond;
    }

    /** The user that the client has proved to be, or else the common name of its certificate. */
    Optional<String> user() {
        return user(tunnel.client());
    }

    static Optional<String> user(Client client) {
        return client.user().or(() -> client.certificateNames().stream().findFirst());
    }

    String host() {
        return tunnel.permit().authority().host().toString();
    }
}
