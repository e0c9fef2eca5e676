package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.NameCache.CachedAnswer;
import io.konnectproxy.target.HostName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The cached names of each asker, and the choice of the name to evict. That takes logarithmic time, since an asker that
 * fills the cache causes an eviction with each new name. Runs on the DNS event loop.
 */
final class NameShares {
    /** Names without addresses first, then those that expire first. */
    private static final Comparator<Name> EVICTION_ORDER = Comparator.comparing(
                    (Name name) -> name.entry().answer() instanceof Found)
            .thenComparing(Name::entry, NameShares::compareExpiry)
            .thenComparing(Name::name);

    private final Map<Asker, AskerShare> shares = new HashMap<>();
    private final TreeSet<AskerShare> largestFirst = new TreeSet<>(
            Comparator.comparingInt(AskerShare::size).reversed().thenComparingLong(share -> share.serial));
    private long serials;

    private record Name(HostName name, CachedAnswer entry) {}

    /** The names of one asker. */
    private static final class AskerShare {
        private final Asker asker;
        private final long serial;
        private final TreeSet<Name> names = new TreeSet<>(EVICTION_ORDER);

        AskerShare(Asker asker, long serial) {
            this.asker = asker;
            this.serial = serial;
        }

        int size() {
            return names.size();
        }
    }

    /** Times of {@link System#nanoTime} can overflow, so only their differences are compared. */
    private static int compareExpiry(CachedAnswer one, CachedAnswer other) {
        return Long.signum(one.expires() - other.expires());
    }

    /** Adds a name to the share of the asker of its entry. */
    void add(HostName name, CachedAnswer entry) {
        AskerShare share = shares.computeIfAbsent(entry.asker(), asker -> new AskerShare(asker, serials++));
        largestFirst.remove(share);
        share.names.add(new Name(name, entry));
        largestFirst.add(share);
    }

    /** Removes a name from the share of the asker of its entry. */
    void remove(HostName name, CachedAnswer entry) {
        AskerShare share = shares.get(entry.asker());
        if (share == null) {
            return;
        }
        largestFirst.remove(share);
        share.names.remove(new Name(name, entry));
        if (share.names.isEmpty()) {
            shares.remove(share.asker);
        } else {
            largestFirst.add(share);
        }
    }

    /**
     * Removes and returns the name to evict: the first one of the asker that has most.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    HostName dropOne() {
        Name name = largestFirst.first().names.first();
        remove(name.name(), name.entry());
        return name.name();
    }
}
