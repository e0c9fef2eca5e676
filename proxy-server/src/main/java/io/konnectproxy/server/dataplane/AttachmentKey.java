package io.konnectproxy.server.dataplane;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Client;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client, and one of the two services of a control plane. Without Optionals, because thousands are kept.
 *
 * @param network the client's IPv4 address or IPv6 /64
 * @param name the user that the client has proved to be, or else the common name of its certificate
 * @param controlPlane its label; null for refusals that are not for the host of a control plane
 * @param telemetry whether it is the control plane's telemetry (tp), not its configuration (cp)
 */
record AttachmentKey(
        InetAddress network,
        @Nullable String name,
        @Nullable String controlPlane,
        @Nullable String region,
        boolean telemetry) {
    private static final int LONGEST_NAME = 128;

    static AttachmentKey of(Client client, Optional<KonnectMatch> match) {
        return new AttachmentKey(
                ClientNetwork.of(client.address().getAddress()),
                client.user()
                        .or(() -> client.certificateNames().stream().findFirst())
                        .filter(AttachmentKey::canBeSaid)
                        .orElse(null),
                match.flatMap(KonnectMatch::controlPlane).map(Object::toString).orElse(null),
                match.flatMap(row -> row.host().region()).map(Region::name).orElse(null),
                match.map(KonnectMatch::isTelemetry).orElse(false));
    }

    /** An authority may sign names of any length, with any characters, and the log prints them. */
    private static boolean canBeSaid(String name) {
        return name.length() <= LONGEST_NAME
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    }

    /** The key of the same data plane's configuration. */
    AttachmentKey configuration() {
        return new AttachmentKey(network, name, controlPlane, region, false);
    }
}
