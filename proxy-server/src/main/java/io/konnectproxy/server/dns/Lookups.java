package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.Family;
import io.konnectproxy.server.dns.Answer.Cause;
import io.konnectproxy.server.dns.Answer.Missing;
import io.konnectproxy.server.dns.NameCache.Entry;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The look-ups that run: one a name, however many ask for it. All on the DNS event loop. */
final class Lookups {
    /** Each holds up to six sockets, mostly two, for at most dns.timeout; beyond, a name fails at once instead of queueing. */
    static final int MAX_RUNNING = 1024;
    /** What fits unfragmented nearly everywhere (RFC 9715); longer answers come over TCP. */
    private static final int MAX_DATAGRAM = 1232;

    /** How long IPv4 addresses are held back where IPv6 ones are preferred: the resolution delay of RFC 8305, section 3. */
    private static final Duration PREFERRED_PATIENCE = Duration.ofMillis(50);

    private static final Logger log = LoggerFactory.getLogger(Lookups.class);
    private static final Duration WARM_UP = Duration.ofMillis(100);

    private final NameSource names;
    private final Duration timeout;
    private final Family family;
    private final EventLoop loop;
    private final NameCache cache;
    private final DnsNameResolver client;
    private final Map<HostName, List<Consumer<Entry>>> askers = new HashMap<>();
    /** Those that still wait for a late IPv6 answer included. */
    private int running;

    private boolean closed;

    Lookups(NameSource names, Configuration.Dns settings, EventLoop loop, NameCache cache) {
        this.names = names;
        this.timeout = settings.timeout();
        this.family = settings.family();
        this.loop = loop;
        this.cache = cache;
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

    /** Joins the look-up of a name, or begins it. */
    void await(HostName name, Consumer<Entry> asker) {
        List<Consumer<Entry>> others = askers.get(name);
        if (others != null) {
            others.add(asker);
            return;
        }
        askers.put(name, new ArrayList<>(List.of(asker)));
        if (closed) {
            tell(name, unkept("The resolver is closed."));
        } else if (running >= MAX_RUNNING) {
            tell(name, cache.renew(name, new Missing(Cause.FAILED, "Too many names are being looked up.")));
        } else {
            begin(name);
        }
    }

    /** A first question, to a socket of our own that never answers. */
    void warmUp() {
        try {
            DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            loop.terminationFuture().addListener(ended -> silent.close());
            new Inquiry(
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

    private void begin(HostName name) {
        running++;
        Pending pending = new Pending(name);
        List<InetSocketAddress> servers = names.servers();
        // What is wanted less goes out first, for answers mostly come in the order of the questions.
        if (family == Family.IPV6_FIRST) {
            ask(name, DnsRecordType.A, servers, pending::onIpv4);
        }
        if (FamilyOrder.uses6(family)) {
            ask(name, DnsRecordType.AAAA, servers, pending::onIpv6);
        }
        if (family != Family.IPV6_FIRST && FamilyOrder.uses4(family)) {
            ask(name, DnsRecordType.A, servers, pending::onIpv4);
        }
    }

    private void ask(HostName name, DnsRecordType type, List<InetSocketAddress> servers, Consumer<Answer> whenDone) {
        new Inquiry(client, loop, new DefaultDnsQuestion(name + ".", type), servers, timeout, whenDone).start();
    }

    private void tell(HostName name, Entry entry) {
        List<Consumer<Entry>> waiting = askers.remove(name);
        if (waiting != null) {
            waiting.forEach(asker -> asker.accept(entry));
        }
    }

    private static Entry unkept(String hint) {
        return new Entry(new Missing(Cause.FAILED, hint), 0, 0, false);
    }

    void close() {
        closed = true;
        List.copyOf(askers.keySet()).forEach(name -> tell(name, unkept("The resolver is closed.")));
        client.close();
    }

    /** One name being looked up. */
    private final class Pending {
        private final HostName name;
        private final AddressLookup lookup;
        private Entry kept = unkept("Not answered yet.");

        Pending(HostName name) {
            this.name = name;
            this.lookup = new AddressLookup(family, this::onKnown, late -> cache.complete(name, kept, late));
        }

        void onIpv4(Answer answer) {
            lookup.onIpv4(answer);
            endIfOver();
        }

        void onIpv6(Answer answer) {
            lookup.onIpv6(answer);
            endIfOver();
        }

        private void onKnown(Answer answer) {
            kept = cache.renew(name, answer);
            tell(name, kept);
        }

        private void endIfOver() {
            if (lookup.isOver()) {
                running--;
            } else if (lookup.waitsForPreferred()) {
                var unused =
                        loop.schedule(lookup::onPatienceOver, PREFERRED_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
