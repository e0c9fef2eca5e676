package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AuditRecord.Hello;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.server.config.Configuration.Resumption;
import io.konnectproxy.server.tunnel.Tunnel;
import io.netty.channel.Channel;
import java.util.Optional;

/** Finds the tunnels that would be refused if they began under the configuration in force now. */
final class Review {
    private final ListenerServices inForce;
    private final boolean refusesResumption;

    Review(ListenerServices inForce) {
        this.inForce = inForce;
        this.refusesResumption = inForce.tunnels().resumption() == Resumption.REFUSE;
    }

    /** Called on the event loop of the tunnel. */
    boolean refuses(Tunnel tunnel, Channel client) {
        Begun begun = Begun.of(client);
        return !admits(tunnel, client.parent(), begun)
                || permit(tunnel, client)
                        .filter(permit -> mayPass(tunnel, permit, begun) && mayDial(tunnel, permit, begun))
                        .isEmpty();
    }

    private boolean admits(Tunnel tunnel, Channel channel, Begun begun) {
        Listener listener = ListenerAddress.demands(channel);
        return !ListenerAddress.isRemoved(channel)
                && listener.beginsLike(
                        begun.listener(),
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

    /** A hello that is still to come will be judged as it would have been before, so that must be strict enough. */
    private boolean mayPass(Tunnel tunnel, TunnelPermit permit, Begun begun) {
        return tunnel.hello()
                .map(hello -> mayPass(hello, permit))
                .orElseGet(() -> permit.admitsNoLessThan(tunnel.permit())
                        && (begun.resumption() == Resumption.REFUSE || !refusesResumption));
    }

    /** While a tunnel is not open, it may still dial every address that was permitted before. */
    private boolean mayDial(Tunnel tunnel, TunnelPermit permit, Begun begun) {
        return tunnel.isOpen()
                ? tunnel.address()
                        .map(address -> inForce.egress().mayDial(permit, address))
                        .orElse(true)
                : inForce.egress().rules().equals(begun.rules());
    }

    private boolean mayPass(Hello hello, TunnelPermit permit) {
        return hello.serverName().filter(permit::admitsServerName).isPresent()
                && !(hello.resumes() && refusesResumption);
    }
}
