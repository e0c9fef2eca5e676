package io.konnectproxy.server;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.AuditRecord.Lifecycle;
import io.konnectproxy.audit.AuditRecord.Lifecycle.Phase;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.Journal;
import io.konnectproxy.journal.JournalException;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.admin.AdminServer;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.listener.ListenerServices;
import io.konnectproxy.server.listener.TunnelServer;
import io.konnectproxy.server.socket.NetworkFamilies;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.Egress;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** The running proxy: all parts of a configuration, connected and started. Started once, ended once. */
public final class ProxyServer implements AutoCloseable {
    private static final long FIRST_RECORD_SECONDS = 10;

    private final Configuration configuration;
    private final Clock clock = Clock.systemUTC();
    /**
     * The open parts, the last one on top. They are closed in reverse order, also where the next part cannot be opened.
     */
    private final Deque<Closing> opened = new ArrayDeque<>();

    private final Journal journal;
    private final OpenListeners openListeners;
    private final TunnelServer tunnels;
    private final AdminServer admin;
    private volatile boolean started;
    private volatile boolean draining;
    private Optional<String> whyNotStarted = Optional.empty();

    /** Closes one part. */
    private interface Closing {
        void close();
    }

    private ProxyServer(Configuration configuration, UnaryOperator<InetSocketAddress> redirect)
            throws IOException, JournalException {
        this.configuration = configuration;
        try {
            journal = Journal.open(configuration.instance(), configuration.audit());
            opened.push(this::closeJournal);
            RefusalSums refusals = new RefusalSums(configuration.limits().refusalsPerMinute());
            // DNS and the admin server have a thread each, so that a storm of either delays neither the other nor an
            // open tunnel.
            EventLoopGroup dnsLoop = loop("dns");
            EventLoopGroup adminLoop = loop("admin");
            RefusalMinutes minutes = new RefusalMinutes(refusals, journal, journal::available, clock, adminLoop.next());
            opened.push(minutes::close);
            opened.push(() -> end(dnsLoop));
            opened.push(() -> end(adminLoop));
            Egress egress = Egress.open(configuration, dnsLoop.next(), redirect);
            opened.push(egress::close);
            openListeners = OpenListeners.open(configuration.listen());
            opened.push(openListeners::close);
            tunnels = TunnelServer.open(services(refusals, egress), openListeners.all());
            opened.push(tunnels::close);
            admin = AdminServer.start(
                    NetworkFamilies.listening(configuration.admin().address()), adminLoop.next(), this::whyNotReady);
            opened.push(admin::close);
            // A start that fails has only one line, with the reason, so these records come after everything else that
            // can fail.
            requireRecord(new AuditRecord.Start(clock.instant(), version(), configuration.instance()));
            started = true;
            requireRecord(configured());
            tunnels.accept();
            egress.resolver().warmUp();
        } catch (IOException | JournalException | RuntimeException e) {
            whyNotStarted = Optional.ofNullable(e.getMessage()).or(() -> Optional.of(e.toString()));
            close();
            throw e;
        }
    }

    private ListenerServices services(RefusalSums refusals, Egress egress) {
        return new ListenerServices(
                new EgressPolicy(configuration.catalog(), configuration.rules(), configuration.clients()),
                refusals,
                configuration.limits(),
                new TunnelServices(journal, configuration.timeouts(), configuration.resumption(), clock),
                egress);
    }

    /**
     * Starts everything, or nothing.
     *
     * @throws StartupException with a sentence for the operator
     */
    public static ProxyServer start(Configuration configuration) throws StartupException {
        return start(configuration, UnaryOperator.identity());
    }

    /**
     * Starts with a stand-in for Konnect: where a name resolves to a loopback address that the configuration permits,
     * this port is dialled instead of 443, which only root may listen on. It is for the offline demonstration and
     * tests.
     *
     * @throws StartupException with a sentence for the operator
     */
    public static ProxyServer startBeforeStandIn(Configuration configuration, int port) throws StartupException {
        return start(configuration, Egress.standIn(port));
    }

    private static ProxyServer start(Configuration configuration, UnaryOperator<InetSocketAddress> redirect)
            throws StartupException {
        try {
            return new ProxyServer(configuration, redirect);
        } catch (IOException | JournalException e) {
            throw new StartupException(e);
        }
    }

    private static EventLoopGroup loop(String name) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    private static void end(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void closeJournal() {
        if (started) {
            record(Phase.STOP);
        } else {
            var unused = journal.record(new AuditRecord.NotStarted(clock.instant(), whyNotStarted.orElse("unknown")));
        }
        journal.close();
    }

    /** The bound addresses for clients. */
    public List<InetSocketAddress> listeners() {
        return tunnels.addresses();
    }

    /** The bound address of the admin server. */
    public InetSocketAddress admin() {
        return admin.address();
    }

    /**
     * Checks now all files that others may change: begins a new audit file where the old one was moved away, and
     * reloads certificates and users. Without this call it happens within seconds as well.
     */
    public void followFiles() {
        journal.follow();
        openListeners.lookNow();
    }

    /** The capacity of this process. */
    public Capacity capacity() {
        return tunnels.capacity();
    }

    /** The client connections that are open now. */
    public int connections() {
        return tunnels.connections();
    }

    /**
     * Stops in order: it is not ready from now on and accepts no new tunnels, and the open ones are closed one after
     * the other over {@code timeouts.drain}. When this returns, everything is recorded and closed.
     */
    public void drain() throws InterruptedException {
        draining = true;
        record(Phase.DRAIN);
        tunnels.drain(configuration.timeouts().drain());
        close();
    }

    /**
     * Stops at once, also while it drains. Open tunnels are still recorded. When this returns, everything is closed.
     */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** Fails the start if the trail cannot record. */
    private void requireRecord(AuditRecord record) throws IOException {
        try {
            journal.record(record).toCompletableFuture().get(FIRST_RECORD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The audit trail cannot be written; nothing was started.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while starting.", e);
        }
    }

    private AuditRecord.Configured configured() {
        PolicySettings policy = AuditedPolicy.of(configuration);
        return new AuditRecord.Configured(
                clock.instant(),
                Occasion.START,
                configuration.instance(),
                AuditedPolicy.digest(configuration),
                policy,
                journal.policyBefore().map(policy::changesSince));
    }

    /** The version of the program, from the manifest of its jar. */
    public static String version() {
        return Optional.ofNullable(ProxyServer.class.getPackage().getImplementationVersion())
                .orElse("(not built as a jar)");
    }

    private void record(Phase phase) {
        var unused = journal.record(new Lifecycle(clock.instant(), phase));
    }

    private List<String> whyNotReady() {
        List<String> reasons = new ArrayList<>();
        if (!started) {
            reasons.add("starting");
        }
        if (draining) {
            reasons.add("draining");
        }
        boolean needed = configuration.audit().onFailure() == OnFailure.REFUSE;
        if (needed && !journal.available()) {
            reasons.add("the audit trail cannot be written");
        }
        return reasons;
    }
}
