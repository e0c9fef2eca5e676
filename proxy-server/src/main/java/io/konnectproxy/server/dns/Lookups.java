package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.konnectproxy.server.dns.NameCache.CachedAnswer;
import io.konnectproxy.server.fair.FairQueue;
import io.konnectproxy.server.fair.FairQueue.Dropped;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queued and running look-ups: one for each name, whatever the number of askers. File descriptors limit how many run at
 * once, and askers take turns. Runs on the DNS event loop.
 */
final class Lookups {
    /**
     * Sockets of one look-up: two record types, of each three resolvers, each queried twice. A query has one at a time.
     */
    static final int SOCKETS = 2 * DnsQuery.MAX_SERVERS * 2;
    /** Names that may be queued, counted once for each asker; they wait for {@code dns.timeout} at most. */
    static final int ROOM = 2048;

    private static final int SHARE = ROOM / 8;
    /** How long IPv4 addresses are held back if IPv6 is preferred (RFC 8305, section 3). */
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    private static final String TOO_MANY = "Too many names are being looked up.";
    private static final Logger log = LoggerFactory.getLogger(Lookups.class);
    private static final Duration WARM_UP = Duration.ofMillis(100);

    private final NameSource names;
    private final Duration timeout;
    private final AddressFamily family;
    private final EventLoop loop;
    private final NameCache cache;
    private final EdnsSupport edns;
    private final FairQueue<Asker, Lookup> turns = new FairQueue<>(ROOM, SHARE);
    private final RunningLookups running;
    /** Look-ups without a result yet, which further askers join. */
    private final Map<HostName, Lookup> current = new HashMap<>();

    private boolean beginning;
    private boolean closed;

    /**
     * Creates it; nothing is asked yet.
     *
     * @param edns what is known of the resolvers
     * @param mostRunning how many may run at once, each with at most {@link #SOCKETS}
     */
    Lookups(
            NameSource names,
            Configuration.Dns settings,
            EventLoop loop,
            NameCache cache,
            EdnsSupport edns,
            int mostRunning) {
        this.names = names;
        this.timeout = settings.timeout();
        this.family = settings.family();
        this.loop = loop;
        this.cache = cache;
        this.running = new RunningLookups(mostRunning);
        this.edns = edns;
    }

    /** Joins the look-up of a name, or queues a new one. */
    void await(Asker asker, HostName name, Consumer<CachedAnswer> callback) {
        if (closed) {
            callback.accept(uncached("The resolver is closed."));
            return;
        }
        Lookup lookup = current.get(name);
        if (lookup == null) {
            lookup = new Lookup(name);
            current.put(name, lookup);
            limitWait(lookup);
        }
        lookup.callbacks().add(callback);
        running.wanted(lookup);
        if (lookup.askers().add(asker) && !lookup.isRunning()) {
            turns.add(asker, priority(asker), lookup).ifPresent(this::onDropped);
            beginNext();
        }
    }

    /** Removes a callback. A queued look-up without callbacks is dropped; a running one may be preempted. */
    void leave(HostName name, Consumer<CachedAnswer> callback) {
        Lookup lookup = current.get(name);
        if (lookup == null
                || !lookup.callbacks().remove(callback)
                || !lookup.callbacks().isEmpty()) {
            return;
        }
        if (lookup.isRunning()) {
            unwanted(lookup);
            beginNext();
        } else {
            end(lookup, uncached("Nobody waits for it."));
        }
    }

    /** The proxy itself goes first, then the asker with the fewest running look-ups. */
    private int priority(Asker asker) {
        return asker.equals(Asker.PROXY) ? -1 : running.of(asker);
    }

    private void ended(Lookup lookup) {
        running.ended(lookup);
        turns.setPriority(lookup.turn(), priority(lookup.turn()));
    }

    private void unwanted(Lookup lookup) {
        running.unwanted(lookup);
        turns.setPriority(lookup.turn(), priority(lookup.turn()));
    }

    private void limitWait(Lookup lookup) {
        lookup.setTimeout(loop.schedule(
                () -> {
                    if (!lookup.isRunning()) {
                        refuse(lookup, Cause.TIMED_OUT);
                    }
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private void onDropped(Dropped<Asker, Lookup> dropped) {
        Lookup lookup = dropped.item();
        lookup.askers().remove(dropped.client());
        if (lookup.askers().isEmpty()) {
            refuse(lookup, Cause.FAILED);
        }
    }

    /** Ends a look-up for lack of capacity. This says nothing about the name, so it is not cached. */
    private void refuse(Lookup lookup, Cause cause) {
        end(lookup, cache.stale(lookup.name()).orElseGet(() -> new CachedAnswer(new Missing(cause, TOO_MANY))));
    }

    /** Starts queued look-ups while there is capacity, or a running one can be preempted. */
    private void beginNext() {
        if (beginning) {
            // The call further up the stack goes on with the same loop.
            return;
        }
        beginning = true;
        try {
            for (Optional<Asker> next = next(); next.isPresent() && ensureRoom(next.get()); next = next()) {
                Lookup lookup = turns.take(next.get());
                lookup.askers().forEach(asker -> turns.remove(asker, lookup));
                begin(lookup, next.get());
            }
        } finally {
            beginning = false;
        }
    }

    private Optional<Asker> next() {
        return turns.next(running::hasShareFor);
    }

    private boolean ensureRoom(Asker asker) {
        if (running.hasRoom()) {
            return true;
        }
        Optional<Lookup> preempted = running.preemptibleFor(asker);
        preempted.ifPresent(this::preempt);
        return preempted.isPresent();
    }

    private void preempt(Lookup lookup) {
        ended(lookup);
        lookup.stop();
        if (lookup.callbacks().isEmpty()) {
            end(lookup, uncached("Nobody waits for it."));
        } else if (lookup.hasTimedOut()) {
            refuse(lookup, Cause.TIMED_OUT);
        } else {
            lookup.askers().forEach(asker -> turns.putBack(asker, priority(asker), lookup));
        }
    }

    private void begin(Lookup lookup, Asker asker) {
        lookup.start(asker);
        running.begun(lookup);
        turns.setPriority(asker, priority(asker));
        Pending pending = new Pending(lookup);
        List<InetSocketAddress> servers = names.servers();
        // The query for the other family goes out first: its answer then mostly arrives before that for the preferred
        // one.
        if (family == AddressFamily.IPV6_FIRST) {
            ask(lookup, DnsRecordType.A, servers, pending::onIpv4);
        }
        if (FamilyOrder.uses6(family)) {
            ask(lookup, DnsRecordType.AAAA, servers, pending::onIpv6);
        }
        if (family != AddressFamily.IPV6_FIRST && FamilyOrder.uses4(family)) {
            ask(lookup, DnsRecordType.A, servers, pending::onIpv4);
        }
    }

    private void ask(Lookup lookup, DnsRecordType type, List<InetSocketAddress> servers, Consumer<DnsAnswer> whenDone) {
        DefaultDnsQuestion question = new DefaultDnsQuestion(lookup.name() + ".", type);
        DnsQuery query = new DnsQuery(loop, edns, question, servers, timeout, whenDone);
        lookup.add(query);
        query.start();
    }

    /** Sends a first query, to a socket of this process that never answers. */
    void warmUp() {
        try {
            DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            loop.terminationFuture().addListener(ended -> silent.close());
            new DnsQuery(
                            loop,
                            edns,
                            new DefaultDnsQuestion("localhost.", DnsRecordType.A),
                            List.of((InetSocketAddress) silent.getLocalSocketAddress()),
                            WARM_UP,
                            answer -> silent.close())
                    .start();
        } catch (IOException e) {
            log.debug("The DNS client is not warmed up.", e);
        }
    }

    /** Completes all callbacks. The next request for the name begins a new look-up. */
    private void end(Lookup lookup, CachedAnswer entry) {
        lookup.cancelTimeout();
        current.remove(lookup.name(), lookup);
        lookup.askers().forEach(asker -> turns.remove(asker, lookup));
        List<Consumer<CachedAnswer>> callbacks = List.copyOf(lookup.callbacks());
        lookup.callbacks().clear();
        callbacks.forEach(callback -> callback.accept(entry));
    }

    private static CachedAnswer uncached(String hint) {
        return new CachedAnswer(new Missing(Cause.FAILED, hint));
    }

    void close() {
        closed = true;
        List.copyOf(current.values()).forEach(lookup -> {
            end(lookup, uncached("The resolver is closed."));
            lookup.cancelQueries();
        });
    }

    /** Collects the answers of a running look-up. */
    private final class Pending {
        private final Lookup lookup;
        private final DualStackLookup addresses;
        private @Nullable CachedAnswer kept;

        Pending(Lookup lookup) {
            this.lookup = lookup;
            this.addresses = new DualStackLookup(family, this::onKnown, late -> {
                if (kept != null) {
                    cache.complete(lookup.name(), kept, late);
                }
            });
        }

        void onIpv4(DnsAnswer answer) {
            addresses.onIpv4(answer);
            endIfOver();
        }

        void onIpv6(DnsAnswer answer) {
            addresses.onIpv6(answer);
            endIfOver();
        }

        private void onKnown(DnsAnswer answer) {
            kept = cache.renew(lookup.turn(), lookup.name(), answer);
            end(lookup, kept);
            // A queued look-up may preempt it now: it matters more than a late answer for the other family.
            unwanted(lookup);
            beginNext();
        }

        private void onResolutionDelayOver() {
            if (lookup.isRunning()) {
                addresses.onResolutionDelayOver();
            }
        }

        private void endIfOver() {
            if (addresses.isOver()) {
                ended(lookup);
                beginNext();
            } else if (addresses.waitsForPreferred()) {
                var unused =
                        loop.schedule(this::onResolutionDelayOver, RESOLUTION_DELAY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
