package io.konnectproxy.server.metrics;

import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.server.tunnel.TunnelObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * The tunnels that are open, and the bytes that they carry. The bytes of open tunnels are read when metrics are scraped, so
 * that a relay does nothing for them. Thread-safe; nothing waits.
 */
final class TunnelCounters implements TunnelObserver {
    private final Instruments instruments;
    private final Set<CountedTunnel> open = ConcurrentHashMap.newKeySet();
    /** All places that ever had a tunnel, which stay with 0: a series that disappears is not one that has become 0. */
    private final Set<PlaceLabels> places = ConcurrentHashMap.newKeySet();

    TunnelCounters(Instruments instruments) {
        this.instruments = instruments;
    }

    /** An open tunnel. Each of its bytes is counted once, whichever threads count at the same time. */
    private static final class CountedTunnel {
        private final Tunnel tunnel;
        private final PlaceLabels place;
        private final LongAdder allUp;
        private final LongAdder allDown;
        private final AtomicLong countedUp = new AtomicLong();
        private final AtomicLong countedDown = new AtomicLong();

        CountedTunnel(Tunnel tunnel, PlaceLabels place, LabelledCounter bytes) {
            this.tunnel = tunnel;
            this.place = place;
            this.allUp = bytes.of("up", place.purpose(), place.region());
            this.allDown = bytes.of("down", place.purpose(), place.region());
        }

        void count() {
            count(tunnel.bytesUp(), countedUp, allUp);
            count(tunnel.bytesDown(), countedDown, allDown);
        }

        private static void count(long carried, AtomicLong counted, LongAdder all) {
            long before = counted.getAndAccumulate(carried, Math::max);
            if (carried > before) {
                all.add(carried - before);
            }
        }
    }

    @Override
    public void dialled(Optional<Duration> dns, Optional<Duration> connect) {
        dns.ifPresent(instruments.dns::observe);
        connect.ifPresent(instruments.connect::observe);
    }

    @Override
    public Runnable opened(Tunnel tunnel) {
        PlaceLabels place = PlaceLabels.of(tunnel.permit().rule());
        places.add(place);
        CountedTunnel counted = new CountedTunnel(tunnel, place, instruments.bytes);
        open.add(counted);
        return () -> {
            counted.count();
            open.remove(counted);
        };
    }

    /** The bytes of all tunnels, by direction, purpose and region. */
    Map<List<String>, Long> bytes() {
        open.forEach(CountedTunnel::count);
        return instruments.bytes.values();
    }

    /** The number of open tunnels, by purpose and region. */
    Map<List<String>, Long> open() {
        Map<PlaceLabels, Long> counts =
                open.stream().collect(Collectors.groupingBy(each -> each.place, Collectors.counting()));
        return places.stream()
                .collect(Collectors.toMap(
                        place -> List.of(place.purpose(), place.region()), place -> counts.getOrDefault(place, 0L)));
    }

    List<Tunnel> all() {
        return open.stream().map(each -> each.tunnel).toList();
    }

    /** The control planes that have an open tunnel. */
    Set<TenantLabel> controlPlanes() {
        return open.stream()
                .map(each -> each.tunnel.permit().rule())
                .filter(KonnectRule.class::isInstance)
                .flatMap(rule -> ((KonnectRule) rule).match().controlPlane().stream())
                .collect(Collectors.toSet());
    }
}
