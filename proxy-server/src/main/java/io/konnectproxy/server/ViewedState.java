package io.konnectproxy.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.konnectproxy.journal.ArchiveFigures;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.JournalFigures;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.SocketAddresses;
import io.konnectproxy.server.live.ProxyFacts;
import io.konnectproxy.server.live.ProxyFacts.ArchiveFacts;
import io.konnectproxy.server.live.ProxyFacts.AuditFacts;
import io.konnectproxy.server.live.ProxyFacts.CertificateFacts;
import io.konnectproxy.server.live.ProxyFacts.DemandFacts;
import io.konnectproxy.server.live.ProxyFacts.DnsFacts;
import io.konnectproxy.server.live.ProxyFacts.InForceFacts;
import io.konnectproxy.server.live.ProxyFacts.MirrorFacts;
import io.konnectproxy.server.live.ProxyFacts.ParentFacts;
import io.konnectproxy.server.live.ProxyFacts.PinFacts;
import io.konnectproxy.server.live.ProxyFacts.ReloadFacts;
import io.konnectproxy.server.live.ProxyFacts.UsedOf;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the live page shows of a running proxy: always of what is in force at that moment.
 *
 * @param whyNotReady the reasons; empty if it is ready
 */
record ViewedState(ScrapedState state, Supplier<List<String>> whyNotReady, Instant started, InstantSource clock) {
    ProxyFacts facts() {
        Configuration configuration = state.reloads().inForce().configuration();
        List<String> reasons = whyNotReady.get();
        JournalFigures journal = state.journal().figures();
        return new ProxyFacts(
                clock.instant(),
                configuration.instance(),
                ProxyServer.version(),
                started,
                reasons.isEmpty(),
                reasons,
                inForce(),
                new UsedOf(state.tunnels().connections(), configuration.limits().tunnels()),
                new UsedOf(
                        state.tunnels().held(),
                        state.tunnels()
                                .capacity()
                                .memory(configuration.limits())
                                .all()),
                descriptors(),
                new AuditFacts(
                        state.journal().available(),
                        journal.lines(),
                        journal.lost(),
                        destination(configuration.audit())),
                sorted(journal.missed()).entrySet().stream()
                        .map(each -> new MirrorFacts(each.getKey(), each.getValue()))
                        .toList(),
                journal.archive().flatMap(figures -> archive(configuration.audit(), figures)),
                sorted(state.egress().now().parents().available()).entrySet().stream()
                        .map(each -> new ParentFacts(each.getKey(), each.getValue()))
                        .toList(),
                new DnsFacts(
                        configuration.dns().servers().stream()
                                .map(SocketAddresses::text)
                                .toList(),
                        state.egress().now().resolver().staleAnswers()),
                CertificateFacts.of(sorted(state.certificatesExpire())),
                listeners(configuration),
                TenantLabel.of(OpenLabel.CONTROL_PLANE, state.pins()).stream()
                        .map(TenantLabel::text)
                        .sorted()
                        .map(label -> new PinFacts(label, state.dataPlanes().isConnected(label)))
                        .toList());
    }

    private static Optional<ArchiveFacts> archive(AuditSettings audit, ArchiveFigures figures) {
        return audit.archive()
                .map(archive -> new ArchiveFacts(
                        archive.place(),
                        figures.pending(),
                        figures.objects(),
                        figures.lastSuccess(),
                        figures.trouble(),
                        figures.checkpoint()));
    }

    private static <T> Map<String, T> sorted(Map<String, T> byName) {
        return new TreeMap<>(byName);
    }

    private InForceFacts inForce() {
        Reloads.ConfigurationInForce inForce = state.reloads().inForce();
        Optional<Reloads.LastReload> last = state.reloads().last();
        String result = last.isEmpty() ? "none" : last.get().problems().isEmpty() ? "success" : "failure";
        return new InForceFacts(
                inForce.digest(),
                inForce.since(),
                inForce.configuration()
                        .rules()
                        .mode()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'),
                inForce.configuration().rules().regions().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList(),
                new ReloadFacts(
                        result,
                        last.map(Reloads.LastReload::at),
                        last.map(Reloads.LastReload::problems).orElse(List.of())));
    }

    private static Optional<UsedOf> descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Optional.of(new UsedOf(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount()))
                : Optional.empty();
    }

    private static String destination(AuditSettings audit) {
        return audit.file().orElse("standard output");
    }

    /** While a changed configuration is being put in force, the two may differ in length for a moment. */
    private List<DemandFacts> listeners(Configuration configuration) {
        List<InetSocketAddress> addresses = state.tunnels().addresses();
        List<DemandFacts> listeners = new ArrayList<>();
        for (int i = 0; i < Math.min(addresses.size(), configuration.listen().size()); i++) {
            ListenerSettings settings = configuration.listen().get(i);
            List<String> demands = new ArrayList<>();
            settings.credentials().ifPresent(file -> demands.add("user"));
            settings.tls().flatMap(files -> files.clientCa()).ifPresent(file -> demands.add("certificate"));
            if (!settings.sources().isEmpty()) {
                demands.add("source");
            }
            if (!settings.proxyProtocol().isEmpty()) {
                demands.add("proxy-protocol");
            }
            listeners.add(new DemandFacts(
                    SocketAddresses.text(addresses.get(i)), settings.tls().isPresent(), demands));
        }
        return listeners;
    }
}
