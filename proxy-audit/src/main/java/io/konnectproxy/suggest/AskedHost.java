package io.konnectproxy.suggest;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import java.util.ArrayList;
import java.util.List;

/** The requests of one client for one host of Konnect, on port 443. */
final class AskedHost {
    /** Of a client that comes from everywhere only some places are kept. */
    static final int ORIGINS = 8;

    private final Authority target;
    private final KonnectMatch match;
    /** The client with each address and certificate with which it came. */
    private final List<Client> origins = new ArrayList<>(1);

    private boolean moreOrigins;
    private long tunnels;
    private long lastTunnel;
    private long attempts;
    private long lastAttempt;
    private WhyNot why = WhyNot.REFUSED;
    private String detail = "";

    AskedHost(HostName host, KonnectMatch match) {
        this.target = new Authority(host, EgressPolicy.PORT);
        this.match = match;
    }

    KonnectMatch match() {
        return match;
    }

    /** Counts a tunnel that justifies the host. */
    void used(Client origin, long time) {
        cameFrom(origin);
        tunnels++;
        lastTunnel = Math.max(lastTunnel, time);
    }

    /** Counts a request that justifies nothing. */
    void attempted(Client origin, WhyNot why, String detail, long time) {
        cameFrom(origin);
        attempts++;
        if (time >= lastAttempt) {
            lastAttempt = time;
            this.why = why;
            this.detail = detail;
        }
    }

    private void cameFrom(Client origin) {
        if (!origins.contains(origin)) {
            if (origins.size() < ORIGINS) {
                origins.add(origin);
            } else {
                moreOrigins = true;
            }
        }
    }

    boolean isJustified() {
        return tunnels > 0;
    }

    long tunnels() {
        return tunnels;
    }

    long lastTunnel() {
        return lastTunnel;
    }

    /** Whether a policy permits the host to this client, wherever it comes from. */
    boolean isPermittedBy(EgressPolicy policy) {
        return !moreOrigins && origins.stream().allMatch(origin -> permits(policy, origin));
    }

    /** Whether a policy permits the host to this client, from one of its places at least. */
    boolean mayBePermittedBy(EgressPolicy policy) {
        return moreOrigins || origins.stream().anyMatch(origin -> permits(policy, origin));
    }

    private boolean permits(EgressPolicy policy, Client origin) {
        return policy.decide(origin, target).verdict() instanceof Verdict.Permitted;
    }

    UnsuggestedRequest unsuggested(String client) {
        return new UnsuggestedRequest(why, client, target.toString(), detail, attempts, lastAttempt);
    }
}
