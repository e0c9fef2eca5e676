package io.konnectproxy.suggest;

import java.util.Collection;
import java.util.function.Predicate;

/** Adds up what justifies a rule. */
final class UseCount {
    private UseCount() {}

    static JustifiedUse of(Collection<KnownClient> all, Predicate<AskedHost> justifying) {
        long tunnels = 0;
        long clients = 0;
        long last = 0;
        for (KnownClient client : all) {
            long before = tunnels;
            for (AskedHost host : client.hosts()) {
                if (host.isJustified() && justifying.test(host)) {
                    tunnels += host.tunnels();
                    last = Math.max(last, host.lastTunnel());
                }
            }
            clients += tunnels > before ? 1 : 0;
        }
        return new JustifiedUse(tunnels, clients, last);
    }
}
