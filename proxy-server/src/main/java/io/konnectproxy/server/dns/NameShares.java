package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.NameCache.CachedAnswer;
import io.konnectproxy.target.HostName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which names are whose, and which of them goes first where there is no room: found in a time that hardly grows with how many
 * there are, for whoever fills the cache has one dropped with each new name. On the DNS event loop.
 */
final class NameShares {
    /** Names without addresses first, then those that expire first. */
    private static final Comparator<Name> FIRST_TO_GO = Comparator.comparing(
                    (Name name) -> name.entry().answer() instanceof Found)
            .thenComparing(Name::entry, NameShares::compareExpiry)
            .thenComparing(Name::name);

    private final Map<Asker, AskerShare> shares = new HashMap<>();
    private final TreeSet<AskerShare> largestFirst = new TreeSet<>(
            Comparator.comparingInt(AskerShare::size).reversed().thenComparingLong(share -> share.serial));
    private long serials;

    private record Name(HostName name, CachedAnswer entry) {}

    /** What one asker has. */
    private static final class AskerShare {
        private final Asker asker;
        private final long serial;
        private final TreeSet<Name> names = new TreeSet<>(FIRST_TO_GO);

        AskerShare(Asker asker, long serial) {
            this.asker = asker;
            this.serial = serial;
        }

        int size() {
            return names.size();
        }
    }

    /** Times of {@link System#nanoTime} have no order but that of their differences. */
    private static int compareExpiry(CachedAnswer one, CachedAnswer other) {
        return Long.signum(one.expires() - other.expires());
    }

    /** A name counts for the asker of its entry from now on. */
    void add(HostName name, CachedAnswer entry) {
        AskerShare share = shares.computeIfAbsent(entry.asker(), asker -> new AskerShare(asker, serials++));
        largestFirst.remove(share);
        share.names.add(new Name(name, entry));
        largestFirst.add(share);
    }

    /** It does so no longer. */
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
     * Takes out the first name to go of the asker that has most.
     *
     * @throws java.util.NoSuchElementException where there is none
     */
    HostName dropOne() {
        Name name = largestFirst.first().names.first();
        remove(name.name(), name.entry());
        return name.name();
    }
}
