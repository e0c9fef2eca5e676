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
 * What DNS said lately. Read from any thread, written on the DNS event loop only. Holds what was answered, not what was
 * permitted: addresses are checked each time they are used.
 */
final class NameCache {
    /** A time to live of 0 would mean a query a tunnel while thousands of data planes come back at once. */
    static final Duration MIN_TTL = Duration.ofSeconds(1);
    /** Whoever publishes a longer one, or forges it, should not be able to keep a moved host wrong for longer. */
    static final Duration MAX_TTL = Duration.ofHours(1);
    /** Short, whatever the zone says (RFC 2308): a control plane's name comes to life while data planes ask for it. */
    static final Duration NOT_FOUND_TTL = Duration.ofSeconds(5);
    /** The least that RFC 9520 wants, so that a failing name is not asked for with every request. */
    static final Duration FAILURE_TTL = Duration.ofSeconds(1);
    /** How long addresses may serve after they expired, while DNS does not answer (RFC 8767). */
    static final Duration MAX_STALE = Duration.ofMinutes(10);
    /** How long until the resolver is asked again while stale addresses serve. */
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
     * One name.
     *
     * @param asker in whose turn it was looked up first: what one asker has many of makes room first
     * @param staleUntil when the addresses may not even serve while DNS is down; without meaning for others
     * @param stale whether the answer should have been renewed but could not be
     */
    record CachedAnswer(Asker asker, DnsAnswer answer, long expires, long staleUntil, boolean stale) {
        /** What is told and not kept. */
        CachedAnswer(DnsAnswer answer) {
            this(Asker.PROXY, answer, 0, 0, false);
        }
    }

    /** What needs no asking now. */
    Optional<CachedAnswer> fresh(HostName name) {
        return Optional.ofNullable(entries.get(name)).filter(entry -> nanoTime.getAsLong() - entry.expires < 0);
    }

    /** Old addresses, for want of an answer. */
    Optional<CachedAnswer> stale(HostName name) {
        return Optional.ofNullable(entries.get(name))
                .filter(entry -> mayServe(entry, nanoTime.getAsLong()))
                .map(entry -> new CachedAnswer(entry.asker, entry.answer, entry.expires, entry.staleUntil, true));
    }

    /** Keeps an answer. Gives what holds from now on: where DNS failed, that may be an older answer. */
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

    /** Adds addresses that came after the rest of their answer, unless that was replaced in the meantime. */
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
        if (!answered && before != null && mayServe(before, now)) {
            long retry = Math.min(STALE_RETRY.toNanos(), before.staleUntil - now);
            return new CachedAnswer(asker, before.answer, now + retry, before.staleUntil, true);
        }
        return new CachedAnswer(asker, answer, now + (answered ? NOT_FOUND_TTL : FAILURE_TTL).toNanos(), now, false);
    }

    private static boolean mayServe(CachedAnswer entry, long now) {
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
