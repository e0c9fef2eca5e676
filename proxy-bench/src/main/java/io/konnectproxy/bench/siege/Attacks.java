package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.siege.Attack.Plan;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;

/** All that is done to the proxy. Each attack comes from a network of its own. */
final class Attacks {
    /** Connections of all attacks at once: fewer than {@code limits.tunnels}, so that there is room for the honest. */
    private static final int MOST_AT_ONCE = 8_000;

    /** Connections that all attacks at once open in a second, so that two processors are not all that is attacked. */
    private static final int MOST_PER_SECOND = 3_000;

    /** An attack with more connections than this gives way when all come at once. */
    private static final int LARGE = 1_000;

    private Attacks() {}

    static List<Attack> all(Listeners at, RetryingOrigin retrying) throws GeneralSecurityException, SSLException {
        return List.of(
                HeldTunnels.ofProtocols(plan("A1.1", "16 KB of ALPN names, open tunnels", at.plain(), 20, 1, 980, 500)),
                HeldTunnels.ofExtensions(
                        plan("A1.2", "16 KB of extensions, open tunnels", at.plain(), 21, 1, 980, 500)),
                HeldTunnels.ofProtocols(plan("A1.3", "16 KB of ALPN names, open tunnels", at.plain(), 22, 7, 980, 700)),
                HeldTunnels.ofExtensions(
                        plan("A1.4", "16 KB of extensions, open tunnels", at.plain(), 23, 7, 980, 700)),
                HeldTunnels.unfinished(plan("A2.1", "ClientHellos of 16 KB, unfinished", at.plain(), 24, 7, 980, 700)),
                HeldConnections.heads(plan("A2.2", "heads of 16 KB, unfinished", at.plain(), 25, 7, 980, 1_500)),
                HeldConnections.proxyHeaders(new Plan(
                        "A2.3", "PROXY headers, unfinished", at.balanced(), new Load("127.5.1", 7, 980, 1_500))),
                HeldConnections.handshakes(
                        plan("A2.4", "TLS ClientHellos of 32 KB, unfinished", at.tls(), 26, 7, 980, 1_500)),
                new HeldCertificates(plan("A2.5", "TLS certificates of 32 KB, unfinished", at.tls(), 27, 7, 980, 200)),
                EarlyBytes.whileLookedUp(plan("A2.6", "64 KB early, slow DNS", at.plain(), 28, 7, 980, 700)),
                EarlyBytes.whileDialled(plan("A2.7", "64 KB early, silent upstream", at.plain(), 29, 7, 980, 700)),
                SlowReaders.clients(plan("A2.8", "clients that read nothing", at.plain(), 30, 7, 64, 200)),
                SlowReaders.upstreams(plan("A2.9", "upstreams that read nothing", at.plain(), 31, 7, 64, 200)),
                Requests.malformed(plan("A3.1", "refused requests", at.plain(), 32, 1, 64, 2_000)),
                Requests.fromOutside(plan("A3.2", "requests from outside 'sources'", at.sources(), 33, 1, 64, 2_000)),
                Requests.malformed(plan("A3.3", "refused requests", at.plain(), 34, 200, 1, 2_000)),
                new RetriedHellos(
                        plan("A4", "another name after HelloRetryRequest", at.plain(), 35, 1, 1, 20), retrying),
                HeldConnections.silent(plan("A5", "silent connections", at.plain(), 36, 10, 995, 2_000)),
                Requests.guesses(plan("A6", "guessed passwords", at.credentials(), 37, 20, 50, 500)),
                new AdminVisits(plan("A7.1", "admin connections that stay", at.admin(), 38, 1, 64, 100)),
                new AdminVisits(plan("A7.2", "admin connections that stay", at.admin(), 39, 20, 10, 200)),
                new Secrets(plan("A8", "secrets in requests", at.plain(), 40, 1, 2, 20)),
                Requests.madeUpNames(plan("A10", "names without an answer", at.plain(), 41, 2, 490, 500)));
    }

    private static Plan plan(
            String id, String what, InetSocketAddress target, int network, int addresses, int each, int perSecond) {
        return new Plan(id, what, target, new Load("127." + network + ".0", addresses, each, perSecond));
    }

    /** What remains of each, in the same order, when all come at once. */
    static List<Load> loadsAtOnce(List<Attack> attacks) {
        List<Load> loads = attacks.stream().map(attack -> attack.plan().load()).toList();
        int small = loads.stream()
                .mapToInt(Load::most)
                .filter(most -> most <= LARGE)
                .sum();
        int large = loads.stream().mapToInt(Load::most).sum() - small;
        int perSecond = loads.stream().mapToInt(Load::perSecond).sum();
        double share = Math.min(1, (double) (MOST_AT_ONCE - small) / Math.max(1, large));
        double rate = Math.min(1, (double) MOST_PER_SECOND / perSecond);
        return loads.stream()
                .map(load -> load.share(load.most() > LARGE ? share : 1, rate))
                .toList();
    }
}
