package io.konnectproxy.server.metrics;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.journal.ArchiveFigures;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.server.admin.ExpositionFormat;
import io.konnectproxy.server.admin.MetricsSource;
import io.konnectproxy.server.metrics.ScrapedMetric.Kind;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.server.tunnel.TunnelObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All metrics of one proxy. Thread-safe. */
public final class ProxyMetrics implements MetricsSource {
    private final Instruments instruments = new Instruments();
    private final TunnelCounters tunnels = new TunnelCounters(instruments);
    /** Those that are not in the document yet. */
    private final Queue<ScrapedMetric> readings = new ConcurrentLinkedQueue<>();
    /** Made at the first scrape, because it takes longer than all else of a start. */
    private @Nullable PrometheusDocument document;

    /**
     * A trail that counts what the given one has recorded.
     *
     * @param recorded is given decisions and sums of refusals, once they count; it must neither block nor throw
     */
    public AuditTrail counting(AuditTrail trail, Consumer<AuditRecord> recorded) {
        return new CountingTrail(trail, instruments, recorded);
    }

    /** The decisions so far, sums of refusals included, by verdict ({@code permitted}, {@code refused}) and then by reason. */
    public Map<String, Map<String, Long>> decisions() {
        return instruments.decisions.values().entrySet().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getKey().get(0),
                        Collectors.groupingBy(
                                each -> each.getKey().get(1), Collectors.summingLong(Map.Entry::getValue))));
    }

    /** The bytes of all tunnels so far, by direction ({@code up}, {@code down}). */
    public Map<String, Long> carried() {
        return tunnels.bytes().entrySet().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getKey().get(0), Collectors.summingLong(Map.Entry::getValue)));
    }

    /** The tunnels that are open now. */
    public List<Tunnel> openTunnels() {
        return tunnels.all();
    }

    public TunnelObserver tunnels() {
        return tunnels;
    }

    /** Takes the nanoseconds of each write to the audit trail. */
    public LongConsumer auditWrites() {
        return instruments.auditWrite::observe;
    }

    /** Adds what is read when metrics are scraped. Called once. */
    public void read(MetricSources sources) {
        gauges(
                "build_info",
                "The version of the program, and of the Java that it runs on, and the name of this proxy; always 1.",
                List.of("version", "java", "instance"),
                () -> Map.of(List.of(sources.version(), Runtime.version().toString(), sources.instance()), 1));
        gauge(
                "ready",
                "Whether new tunnels are accepted (1) or not (0), as /readyz says.",
                () -> sources.ready().getAsBoolean() ? 1 : 0);
        readTraffic(sources);
        readAudit(sources);
        counter(
                "dns_stale_answers_total",
                "Look-ups that were answered with expired addresses, because DNS did not answer.",
                () -> sources.staleDnsAnswers().getAsLong());
        gauges(
                "certificate_not_after_timestamp_seconds",
                "When the certificate of a TLS listener expires.",
                List.of("listener"),
                () -> byName(sources.certificates().get(), time -> time.getEpochSecond()));
        gauges(
                "parent_available",
                "Whether a parent proxy answered when it was last tried (1) or not (0).",
                List.of("parent"),
                () -> byName(sources.parents().get(), available -> available ? 1 : 0));
        gauges(
                "control_plane_connected",
                "Whether a pinned control plane has an open tunnel (1) or not (0).",
                List.of("control_plane"),
                () -> connected(sources));
    }

    private void readTraffic(MetricSources sources) {
        counters(
                "decisions_total",
                "Decisions about requests that the audit trail has, those that it only sums up included.",
                List.of("verdict", "reason", "purpose", "region"),
                instruments.decisions::values);
        counters(
                "tunnels_total",
                "Permitted requests that have ended, whether or not their tunnel was opened.",
                List.of("outcome"),
                instruments.tunnels::values);
        counters(
                "tunnel_bytes_total",
                "Bytes carried inside of tunnels, those that are open included.",
                List.of("direction", "purpose", "region"),
                tunnels::bytes);
        gauges("tunnels_open", "Tunnels that are open.", List.of("purpose", "region"), tunnels::open);
        gauge(
                "connections",
                "Client connections that are open.",
                () -> sources.connections().getAsLong());
        gauge(
                "connections_limit",
                "Client connections that may be open: limits.tunnels.",
                () -> sources.connectionsLimit().getAsLong());
        gauge(
                "memory_held_bytes",
                "Memory that connections hold.",
                () -> sources.memoryHeld().getAsLong());
        gauge(
                "memory_budget_bytes",
                "Memory that connections may hold: limits.memory, as far as the JVM has it.",
                () -> sources.memoryBudget().getAsLong());
    }

    private void readAudit(MetricSources sources) {
        gauge(
                "audit_available",
                "Whether the audit trail can be written (1) or not (0).",
                () -> sources.auditAvailable().getAsBoolean() ? 1 : 0);
        counter(
                "audit_lines_total",
                "Lines that were written to the audit trail.",
                () -> sources.journal().get().lines());
        counter(
                "audit_lost_total",
                "Lines that could not be written to the audit trail.",
                () -> sources.journal().get().lost());
        counter(
                "audit_summed_refusals_total",
                "Refusals that the audit trail only sums up, because their client floods.",
                instruments.summedRefusals::sum);
        counters(
                "audit_mirror_missed_total",
                "Lines of the audit trail that a mirror has missed.",
                List.of("mirror"),
                () -> byName(sources.journal().get().missed(), missed -> missed));
        readArchive(sources);
    }

    /** Without an archive there are no samples. */
    private void readArchive(MetricSources sources) {
        gauges(
                "audit_archive_pending_files",
                "Finished files of the audit trail that are not in the archive yet.",
                List.of(),
                () -> ofArchive(sources, figures -> Optional.of(figures.pending())));
        counters(
                "audit_archive_objects_total",
                "Objects that were put into the archive: files and checkpoints.",
                List.of(),
                () -> ofArchive(sources, figures -> Optional.of(figures.objects())));
        counters(
                "audit_archive_bytes_total",
                "Bytes of the objects that were put into the archive.",
                List.of(),
                () -> ofArchive(sources, figures -> Optional.of(figures.bytes())));
        counters(
                "audit_archive_failures_total",
                "Attempts to put an object into the archive that failed.",
                List.of(),
                () -> ofArchive(sources, figures -> Optional.of(figures.failures())));
        gauges(
                "audit_archive_last_success_timestamp_seconds",
                "When an object was last put into the archive.",
                List.of(),
                () -> ofArchive(sources, figures -> figures.lastSuccess().map(time -> time.toEpochMilli() / 1000.0)));
    }

    private static Map<List<String>, Number> ofArchive(
            MetricSources sources, Function<ArchiveFigures, Optional<? extends Number>> figure) {
        Optional<? extends Number> value = sources.journal().get().archive().flatMap(figure);
        return value.isPresent() ? Map.of(List.of(), value.get()) : Map.of();
    }

    private Map<List<String>, Number> connected(MetricSources sources) {
        Set<TenantLabel> connected = tunnels.controlPlanes();
        return TenantLabel.of(OpenLabel.CONTROL_PLANE, sources.pinned().get()).stream()
                .collect(Collectors.toMap(pin -> List.of(pin.text()), pin -> connected.contains(pin) ? 1 : 0));
    }

    private static <T> Map<List<String>, Number> byName(Map<String, T> values, Function<T, Number> number) {
        Map<List<String>, Number> byName = new HashMap<>();
        values.forEach((name, value) -> byName.put(List.of(name), number.apply(value)));
        return byName;
    }

    /**
     * Adds a gauge.
     *
     * @param name without the prefix of this program
     * @param value read at each scrape; it must not block
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        gauges(name, help, List.of(), () -> Map.of(List.of(), value.getAsDouble()));
    }

    /**
     * Adds a gauge with labels.
     *
     * @param values read at each scrape, by the values of the labels; it must not block
     */
    public void gauges(
            String name,
            String help,
            List<String> labels,
            Supplier<? extends Map<List<String>, ? extends Number>> values) {
        readings.add(new ScrapedMetric(Kind.GAUGE, name, help, labels, values));
    }

    /**
     * Adds a counter.
     *
     * @param name ends in {@code _total}
     * @param value read at each scrape; it must not block, nor decrease
     */
    public void counter(String name, String help, DoubleSupplier value) {
        counters(name, help, List.of(), () -> Map.of(List.of(), value.getAsDouble()));
    }

    /** Adds a counter with labels, whose values are read at each scrape, by the values of the labels. */
    public void counters(
            String name,
            String help,
            List<String> labels,
            Supplier<? extends Map<List<String>, ? extends Number>> values) {
        readings.add(new ScrapedMetric(Kind.COUNTER, name, help, labels, values));
    }

    @Override
    public synchronized byte[] render(ExpositionFormat format) {
        if (document == null) {
            document = new PrometheusDocument();
            document.add(
                    "connect_duration_seconds",
                    "Time to connect to Konnect or a parent proxy, over all attempts of a request.",
                    instruments.connect);
            document.add("dns_duration_seconds", "Time to resolve the name of a request.", instruments.dns);
            document.add(
                    "audit_write_duration_seconds",
                    "Time to write lines that are written together to the audit trail, its sync included.",
                    instruments.auditWrite);
            document.add(
                    "tunnel_duration_seconds",
                    "Time from the permission of a request to the end of its tunnel.",
                    instruments.tunnel);
        }
        for (ScrapedMetric added = readings.poll(); added != null; added = readings.poll()) {
            document.add(added);
        }
        return document.write(format);
    }
}
