package io.konnectproxy.bench.siege;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The names of a permitted pattern, and where each leads: its first word says so. */
final class Names {
    /** An upstream that does as it is told, see {@link io.konnectproxy.bench.Origin}. */
    static final String ATTACK = host("attack");

    /** One that answers a ClientHello with a HelloRetryRequest. */
    static final String RETRY = host("retry");

    /** One that accepts nobody, so that whoever dials it waits. */
    static final String DEAF = host("deaf");

    /** Another tenant's, which nobody was permitted to speak to. */
    static final String OTHER_TENANT = host("tenant");

    /** Less than {@code dns.timeout}, by default 2 s. */
    private static final int SLOW_MILLIS = 1_500;

    private Names() {}

    private static String host(String label) {
        return label + ".us.cp0.konghq.com";
    }

    /** The control plane of the honest. */
    static String honest() {
        return host("0646a7d680");
    }

    /** Another one, which is not in any cache. */
    static String honest(int n) {
        return host("0646" + String.format("%06x", n));
    }

    /** The name server answers late. */
    static String slow(int n) {
        return host("slow-" + n);
    }

    /** The name server never answers. */
    static String silent(int n) {
        return host("silent-" + n);
    }

    static StandInDns serve() {
        return StandInDns.start(Names::answer);
    }

    private static StandInAnswer answer(StandInDns.Question question) {
        String name = question.name();
        if (name.startsWith("0646")) {
            return StandInAnswer.of(Konnect.ADDRESS.getAddress().getHostAddress());
        } else if (name.startsWith("silent-")) {
            return StandInAnswer.silence();
        } else if (name.startsWith("slow-")) {
            Executor late = CompletableFuture.delayedExecutor(SLOW_MILLIS, TimeUnit.MILLISECONDS);
            return StandInAnswer.of("127.0.0.1").after(CompletableFuture.runAsync(() -> {}, late));
        } else if (name.equals(RETRY)) {
            return StandInAnswer.of(RetryingOrigin.ADDRESS.getAddress().getHostAddress());
        } else if (name.equals(DEAF)) {
            return StandInAnswer.of(DeafOrigin.ADDRESS.getAddress().getHostAddress());
        } else if (name.equals(ATTACK)) {
            return StandInAnswer.of("127.0.0.1");
        }
        return StandInAnswer.noSuchName();
    }
}
