package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.konnectproxy.target.HostName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches DNS answers. Read from any thread, written on the DNS event loop only. It holds answers, not permissions:
 * addresses are checked each time they are used.
 */
final class NameCache {
    /** A TTL of 0 would cause a query for each tunnel while thousands of data planes reconnect at once. */
    static final Duration MIN_TTL = Duration.ofSeconds(1);
    /** Limits how long an outdated or forged answer can stay in use. */
    static final Duration MAX_TTL = Duration.ofHours(1);
    /**
     * Short, whatever the zone's negative TTL is (RFC 2308): data planes may query a control plane's name before it exists.
     */
    static final Duration NOT_FOUND_TTL = Duration.ofSeconds(5);
    /** The minimum of RFC 9520: a failing name is not queried with every request. */
    static final Duration FAILURE_TTL = Duration.ofSeconds(1);
    /** How long expired addresses may be used while DNS does not answer (RFC 8767). */
    static final Duration MAX_STALE = Duration.ofMinutes(10);
    /** How long until the next query while stale addresses are used. */
    static final Duration STALE_RETRY = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(NameCache.class);

    private final Map<HostName, CachedAnswer> entries = new ConcurrentHashMap<>();
    private final NameShares shares = new NameShares();

    private final int capacity;
    private final LongSupplier nanoTime;
    private boolean staleReported;

    NameCache(int capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
    }

    /**
     * The answer for one name.
     *
     * @param asker the asker that first looked it up; a full cache evicts a name of the asker that has most
     * @param staleUntil when the addresses must no longer be used even if DNS does not answer; no meaning without addresses
     * @param stale whether the answer has expired and could not be renewed
     */
    record CachedAnswer(Asker asker, DnsAnswer answer, long expires, long staleUntil, boolean stale) {
        /** An answer that is not cached. */
        CachedAnswer(DnsAnswer answer) {
            this(Asker.PROXY, answer, 0, 0, false);
        }
    }

    /** An answer that has not expired. */
    Optional<CachedAnswer> fresh(HostName name) {
        return Optional.ofNullable(entries.get(name)).filter(entry -> nanoTime.getAsLong() - entry.expires < 0);
    }

    /** Addresses that may be used although they could not be renewed. */
    Optional<CachedAnswer> stale(HostName name) {
        return Optional.ofNullable(entries.get(name))
                .filter(entry -> isUsable(entry, nanoTime.getAsLong()))
                .map(entry -> new CachedAnswer(entry.asker, entry.answer, entry.expires, entry.staleUntil, true));
    }

    /** Caches an answer. Returns the one in force, which may be an older one if DNS failed. */
    CachedAnswer renew(Asker asker, HostName name, DnsAnswer answer) {
        CachedAnswer before = entries.get(name);
        CachedAnswer entry = entry(before == null ? asker : before.asker, before, answer, nanoTime.getAsLong());
        report(name, before, entry, answer);
        if (before == null) {
            if (entries.size() >= capacity) {
                HostName dropped = shares.dropOne();
                entries.remove(dropped);
            }
        } else {
            shares.remove(name, before);
        }
        shares.add(name, entry);
        entries.put(name, entry);
        return entry;
    }

    /** Adds late addresses of the other family, unless the answer was replaced in the meantime. */
    void complete(HostName name, CachedAnswer incomplete, Found late) {
        if (incomplete.answer instanceof Found found && !incomplete.stale) {
            CachedAnswer whole = answered(incomplete.asker, found.and(late), nanoTime.getAsLong());
            if (entries.replace(name, incomplete, whole)) {
                shares.remove(name, incomplete);
                shares.add(name, whole);
            }
        }
    }

    int size() {
        return entries.size();
    }

    private static CachedAnswer entry(Asker asker, @Nullable CachedAnswer before, DnsAnswer answer, long now) {
        if (answer instanceof Found found) {
            return answered(asker, found, now);
        }
        boolean answered = answer instanceof Missing missing && missing.cause().isAnAnswer();
        if (!answered && before != null && isUsable(before, now)) {
            long retry = Math.min(STALE_RETRY.toNanos(), before.staleUntil - now);
            return new CachedAnswer(asker, before.answer, now + retry, before.staleUntil, true);
        }
        return new CachedAnswer(asker, answer, now + (answered ? NOT_FOUND_TTL : FAILURE_TTL).toNanos(), now, false);
    }

    private static boolean isUsable(CachedAnswer entry, long now) {
        return entry.answer instanceof Found && now - entry.staleUntil < 0;
    }

    private static CachedAnswer answered(Asker asker, Found found, long now) {
        long ttl = Math.max(
                MIN_TTL.toNanos(),
                Math.min(MAX_TTL.toNanos(), found.timeToLive().toNanos()));
        return new CachedAnswer(asker, found, now + ttl, now + ttl + MAX_STALE.toNanos(), false);
    }

    private void report(HostName name, @Nullable CachedAnswer before, CachedAnswer entry, DnsAnswer answer) {
        if (entry.stale && !staleReported) {
            staleReported = true;
            log.warn(
                    "DNS does not answer for {}: its last known addresses serve for at most {} minutes. {}",
                    name,
                    MAX_STALE.toMinutes(),
                    answer instanceof Missing missing ? missing.hint() : "");
        } else if (before != null && before.stale && !entry.stale && staleReported) {
            staleReported = false;
            if (answer instanceof Missing missing && !missing.cause().isAnAnswer()) {
                log.warn("DNS still does not answer for {}, and its last known addresses are too old to serve.", name);
            } else {
                log.info("DNS answers again for {}.", name);
            }
        }
    }
}
