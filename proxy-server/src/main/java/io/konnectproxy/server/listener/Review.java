package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AuditRecord.Hello;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.tunnel.Tunnel;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Optional;

/** Finds the tunnels that would be refused if they began under the configuration in force now. */
final class Review {
    private final ListenerServices inForce;
    private final boolean refusesResumption;
    private final boolean refusedResumption;
    private final Map<Channel, Listener> before;

    /**
     * @param earlier what was in force until now
     * @param before the requirements that the listeners had until now
     */
    Review(ListenerServices inForce, ListenerServices earlier, Map<Channel, Listener> before) {
        this.inForce = inForce;
        this.refusesResumption = inForce.tunnels().resumption() == Configuration.Resumption.REFUSE;
        this.refusedResumption = earlier.tunnels().resumption() == Configuration.Resumption.REFUSE;
        this.before = before;
    }

    /**
     * Called on the event loop of the tunnel.
     *
     * @param channel of the client
     */
    boolean refuses(Tunnel tunnel, Channel channel) {
        return !admits(tunnel, channel.parent())
                || permit(tunnel, channel)
                        .filter(permit -> mayGoOn(tunnel, permit))
                        .isEmpty();
    }

    private boolean admits(Tunnel tunnel, Channel channel) {
        Listener listener = ListenerAddress.demands(channel);
        Listener earlier = before.getOrDefault(channel, listener);
        return !ListenerAddress.isRemoved(channel)
                && listener.beginsLike(
                        earlier,
                        tunnel.client().peer().orElse(tunnel.client().address()).getAddress())
                && listener.admits(tunnel.client().address().getAddress())
                && listener.users()
                        .map(users -> tunnel.client()
                                .user()
                                .filter(users.names()::contains)
                                .isPresent())
                        .orElse(true);
    }

    private Optional<TunnelPermit> permit(Tunnel tunnel, Channel channel) {
        // The tunnel keeps one name of the certificate only.
        Client kept = tunnel.client();
        Client client = new Client(kept.address(), kept.peer(), kept.user(), ClientTls.certificateNames(channel));
        Verdict verdict =
                inForce.policy().decide(client, tunnel.permit().authority()).verdict();
        if (verdict instanceof Permitted permitted) {
            return Optional.of(permitted.permit());
        }
        return verdict instanceof Unenforced unenforced ? Optional.of(unenforced.permit()) : Optional.empty();
    }

    private boolean mayGoOn(Tunnel tunnel, TunnelPermit permit) {
        return tunnel.hello().map(hello -> mayPass(hello, permit)).orElse(refusedResumption || !refusesResumption)
                && tunnel.address()
                        .map(address -> inForce.egress().mayDial(permit, address))
                        .orElse(true);
    }

    private boolean mayPass(Hello hello, TunnelPermit permit) {
        return hello.serverName().filter(permit::admitsServerName).isPresent()
                && !(hello.resumes() && refusesResumption);
    }
}
