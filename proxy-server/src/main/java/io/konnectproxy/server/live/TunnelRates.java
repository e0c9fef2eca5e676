package io.konnectproxy.server.live;

import io.konnectproxy.server.tunnel.Tunnel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Computes what each open tunnel carries in a second, from one measurement to the next: an average in which what was carried five
 * seconds ago counts for a third of what is carried now. Used by one thread.
 */
final class TunnelRates {
    private static final double MEMORY = TimeUnit.SECONDS.toNanos(5);

    private Map<Tunnel, MeasuredTunnel> before = Map.of();
    private long measuredAt;

    List<MeasuredTunnel> measure(List<Tunnel> open, long now) {
        double weight = -Math.expm1((measuredAt - now) / MEMORY);
        double seconds = (now - measuredAt) / (double) TimeUnit.SECONDS.toNanos(1);
        Map<Tunnel, MeasuredTunnel> measured = new HashMap<>(2 * open.size());
        List<MeasuredTunnel> all = new ArrayList<>(open.size());
        for (Tunnel tunnel : open) {
            MeasuredTunnel one = measure(tunnel, weight, seconds);
            measured.put(tunnel, one);
            all.add(one);
        }
        before = measured;
        measuredAt = now;
        return all;
    }

    private MeasuredTunnel measure(Tunnel tunnel, double weight, double seconds) {
        long up = tunnel.bytesUp();
        long down = tunnel.bytesDown();
        MeasuredTunnel last = before.get(tunnel);
        if (last == null) {
            return new MeasuredTunnel(tunnel, tunnel.age(), up, down, 0, 0);
        }
        return new MeasuredTunnel(
                tunnel,
                tunnel.age(),
                up,
                down,
                last.upPerSecond() + weight * ((up - last.up()) / seconds - last.upPerSecond()),
                last.downPerSecond() + weight * ((down - last.down()) / seconds - last.downPerSecond()));
    }

    /** Nobody watches any more. */
    void forget() {
        before = Map.of();
    }
}
