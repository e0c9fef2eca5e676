package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Addresses that could not be reached recently. They are dialled after all others, but still dialled. Thread-safe. */
final class DeadAddresses {
    /** How long an address counts as dead; after that a tunnel tries it again in its normal place. */
    static final Duration MEMORY = Duration.ofMinutes(1);
    /** More addresses than the permitted names have. */
    static final int CAPACITY = 1024;

    private final LongSupplier nanoTime;
    /** The end of each address's time, the oldest entry first. */
    private final Map<InetSocketAddress, Long> until = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
            return size() > CAPACITY;
        }
    };

    DeadAddresses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void failed(InetSocketAddress address) {
        until.remove(address);
        until.put(address, nanoTime.getAsLong() + MEMORY.toNanos());
    }

    synchronized void answered(InetSocketAddress address) {
        until.remove(address);
    }

    /** The same addresses, with the dead ones after the others. */
    synchronized List<InetSocketAddress> last(List<InetSocketAddress> addresses) {
        if (until.isEmpty()) {
            return addresses;
        }
        long now = nanoTime.getAsLong();
        until.values().removeIf(end -> now - end >= 0);
        return Stream.concat(
                        addresses.stream().filter(address -> !until.containsKey(address)),
                        addresses.stream().filter(until::containsKey))
                .toList();
    }
}
