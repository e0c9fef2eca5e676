package io.konnectproxy.server.dataplane;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.policy.Refusal;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How things stand between a client and a control plane's configuration (cp) or telemetry (tp).
 *
 * @param network the client's IPv4 address, or the first address of its IPv6 /64
 * @param lastAddress the address of it that was seen last; it differs for IPv6 only
 * @param name the user that the client has proved to be, or else the common name of its certificate
 * @param controlPlane its label; empty for refusals that are not for the host of a control plane
 * @param tunnels the tunnels that are open now
 * @param connectedFor since when there is a tunnel without a pause; empty if there is none
 * @param goneFor since when there is none; empty if there is one, or was none so far
 * @param before how long there was one until then
 * @param ended short tunnels that ended in the last ten minutes
 * @param refused refusals in the last ten minutes, at most {@value LastTenMinutes#MOST} of each minute
 * @param refusedInAll refusals since it is known
 * @param reason the last refusal
 * @param remedy what would permit what was refused last: the hint of its audit line, or else what is always said of that refusal
 */
public record DataPlaneState(
        InetAddress network,
        InetAddress lastAddress,
        Optional<String> name,
        Optional<String> controlPlane,
        Optional<String> region,
        boolean telemetry,
        Set<Trouble> troubles,
        int tunnels,
        Optional<Duration> connectedFor,
        Optional<Duration> goneFor,
        Optional<Duration> before,
        int ended,
        int refused,
        long refusedInAll,
        Optional<Refusal> reason,
        Optional<String> remedy) {

    /** Those in the worst trouble first; of those that are lost the latest, and of the others those refused most. */
    static final Comparator<DataPlaneState> WORST_FIRST = Comparator.comparing(
                    DataPlaneState::worst, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(state -> state.connectedFor.isEmpty())
            .thenComparing(state -> state.goneFor.orElse(Duration.ZERO))
            .thenComparing(Comparator.comparingInt((DataPlaneState state) -> state.refused + state.ended)
                    .reversed())
            .thenComparing(state -> state.controlPlane.orElse(""))
            .thenComparing(state -> state.telemetry)
            .thenComparing(state -> state.network.getAddress(), Arrays::compareUnsigned)
            .thenComparing(state -> state.name.orElse(""));

    private @Nullable Trouble worst() {
        for (Trouble trouble : Trouble.values()) {
            if (troubles.contains(trouble)) {
                return trouble;
            }
        }
        return null;
    }

    /** {@code 10.0.0.7}, {@code 2001:db8::/64}. */
    public String address() {
        String text = NetUtil.toAddressString(network);
        return network instanceof Inet6Address ? text + "/" + ClientNetwork.IPV6_PREFIX : text;
    }

    /** {@code 10.0.0.7 (dp-a)}. */
    public String client() {
        return address() + name.map(text -> " (" + text + ")").orElse("");
    }

    /** {@code control plane 0646a7d680 in us (cp)}. */
    public String service() {
        return controlPlane
                .map(label -> "control plane " + label
                        + region.map(text -> " in " + text).orElse("") + (telemetry ? " (tp)" : " (cp)"))
                .orElse("no control plane in particular");
    }
}
