package io.konnectproxy.server.dns;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.AddressCheck.Finding;
import io.konnectproxy.address.AddressCheck.Forbidden;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule.ExtraHostRule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.konnectproxy.server.dns.NameCache.CachedAnswer;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resolver of the proxy: hosts file, then cache, then DNS. Whatever the source, every address is checked each time it
 * is returned. Any thread may call. A cached name is answered at once; look-ups run on one event loop.
 */
public final class CheckedResolver implements NameResolver {
    private static final Logger log = LoggerFactory.getLogger(CheckedResolver.class);
    /** More than Konnect has for one customer; bounds the memory that a client can fill with names of made-up tenants. */
    private static final int MAX_NAMES = 4096;
    /** The most file descriptors that one look-up can take. */
    public static final int DESCRIPTORS_EACH = Lookups.SOCKETS;

    private final NameSource names;
    private final EdnsSupport edns;
    private final AddressRules rules;
    private final AddressFamily family;
    private final EventLoop loop;
    private final NameCache cache;
    private final Lookups lookups;
    private final LongAdder staleAnswers = new LongAdder();

    private CheckedResolver(
            NameSource names,
            EdnsSupport edns,
            AddressRules rules,
            AddressFamily family,
            Lookups lookups,
            NameCache cache,
            EventLoop loop) {
        this.names = names;
        this.edns = edns;
        this.rules = rules;
        this.family = family;
        this.lookups = lookups;
        this.cache = cache;
        this.loop = loop;
    }

    /**
     * Opens a resolver; no query is sent yet.
     *
     * @param loop where look-ups run; it must serve NIO channels
     * @param lookups how many look-ups may run at once; each may take {@link #DESCRIPTORS_EACH}
     */
    public static CheckedResolver open(Configuration.Dns settings, AddressRules rules, EventLoop loop, int lookups) {
        NameSource names = settings.servers().isEmpty()
                ? new SystemNames(SystemNames.RESOLV_CONF, SystemNames.HOSTS_FILE, new FileWatch())
                : NameSource.configured(settings.servers());
        return open(names, settings, rules, loop, lookups, MAX_NAMES, System::nanoTime);
    }

    /** Another one on the same event loop, which shares what is read from files and known of the name servers, and no answer. */
    public CheckedResolver sibling(Configuration.Dns settings, int mostLookups) {
        return open(names, edns, settings, rules, loop, mostLookups, MAX_NAMES, System::nanoTime);
    }

    static CheckedResolver open(
            NameSource names,
            Configuration.Dns settings,
            AddressRules rules,
            EventLoop loop,
            int lookups,
            int maxNames,
            LongSupplier nanoTime) {
        return open(names, new EdnsSupport(nanoTime), settings, rules, loop, lookups, maxNames, nanoTime);
    }

    private static CheckedResolver open(
            NameSource names,
            EdnsSupport edns,
            Configuration.Dns settings,
            AddressRules rules,
            EventLoop loop,
            int lookups,
            int maxNames,
            LongSupplier nanoTime) {
        NameCache cache = new NameCache(maxNames, nanoTime);
        return new CheckedResolver(
                names,
                edns,
                rules,
                settings.family(),
                new Lookups(names, settings, loop, cache, edns, lookups),
                cache,
                loop);
    }

    /**
     * Initialises what the DNS client sets up with its first query, so that no client waits for it. Returns at once;
     * nothing leaves this machine.
     */
    @Override
    public void warmUp() {
        loop.execute(lookups::warmUp);
    }

    @Override
    public long staleAnswers() {
        return staleAnswers.sum();
    }

    @Override
    public Future<Resolution> resolve(TunnelPermit permit, InetAddress client, EventLoop askersLoop) {
        Asker asker = Asker.client(client);
        AddressCheck check = rules.of(permit);
        // A client names an own host with a dot as everybody does, so no domain of this machine's goes before it.
        return permit.rule() instanceof ExtraHostRule
                ? search(asker, permit.authority(), names.search().absoluteFirst(), check, askersLoop)
                : resolve(asker, permit.authority(), check, askersLoop);
    }

    /** Resolves a name of the configuration as the system would: with its search list. */
    Future<Resolution> resolveOwn(Asker asker, Authority authority, AddressCheck check, EventLoop askersLoop) {
        return search(asker, authority, names.search(), check, askersLoop);
    }

    /** Whether the hosts file has a name. */
    boolean isLocal(HostName name) {
        return names.local(name).isPresent();
    }

    private Future<Resolution> search(
            Asker asker, Authority authority, SearchList search, AddressCheck check, EventLoop askersLoop) {
        List<HostName> candidates = search.candidates(authority.host());
        if (candidates.size() == 1 || isLocal(authority.host())) {
            return resolve(asker, authority, check, askersLoop);
        }
        return new NameSearch(
                        candidates, name -> resolve(asker, new Authority(name, authority.port()), check, askersLoop))
                .begin(askersLoop);
    }

    Future<Resolution> resolve(Asker asker, Authority authority, AddressCheck check, EventLoop askersLoop) {
        try {
            Optional<Resolution> known = known(authority, check);
            if (known.isPresent()) {
                return askersLoop.newSucceededFuture(known.get());
            }
            Promise<Resolution> promise = askersLoop.newPromise();
            loop.execute(() -> lookUp(asker, authority, check, askersLoop, promise));
            return promise;
        } catch (RejectedExecutionException e) {
            return askersLoop.newSucceededFuture(unresolved(new Missing(Cause.FAILED, "The resolver is closed.")));
        } catch (RuntimeException | Error e) {
            return askersLoop.newSucceededFuture(broken(e));
        }
    }

    /** The answer of the hosts file or the cache, without a query. */
    private Optional<Resolution> known(Authority authority, AddressCheck check) {
        return names.local(authority.host())
                .map(found -> judge(found, authority.port(), check))
                .or(() -> cache.fresh(authority.host()).map(entry -> judge(entry, authority.port(), check)));
    }

    private void lookUp(
            Asker asker, Authority authority, AddressCheck check, EventLoop askersLoop, Promise<Resolution> promise) {
        try {
            Optional<CachedAnswer> cached = cache.fresh(authority.host());
            if (cached.isPresent()) {
                complete(askersLoop, promise, judge(cached.get(), authority.port(), check));
            } else {
                Consumer<CachedAnswer> callback =
                        entry -> complete(askersLoop, promise, judge(entry, authority.port(), check));
                lookups.await(asker, authority.host(), callback);
                promise.addListener(done -> {
                    if (promise.isCancelled()) {
                        leave(authority.host(), callback);
                    }
                });
            }
        } catch (RuntimeException | Error e) {
            complete(askersLoop, promise, broken(e));
        }
    }

    private void leave(HostName name, Consumer<CachedAnswer> callback) {
        try {
            loop.execute(() -> lookups.leave(name, callback));
        } catch (RejectedExecutionException e) {
            log.debug("The event loop has ended before an asker left.");
        }
    }

    /** Completes the promise, unless its event loop has ended: then its listeners can run no more. */
    private static void complete(EventLoop askersLoop, Promise<Resolution> promise, Resolution resolution) {
        if (!askersLoop.isShutdown()) {
            promise.trySuccess(resolution);
        }
    }

    private Resolution judge(CachedAnswer entry, int port, AddressCheck check) {
        if (entry.stale()) {
            staleAnswers.increment();
        }
        return judge(entry.answer(), port, check);
    }

    private Resolution judge(DnsAnswer answer, int port, AddressCheck check) {
        return answer instanceof Missing missing
                ? unresolved(missing)
                : judge(((Found) answer).addresses(), port, check);
    }

    /** Checks every address that could be dialled; one forbidden address refuses the name. */
    Resolution judge(List<InetAddress> addresses, int port, AddressCheck check) {
        List<CheckedAddress> good = new ArrayList<>();
        for (InetAddress address : FamilyOrder.of(addresses, family)) {
            Finding finding = check.check(address, port);
            if (finding instanceof Forbidden forbidden) {
                return new Unresolved(
                        new Refused(Refusal.ADDRESS_FORBIDDEN),
                        Optional.of("The name has the address " + address.getHostAddress() + ": " + forbidden.range()
                                + "."));
            }
            good.add((CheckedAddress) finding);
        }
        return good.isEmpty()
                ? unresolved(new Missing(Cause.NO_ADDRESS, "The name has no address of the type that is dialled."))
                : new Resolved(good);
    }

    private Resolution unresolved(Missing missing) {
        boolean half = missing.cause() == Cause.NO_ADDRESS && !(FamilyOrder.uses4(family) && FamilyOrder.uses6(family));
        return new Unresolved(
                new Refused(missing.cause().refusal()),
                Optional.of(half ? missing.hint() + " " + onlyOneType() : missing.hint()));
    }

    private String onlyOneType() {
        return "Only " + (FamilyOrder.uses4(family) ? "IPv4" : "IPv6")
                + " addresses are dialled here: see dns.family and source-address.";
    }

    private static Resolution broken(Throwable e) {
        log.error("Resolving a name failed in a way that should not be possible.", e);
        return new Unresolved(new Refused(Refusal.INTERNAL_ERROR), Optional.empty());
    }

    /** Ends the running look-ups; their result says that the resolver is closed. */
    @Override
    public void close() {
        names.close();
        try {
            loop.execute(lookups::close);
        } catch (RejectedExecutionException e) {
            log.debug("The event loop has ended before the resolver; its look-ups ended with it.");
        }
    }
}
