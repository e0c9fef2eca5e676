package io.konnectproxy.server.live;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** What tunnels are sorted by: the busiest, oldest or largest first, and names from A to Z. */
enum TunnelOrder {
    RATE,
    AGE,
    UP,
    DOWN,
    CLIENT,
    USER,
    HOST;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Equal ones are in the order of their ids, so that they do not change places. */
    Comparator<MeasuredTunnel> comparator(boolean reversed) {
        Comparator<MeasuredTunnel> first = comparator();
        return (reversed ? first.reversed() : first)
                .thenComparing(each -> each.tunnel().id());
    }

    private Comparator<MeasuredTunnel> comparator() {
        return switch (this) {
            case RATE -> Comparator.comparingDouble(MeasuredTunnel::rate).reversed();
            case AGE -> Comparator.comparing(MeasuredTunnel::age).reversed();
            case UP -> Comparator.comparingLong(MeasuredTunnel::up).reversed();
            case DOWN -> Comparator.comparingLong(MeasuredTunnel::down).reversed();
            case CLIENT ->
                Comparator.comparing(
                        each -> each.tunnel().client().address().getAddress().getAddress(), Arrays::compareUnsigned);
            case USER -> Comparator.comparing(each -> each.user().orElse(""), String.CASE_INSENSITIVE_ORDER);
            case HOST -> Comparator.comparing(MeasuredTunnel::host);
        };
    }
}
