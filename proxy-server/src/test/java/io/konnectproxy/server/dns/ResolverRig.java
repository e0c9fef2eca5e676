package io.konnectproxy.server.dns;

import ch.qos.logback.classic.Level;
import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.support.DnsQuestions;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** A resolver on real sockets, asking a stand-in server whose answers a test sets, with a clock that a test moves. */
public final class ResolverRig implements AutoCloseable {
    /** Longer than any test: where it would be reached, the test fails. */
    static final Duration PATIENT = Duration.ofSeconds(30);

    /** How many run at once. */
    static final int LOOKUPS = 40;

    private static final Asker SOMEBODY = asker("10.0.0.1");

    private final Map<String, Function<StandInDns.Question, StandInAnswer>> zone = new ConcurrentHashMap<>();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final AtomicInteger markers = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000); // soon runs over, as nanoTime may
    final DnsQuestions asked = new DnsQuestions(question ->
            zone.getOrDefault(question.name(), q -> StandInAnswer.noSuchName()).apply(question));
    final StandInDns dns = StandInDns.start(asked);
    final EventLoop dnsLoop = loops.next();
    final EventLoop askersLoop = loops.next();
    private final Duration timeout;
    private final AddressFamily family;
    private final AddressCheck check;
    final CheckedResolver resolver;

    public ResolverRig(Duration timeout, String... permitted) {
        this(timeout, List.of(), permitted);
    }

    ResolverRig(Duration timeout, List<InetSocketAddress> serversBefore, String... permitted) {
        this(timeout, AddressFamily.IPV4_FIRST, serversBefore, permitted);
    }

    /** With only public addresses permitted. */
    ResolverRig(AddressFamily family) {
        this(PATIENT, family, List.of());
    }

    private ResolverRig(
            Duration timeout, AddressFamily family, List<InetSocketAddress> serversBefore, String... permitted) {
        this.timeout = timeout;
        this.family = family;
        this.check = new AddressCheck(Stream.of(permitted).map(Cidr::parse).toList(), Set.of(), Set.of());
        resolver = resolver(NameSource.configured(
                Stream.concat(serversBefore.stream(), Stream.of(dns.address())).toList()));
    }

    /** What Netty says of channels that are closed behind their event loop, as the end of a rig may close them. */
    static LogCapture netty() {
        return LogCapture.of("io.netty.util.concurrent", Level.ERROR)
                .expecting("Failed to submit a listener notification");
    }

    public CheckedResolver resolver() {
        return resolver;
    }

    /** Another resolver on the same loop. */
    CheckedResolver resolver(NameSource names) {
        return CheckedResolver.open(
                names,
                new Configuration.Dns(List.of(), timeout, family),
                AddressRules.same(check),
                dnsLoop,
                LOOKUPS,
                100,
                nanos::get);
    }

    public ResolverRig answering(String name, StandInAnswer answer) {
        return answering(name, question -> answer);
    }

    ResolverRig answering(String name, Function<StandInDns.Question, StandInAnswer> answer) {
        zone.put(name, answer);
        return this;
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Future<Resolution> ask(String name) {
        return ask(resolver, name);
    }

    Future<Resolution> ask(CheckedResolver whom, String name) {
        return ask(whom, SOMEBODY, name);
    }

    Future<Resolution> ask(Asker asker, String name) {
        return ask(resolver, asker, name);
    }

    private Future<Resolution> ask(CheckedResolver whom, Asker asker, String name) {
        return whom.resolve(asker, new Authority(HostName.of(name), 443), check, askersLoop);
    }

    static Asker asker(String address) {
        return Asker.client(NetUtil.createInetAddressFromIpAddressString(address));
    }

    /** Returns when all answers that the server has given so far have been read: it answers one after the other. */
    void awaitEarlierAnswers() throws Exception {
        // A new name each time: one that was asked for before would be answered from the cache.
        String marker = "marker" + markers.incrementAndGet() + ".example.com";
        answering(
                marker,
                family == AddressFamily.IPV6_ONLY ? StandInAnswer.of("2600::ff") : StandInAnswer.of("52.255.0.1"));
        if (!(resolve(marker) instanceof Resolved)) {
            throw new AssertionError("the marker was not answered");
        }
        dnsLoop.submit(() -> {}).sync();
    }

    Resolution resolve(String name) throws Exception {
        return result(ask(name));
    }

    /** The addresses as text, or the token of the refusal. */
    String said(String name) throws Exception {
        return said(resolve(name));
    }

    static String said(Resolution resolution) {
        if (resolution instanceof Resolved resolved) {
            return String.join(
                    " ",
                    resolved.addresses().stream()
                            .map(checked -> checked.address().getAddress().getHostAddress())
                            .toList());
        }
        return ((Unresolved) resolution).refused().refusal().token();
    }

    static Resolution result(Future<Resolution> future) throws Exception {
        try {
            return future.get(PATIENT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no resolution at all, not even " + Refusal.DNS_TIMEOUT.token(), e);
        }
    }

    @Override
    public void close() {
        resolver.close();
        dns.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
