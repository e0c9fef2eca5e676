package io.konnectproxy.support;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.Clocks;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.dns.AddressRules;
import io.konnectproxy.server.dns.NameResolver;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.listener.Listener;
import io.konnectproxy.server.listener.ListenerServices;
import io.konnectproxy.server.listener.TunnelServer;
import io.konnectproxy.server.splice.Pipes;
import io.konnectproxy.server.tunnel.TunnelObserver;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.Egress;
import io.konnectproxy.server.upstream.Parents;
import io.konnectproxy.wire.ViaName;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** The tunnel package alone on loopback, between a trail and a resolver of the test's. */
public final class TunnelRig implements AutoCloseable {
    public static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Listener ANYBODY =
            new Listener(SOMEWHERE, Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

    private static final AddressCheck LOOPBACK =
            new AddressCheck(List.of(Cidr.parse("127.0.0.0/8")), Set.of(), Set.of());

    private final TunnelServer server;

    public TunnelRig(
            TestTrail trail,
            BiFunction<TunnelPermit, EventLoop, Future<Resolution>> resolver,
            int port,
            String timeouts)
            throws Exception {
        this(trail, resolver, port, timeouts, Clock.systemUTC());
    }

    public TunnelRig(
            TestTrail trail,
            BiFunction<TunnelPermit, EventLoop, Future<Resolution>> resolver,
            int port,
            String timeouts,
            InstantSource clock)
            throws Exception {
        this(trail, resolver, port, timeouts, clock, ANYBODY, Pipes::ofTheSystem);
    }

    /** With these pipes, before an upstream at 127.0.0.1. */
    public TunnelRig(TestTrail trail, int port, String timeouts, IntFunction<Pipes> pipes) throws Exception {
        this(trail, at("127.0.0.1"), port, timeouts, Clock.systemUTC(), ANYBODY, pipes);
    }

    /** With what the listener demands of those who come. */
    public TunnelRig(TestTrail trail, int port, String timeouts, Listener listener) throws Exception {
        this(trail, at("127.0.0.1"), port, timeouts, Clock.systemUTC(), listener, Pipes::ofTheSystem);
    }

    private TunnelRig(
            TestTrail trail,
            BiFunction<TunnelPermit, EventLoop, Future<Resolution>> resolver,
            int port,
            String timeouts,
            InstantSource clock,
            Listener listener,
            IntFunction<Pipes> pipes)
            throws Exception {
        Path file = Files.createTempFile("konnect-proxy", ".yaml");
        try {
            String limits = timeouts.contains("limits:") ? "" : "limits: {refusals-per-minute: 500}\n";
            Files.writeString(file, "regions: [us]\naudit: {file: null}\n" + limits + timeouts);
            Configuration configuration =
                    ConfigurationLoader.load(file, Map.of()).configuration();
            server = TunnelServer.open(
                    new ListenerServices(
                            new EgressPolicy(configuration.catalog(), configuration.rules(), configuration.clients()),
                            new RefusalSums(configuration.limits().refusalsPerMinute()),
                            configuration.limits(),
                            new TunnelServices(
                                    trail,
                                    TunnelObserver.NONE,
                                    new DataPlanes(configuration.catalog()::find, System::nanoTime),
                                    configuration.timeouts(),
                                    configuration.resumption(),
                                    new Clocks(clock, System::nanoTime)),
                            new Egress(
                                    resolver(resolver),
                                    resolver(resolver),
                                    AddressRules.same(LOOPBACK),
                                    Parents.none(),
                                    Optional.empty(),
                                    ViaName.of(0),
                                    Egress.standIn(port))),
                    List.of(listener),
                    pipes);
            server.accept();
        } finally {
            Files.delete(file);
        }
    }

    private static NameResolver resolver(BiFunction<TunnelPermit, EventLoop, Future<Resolution>> resolver) {
        return new NameResolver() {
            @Override
            public Future<Resolution> resolve(TunnelPermit permit, InetAddress client, EventLoop loop) {
                return resolver.apply(permit, loop);
            }

            @Override
            public void close() {}
        };
    }

    /** Every name is at these addresses of this machine. */
    public static BiFunction<TunnelPermit, EventLoop, Future<Resolution>> at(String... addresses) {
        Resolution resolved = new Resolution.Resolved(Arrays.stream(addresses)
                .map(io.netty.util.NetUtil::createInetAddressFromIpAddressString)
                .map(address -> (CheckedAddress) LOOPBACK.check(address, 443))
                .toList());
        return (permit, loop) -> loop.newSucceededFuture(resolved);
    }

    /** No name is ever found or not found. */
    public static BiFunction<TunnelPermit, EventLoop, Future<Resolution>> silent() {
        return (permit, loop) -> loop.newPromise();
    }

    public RawClient client() throws IOException {
        return new RawClient(server.addresses().get(0));
    }

    public TunnelServer server() {
        return server;
    }

    public void awaitNoConnections() {
        Await.until("no connection is counted", () -> server.connections() == 0);
    }

    public void drain(Duration patience) throws InterruptedException {
        server.drain(patience);
    }

    @Override
    public void close() {
        server.close();
    }
}
