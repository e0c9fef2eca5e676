package io.konnectproxy.server;

import io.konnectproxy.journal.Journal;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.listener.TunnelServer;
import io.konnectproxy.server.metrics.MetricSources;
import io.konnectproxy.server.metrics.ProxyMetrics;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What metrics read of a running proxy: always of what is in force when they are scraped. */
record ScrapedState(
        BooleanSupplier ready,
        Reloads reloads,
        Journal journal,
        EgressInForce egress,
        OpenListeners listeners,
        TunnelServer tunnels,
        DataPlanes dataPlanes) {

    void addTo(ProxyMetrics metrics) {
        metrics.read(new MetricSources(
                ProxyServer.version(),
                configuration().instance(),
                ready,
                tunnels::connections,
                () -> configuration().limits().tunnels(),
                tunnels::held,
                () -> tunnels.capacity().memory(configuration().limits()).all(),
                journal::available,
                journal::figures,
                () -> egress.now().resolver().staleAnswers(),
                this::certificatesExpire,
                () -> egress.now().parents().available(),
                this::pins));
        readReloads(metrics);
        readDataPlanes(metrics);
    }

    private Configuration configuration() {
        return reloads.inForce().configuration();
    }

    Map<String, Instant> certificatesExpire() {
        List<Optional<Instant>> expire =
                listeners.certificatesExpire(configuration().listen());
        List<InetSocketAddress> addresses = tunnels.addresses();
        Map<String, Instant> byAddress = new HashMap<>();
        for (int i = 0; i < Math.min(addresses.size(), expire.size()); i++) {
            String address = NetUtil.toSocketAddressString(addresses.get(i));
            expire.get(i).ifPresent(time -> byAddress.put(address, time));
        }
        return byAddress;
    }

    /** The pins of all rules. */
    Set<TenantLabel> pins() {
        return Stream.concat(
                        configuration().rules().pins().stream(),
                        configuration().clients().entries().stream().flatMap(entry -> entry.pins().stream()))
                .collect(Collectors.toSet());
    }

    private void readReloads(ProxyMetrics metrics) {
        metrics.counters(
                "config_reloads_total",
                "Attempts to change the configuration while the proxy runs, by their result.",
                List.of("result"),
                () -> Map.of(
                        List.of("success"), reloads.counts().successful(),
                        List.of("failure"), reloads.counts().refused()));
        metrics.gauge(
                "config_last_reload_successful",
                "Whether the last attempt to change the configuration was successful (1) or refused (0); the start counts.",
                () -> reloads.counts().lastSuccessful() ? 1 : 0);
        metrics.gauge(
                "config_last_reload_timestamp_seconds",
                "When the configuration in force was put in force.",
                () -> reloads.inForce().since().toEpochMilli() / 1000.0);
    }

    private void readDataPlanes(ProxyMetrics metrics) {
        metrics.gauge(
                "data_planes_connected",
                "Data planes with a tunnel.",
                () -> dataPlanes.figures().connected());
        metrics.gauge(
                "data_planes_lost",
                "Data planes that had a tunnel for over a minute and have none for over a minute.",
                () -> dataPlanes.figures().lost());
        metrics.gauge(
                "data_planes_flapping",
                "Data planes of which five tunnels ended in the last ten minutes, each sooner than after ten minutes.",
                () -> dataPlanes.figures().flapping());
        metrics.gauge(
                "data_planes_refused",
                "Clients that were refused five times in the last ten minutes.",
                () -> dataPlanes.figures().refused());
    }
}
