package io.konnectproxy.bench.fleet;

import java.util.Random;

/**
 * What a data plane comes for.
 *
 * @param messages that it says in the tunnel, if it gets one
 */
record Errand(String host, int messages) {
    private static final double REFUSED = 0.05;

    /** Half a minute. */
    private static final int STAYS = 30;

    private static final double STAYING = 0.03;
    private static final int MOST_MESSAGES = 6;

    /** What a data plane comes for that has the wrong region set. */
    static Errand elsewhere(String controlPlane) {
        return new Errand(controlPlane + ".eu.cp0.konghq.com", 0);
    }

    /** Mostly its control plane for a while; sometimes what nobody is permitted, as where the wrong region was set. */
    static Errand chosen(String controlPlane, Random random) {
        double kind = random.nextDouble();
        if (kind < REFUSED / 2) {
            return elsewhere(controlPlane);
        } else if (kind < REFUSED) {
            return new Errand("www.example.com", 0);
        } else if (kind < REFUSED + STAYING) {
            return new Errand(controlPlane + ".us.cp0.konghq.com", STAYS);
        }
        return new Errand(controlPlane + ".us.cp0.konghq.com", 1 + random.nextInt(MOST_MESSAGES));
    }
}
