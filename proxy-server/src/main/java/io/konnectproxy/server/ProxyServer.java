package io.konnectproxy.server;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.AuditRecord.Lifecycle;
import io.konnectproxy.audit.AuditRecord.Lifecycle.Phase;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.audit.PolicySettings.Change;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.Clocks;
import io.konnectproxy.journal.Journal;
import io.konnectproxy.journal.JournalException;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.admin.AdminServer;
import io.konnectproxy.server.admin.LivePage;
import io.konnectproxy.server.admin.MetricsSource;
import io.konnectproxy.server.admin.PageAccess;
import io.konnectproxy.server.admin.Readiness;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.listener.ListenerServices;
import io.konnectproxy.server.listener.TunnelServer;
import io.konnectproxy.server.live.LiveDocument;
import io.konnectproxy.server.live.LiveSources;
import io.konnectproxy.server.live.LiveView;
import io.konnectproxy.server.live.RecentDecisions;
import io.konnectproxy.server.metrics.ProxyMetrics;
import io.konnectproxy.server.socket.NetworkFamilies;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.Egress;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running proxy: all parts of a configuration, connected and started. Started once, changed any number of times, ended
 * once.
 */
public final class ProxyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);
    private static final long RECORD_SECONDS = 10;
    private static final String UNWRITTEN = "The audit trail cannot be written; nothing was put in force.";

    private static final long DATA_PLANES_SECONDS = 5;

    private final InstantSource clock;
    private final Clocks clocks;
    private final Reloads reloads;
    /**
     * The open parts, the last one on top. They are closed in reverse order, also where the next part cannot be opened.
     */
    private final Deque<Closing> opened = new ArrayDeque<>();

    private final ProxyMetrics metrics = new ProxyMetrics();
    private final RecentDecisions recent = new RecentDecisions();
    private final DataPlanes dataPlanes;
    private final Journal journal;
    private final AuditTrail trail;
    private final RefusalSums refusals;
    private final OpenListeners openListeners;
    private final EventLoopGroup dnsLoop;
    private final EventLoopGroup adminLoop;
    private final EgressInForce egress;
    private final TunnelServer tunnels;
    private final AdminServer admin;
    private volatile PageAccess pageAccess;
    private volatile boolean started;
    private volatile boolean draining;
    private Optional<String> whyNotStarted = Optional.empty();

    /** Closes one part. */
    private interface Closing {
        void close();
    }

    private ProxyServer(Configuration configuration, UnaryOperator<InetSocketAddress> redirect, Clocks clocks)
            throws IOException, JournalException {
        this.clocks = clocks;
        this.clock = clocks.clock();
        this.reloads = new Reloads(Reloads.ConfigurationInForce.of(configuration, clock.instant()));
        this.dataPlanes = new DataPlanes(name -> configuration().catalog().find(name), clocks.nanos());
        try {
            journal = Journal.open(configuration.instance(), configuration.audit(), clocks);
            opened.push(this::closeJournal);
            trail = metrics.counting(journal, recent);
            journal.onWrite(metrics.auditWrites());
            refusals = new RefusalSums(configuration.limits().refusalsPerMinute());
            // DNS and the admin server have a thread each, so that a storm of either delays neither the other nor an
            // open tunnel.
            dnsLoop = loop("dns");
            adminLoop = loop("admin");
            RefusalMinutes minutes = new RefusalMinutes(refusals, trail, journal::available, clock, adminLoop.next());
            opened.push(minutes::close);
            opened.push(() -> end(dnsLoop));
            opened.push(() -> end(adminLoop));
            egress = new EgressInForce(configuration, dnsLoop.next(), redirect);
            opened.push(egress::close);
            openListeners = new OpenListeners();
            opened.push(openListeners::close);
            tunnels = TunnelServer.open(
                    services(configuration, egress.now()), openListeners.open(configuration.listen()));
            opened.push(tunnels::close);
            // What ends with the proxy is not lost.
            opened.push(dataPlanes::drain);
            ScrapedState state = new ScrapedState(
                    () -> whyNotReady().isEmpty(), reloads, journal, egress, openListeners, tunnels, dataPlanes);
            pageAccess = openListeners.access(configuration.admin());
            admin = AdminServer.start(
                    NetworkFamilies.listening(configuration.admin().address()),
                    adminLoop.next(),
                    new Readiness() {
                        @Override
                        public List<String> reasonsAgainst() {
                            return whyNotReady();
                        }

                        @Override
                        public List<String> facts() {
                            return reloads.sentences();
                        }
                    },
                    metrics,
                    new LivePage(() -> pageAccess, LiveDocument::read, view(state)));
            opened.push(admin::close);
            state.addTo(metrics);
            adminLoop
                    .next()
                    .scheduleWithFixedDelay(
                            this::lookAtDataPlanes, DATA_PLANES_SECONDS, DATA_PLANES_SECONDS, TimeUnit.SECONDS);
            // A start that fails has only one line, with the reason, so these records come after everything else that
            // can fail.
            requireRecord(new AuditRecord.Start(clock.instant(), version(), configuration.instance()));
            started = true;
            requireRecord(configured(
                            Occasion.START,
                            reloads.inForce(),
                            journal.policyBefore().map(reloads.inForce().policy()::changesSince))
                    .at(clock.instant()));
            tunnels.accept();
            egress.now().resolver().warmUp();
        } catch (IOException | JournalException | RuntimeException e) {
            whyNotStarted = Optional.ofNullable(e.getMessage()).or(() -> Optional.of(e.toString()));
            close();
            throw e;
        }
    }

    private LiveView view(ScrapedState state) {
        ViewedState viewed = new ViewedState(state, this::whyNotReady, clock.instant(), clock);
        return new LiveView(
                new LiveSources(
                        viewed::facts, metrics::decisions, metrics::carried, metrics::openTunnels, dataPlanes, recent),
                System::nanoTime);
    }

    private ListenerServices services(Configuration configuration, Egress egress) {
        return new ListenerServices(
                new EgressPolicy(configuration.catalog(), configuration.rules(), configuration.clients()),
                refusals,
                configuration.limits(),
                new TunnelServices(
                        trail,
                        metrics.tunnels(),
                        dataPlanes,
                        configuration.timeouts(),
                        configuration.resumption(),
                        clocks),
                egress);
    }

    /** The configuration in force. */
    private Configuration configuration() {
        return reloads.inForce().configuration();
    }

    private void lookAtDataPlanes() {
        try {
            dataPlanes.look();
        } catch (RuntimeException | Error e) {
            // An exception here would stop the timer.
            LOG.error("The data planes could not be looked at: {}.", e.toString());
        }
    }

    /**
     * Starts everything, or nothing.
     *
     * @throws StartupException with a sentence for the operator
     */
    public static ProxyServer start(Configuration configuration) throws StartupException {
        return start(configuration, UnaryOperator.identity(), Clocks.SYSTEM);
    }

    /**
     * Starts with a stand-in for Konnect: where a name resolves to a loopback address that the configuration permits,
     * this port is dialled instead of 443, which only root may listen on. It is for the offline demonstration and
     * tests.
     *
     * @throws StartupException with a sentence for the operator
     */
    public static ProxyServer startBeforeStandIn(Configuration configuration, int port) throws StartupException {
        return startBeforeStandIn(configuration, port, Clocks.SYSTEM);
    }

    /**
     * The same with other clocks for the lines of the trail and the state of data planes, so that a test can play a day.
     * Deadlines follow the system's clock.
     *
     * @throws StartupException with a sentence for the operator
     */
    public static ProxyServer startBeforeStandIn(Configuration configuration, int port, Clocks clocks)
            throws StartupException {
        return start(configuration, Egress.standIn(port), clocks);
    }

    private static ProxyServer start(
            Configuration configuration, UnaryOperator<InetSocketAddress> redirect, Clocks clocks)
            throws StartupException {
        try {
            return new ProxyServer(configuration, redirect, clocks);
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

    /** The metrics, also once it has ended. */
    public MetricsSource metrics() {
        return metrics;
    }

    /** The client connections that are open now. */
    public int connections() {
        return tunnels.connections();
    }

    /** What a successful reload came to. */
    public record Reloaded(List<Change> changes, int ended, Duration spread) {
        public Reloaded {
            changes = List.copyOf(changes);
        }
    }

    /** The configuration in force, and what became of those that were to follow it. */
    public Reloads reloads() {
        return reloads;
    }

    /**
     * Puts another configuration in force, as a whole or not at all. Requests are judged by it from one moment on, which the
     * trail names; open tunnels live on, except those that it refuses.
     *
     * @throws ReloadRefusedException with all problems, for {@link #refuseReload}; nothing has changed then
     */
    public synchronized Reloaded reload(LoadedConfiguration loaded) throws ReloadRefusedException {
        Configuration before = configuration();
        Configuration next = loaded.configuration();
        List<String> problems = new ArrayList<>(RestartOnly.problems(before, loaded, journal));
        if (draining || opened.isEmpty()) {
            problems.add("The proxy is ending.");
        }
        if (!problems.isEmpty()) {
            throw new ReloadRefusedException(problems);
        }
        InForceNow now = putInForce(before, next);
        int ended = now.changeover().finish();
        openListeners.keep(next);
        return new Reloaded(now.changes(), ended, next.timeouts().drain());
    }

    private InForceNow putInForce(Configuration before, Configuration next) throws ReloadRefusedException {
        Egress following = egress.now();
        try {
            following = egress.following(next);
            return change(before, next, following);
        } catch (IOException | RuntimeException e) {
            openListeners.keep(before);
            egress.discard(following);
            throw new ReloadRefusedException(List.of(
                    e instanceof IOException
                            ? String.valueOf(e.getMessage())
                            : "Internal error, please report it: " + e));
        }
    }

    /** A change that is in force, and what it has changed; what cannot be taken back follows. */
    private record InForceNow(TunnelServer.Changeover changeover, List<Change> changes) {}

    /**
     * Records that a changed configuration was refused because of these problems, whether they were found by reading it or by
     * {@link #reload}. The one in force stays.
     */
    public synchronized void refuseReload(List<String> problems) {
        Instant now = clock.instant();
        reloads.refused(now, problems);
        var unused = journal.record(new AuditRecord.ReloadRefused(now, problems));
    }

    /** Everything that can fail comes first; what cannot be taken back comes last. */
    private InForceNow change(Configuration before, Configuration next, Egress following) throws IOException {
        PageAccess access = openListeners.access(next.admin());
        TunnelServer.Changeover changeover =
                tunnels.prepare(services(next, following), openListeners.open(next.listen()));
        try {
            Reloads.ConfigurationInForce now = Reloads.ConfigurationInForce.of(next, clock.instant());
            List<Change> changes = AuditedPolicy.changes(reloads.inForce(), now);
            changeJournal(next.audit());
            putOrRestore(changeover, now, changes);
            egress.put(following, before.timeouts().connect());
            pageAccess = access;
            return new InForceNow(changeover, changes);
        } catch (IOException | RuntimeException e) {
            changeover.abandon();
            throw e;
        }
    }

    private void putOrRestore(
            TunnelServer.Changeover changeover, Reloads.ConfigurationInForce now, List<Change> changes)
            throws IOException {
        Reloads.ConfigurationInForce before = reloads.inForce();
        try {
            put(
                    changeover,
                    configured(Occasion.RELOAD, now, Optional.of(changes)),
                    // For what is put back after a line that may still be written.
                    () -> configured(Occasion.RELOAD, before, Optional.of(AuditedPolicy.changes(now, before))));
        } catch (IOException e) {
            // Whoever ends the proxy waits for this, so it does not wait for a disk that hangs.
            journal.restore(before.configuration().audit());
            throw e;
        }
        reloads.changed(now);
    }

    private void changeJournal(AuditSettings audit) throws IOException {
        try {
            if (!journal.change(audit)) {
                throw new IOException(UNWRITTEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(UNWRITTEN, e);
        }
    }

    /** In force are only configurations that the trail has. */
    private void put(
            TunnelServer.Changeover changeover,
            AuditRecord.Configured record,
            Supplier<AuditRecord.Configured> restored)
            throws IOException {
        List<CompletionStage<Void>> recorded = new ArrayList<>();
        changeover.put(() -> recorded.add(journal.record(record.at(clock.instant()))));
        CompletableFuture<Void> written = recorded.get(0).toCompletableFuture();
        try {
            await(written);
        } catch (IOException e) {
            AuditRecord.Configured again = restored.get();
            changeover.revert(() -> {
                if (!written.isDone()) {
                    // A disk that hangs may write the line later, and what is in force must then follow it.
                    var unused = journal.record(again.at(clock.instant()));
                }
            });
            throw e;
        }
    }

    /**
     * Stops in order: it is not ready from now on and accepts no new tunnels, and the open ones are closed one after
     * the other over {@code timeouts.drain}. When this returns, everything is recorded and closed.
     */
    public void drain() throws InterruptedException {
        synchronized (this) {
            draining = true;
        }
        dataPlanes.drain();
        record(Phase.DRAIN);
        tunnels.drain(configuration().timeouts().drain());
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
        await(journal.record(record));
    }

    private static void await(CompletionStage<Void> recorded) throws IOException {
        try {
            recorded.toCompletableFuture().get(RECORD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(UNWRITTEN, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the audit trail was being written; nothing was put in force.", e);
        }
    }

    private static AuditRecord.Configured configured(
            Occasion occasion, Reloads.ConfigurationInForce now, Optional<List<Change>> changes) {
        return new AuditRecord.Configured(
                now.since(), occasion, now.configuration().instance(), now.digest(), now.policy(), changes);
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
        boolean needed = configuration().audit().onFailure() == OnFailure.REFUSE;
        if (needed && !journal.available()) {
            reasons.add("the audit trail cannot be written");
        }
        return reasons;
    }
}
