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
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
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
 * The look-ups that wait and run: one a name, however many ask for it. So many run at once as there are descriptors for; askers
 * take turns. All on the DNS event loop.
 */
final class Lookups {
    /** Two types of addresses, three attempts each, each over UDP and then TCP where the answer is cut. */
    static final int SOCKETS = 12;
    /** Names that may wait, once for each asker; they do so for {@code dns.timeout} at most. */
    static final int ROOM = 2048;

    private static final int SHARE = ROOM / 8;
    /** What fits unfragmented nearly everywhere (RFC 9715); longer answers come over TCP. */
    private static final int MAX_DATAGRAM = 1232;

    /** How long IPv4 addresses are held back where IPv6 ones are preferred: the resolution delay of RFC 8305, section 3. */
    private static final Duration PREFERRED_PATIENCE = Duration.ofMillis(50);

    private static final String TOO_MANY = "Too many names are being looked up.";
    private static final Logger log = LoggerFactory.getLogger(Lookups.class);
    private static final Duration WARM_UP = Duration.ofMillis(100);

    private final NameSource names;
    private final Duration timeout;
    private final AddressFamily family;
    private final EventLoop loop;
    private final NameCache cache;
    private final DnsNameResolver client;
    private final FairQueue<Asker, Lookup> turns = new FairQueue<>(ROOM, SHARE);
    private final RunningLookups running;
    /** Those that somebody may still join. */
    private final Map<HostName, Lookup> current = new HashMap<>();

    private boolean beginning;
    private boolean closed;

    /** @param mostRunning how many may run at once, each with at most {@link #SOCKETS} */
    Lookups(NameSource names, Configuration.Dns settings, EventLoop loop, NameCache cache, int mostRunning) {
        this.names = names;
        this.timeout = settings.timeout();
        this.family = settings.family();
        this.loop = loop;
        this.cache = cache;
        this.running = new RunningLookups(mostRunning);
        // Only DnsNameResolver.query is used: it follows no referral, appends no search domain and knows no cache.
        // Query ids are random, and with a socket for each query so are the ports: a forger has to guess both.
        this.client = new DnsNameResolverBuilder(loop)
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(Math.max(1, timeout.toMillis()))
                .maxPayloadSize(MAX_DATAGRAM)
                .build();
    }

    /** Joins the look-up of a name, or has one begin in the asker's turn. */
    void await(Asker asker, HostName name, Consumer<CachedAnswer> told) {
        if (closed) {
            told.accept(unkept("The resolver is closed."));
            return;
        }
        Lookup lookup = current.get(name);
        if (lookup == null) {
            lookup = new Lookup(name);
            current.put(name, lookup);
            limitWait(lookup);
        }
        lookup.waiting().add(told);
        running.wanted(lookup);
        if (lookup.askers().add(asker) && !lookup.runs()) {
            turns.add(asker, standing(asker), lookup).ifPresent(this::onDropped);
            beginNext();
        }
    }

    /** Whoever asked is gone. What nobody asks for any more does not begin, and what of it runs makes room for others. */
    void leave(HostName name, Consumer<CachedAnswer> told) {
        Lookup lookup = current.get(name);
        if (lookup == null
                || !lookup.waiting().remove(told)
                || !lookup.waiting().isEmpty()) {
            return;
        }
        if (lookup.runs()) {
            unwanted(lookup);
            beginNext();
        } else {
            end(lookup, unkept("Nobody waits for it."));
        }
    }

    /** The proxy itself goes first, then whoever has fewest that run. */
    private int standing(Asker asker) {
        return asker.equals(Asker.PROXY) ? -1 : running.of(asker);
    }

    private void ended(Lookup lookup) {
        running.ended(lookup);
        turns.setPriority(lookup.turn(), standing(lookup.turn()));
    }

    private void unwanted(Lookup lookup) {
        running.unwanted(lookup);
        turns.setPriority(lookup.turn(), standing(lookup.turn()));
    }

    private void limitWait(Lookup lookup) {
        lookup.waitsUntil(loop.schedule(
                () -> {
                    if (!lookup.runs()) {
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

    /** For want of room; nothing is known of the name thereby, and others may ask for it at once. */
    private void refuse(Lookup lookup, Cause cause) {
        end(lookup, cache.stale(lookup.name()).orElseGet(() -> new CachedAnswer(new Missing(cause, TOO_MANY))));
    }

    /** Has look-ups begin as long as there is room, or can be made. */
    private void beginNext() {
        if (beginning) {
            // Further up this does the same.
            return;
        }
        beginning = true;
        try {
            for (Optional<Asker> next = next(); next.isPresent() && roomFor(next.get()); next = next()) {
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

    private boolean roomFor(Asker asker) {
        if (running.hasRoom()) {
            return true;
        }
        Optional<Lookup> yields = running.yieldingTo(asker);
        yields.ifPresent(this::makeRoom);
        return yields.isPresent();
    }

    private void makeRoom(Lookup lookup) {
        ended(lookup);
        lookup.stops();
        if (lookup.waiting().isEmpty()) {
            end(lookup, unkept("Nobody waits for it."));
        } else if (lookup.hasWaitedEnough()) {
            refuse(lookup, Cause.TIMED_OUT);
        } else {
            lookup.askers().forEach(asker -> turns.putBack(asker, standing(asker), lookup));
        }
    }

    private void begin(Lookup lookup, Asker asker) {
        lookup.begins(asker);
        running.begun(lookup);
        turns.setPriority(asker, standing(asker));
        Pending pending = new Pending(lookup);
        List<InetSocketAddress> servers = names.servers();
        // What is wanted less goes out first, for answers mostly come in the order of the questions.
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
        DnsQuery query = new DnsQuery(client, loop, question, servers, timeout, whenDone);
        lookup.asks(query);
        query.start();
    }

    /** A first question, to a socket of our own that never answers. */
    void warmUp() {
        try {
            DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            loop.terminationFuture().addListener(ended -> silent.close());
            new DnsQuery(
                            client,
                            loop,
                            new DefaultDnsQuestion("localhost.", DnsRecordType.A),
                            List.of((InetSocketAddress) silent.getLocalSocketAddress()),
                            WARM_UP,
                            answer -> silent.close())
                    .start();
        } catch (IOException e) {
            log.debug("The DNS client is not warmed up.", e);
        }
    }

    /** Nobody joins it any more, and whoever waits is told. */
    private void end(Lookup lookup, CachedAnswer entry) {
        lookup.over();
        current.remove(lookup.name(), lookup);
        lookup.askers().forEach(asker -> turns.remove(asker, lookup));
        List<Consumer<CachedAnswer>> waiting = List.copyOf(lookup.waiting());
        lookup.waiting().clear();
        waiting.forEach(told -> told.accept(entry));
    }

    private static CachedAnswer unkept(String hint) {
        return new CachedAnswer(new Missing(Cause.FAILED, hint));
    }

    void close() {
        closed = true;
        List.copyOf(current.values()).forEach(lookup -> end(lookup, unkept("The resolver is closed.")));
        client.close();
    }

    /** What is known so far of a name that is being looked up. */
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
            // A late answer of the other type is worth less than a look-up that waits.
            unwanted(lookup);
            beginNext();
        }

        private void onPatienceOver() {
            if (lookup.runs()) {
                addresses.onPatienceOver();
            }
        }

        private void endIfOver() {
            if (addresses.isOver()) {
                ended(lookup);
                beginNext();
            } else if (addresses.waitsForPreferred()) {
                var unused = loop.schedule(this::onPatienceOver, PREFERRED_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
