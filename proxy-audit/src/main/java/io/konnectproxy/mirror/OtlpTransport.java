package io.konnectproxy.mirror;

import io.konnectproxy.mirror.MirrorUrl.Carriage;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries lines to an OpenTelemetry collector, with OpenTelemetry's exporter. Its batching and its retries stay out of it:
 * the one drops silently what it has no room for, the other tells nobody what became of it. Its sender is ours, to see all
 * that the collector answers.
 */
final class OtlpTransport implements Transport {
    /** Kept, since a level that was set on a logger goes with it. It would tell the operator a second time, with a trace. */
    private static final Logger CHATTER = Logger.getLogger("io.opentelemetry");

    static {
        CHATTER.setLevel(Level.OFF);
    }

    private final OtlpRecords records = new OtlpRecords();
    private final OtlpSender sender;
    private final OtlpHttpLogRecordExporter exporter;

    OtlpTransport(OtlpSender sender, URI endpoint) {
        this.sender = sender;
        this.exporter = OtlpHttpLogRecordExporter.builder()
                .setEndpoint(endpoint.toString())
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop())
                .setComponentLoader(new OnlySender(sender))
                .build();
    }

    static OtlpTransport to(MirrorTarget target) {
        MirrorUrl url = target.url();
        String scheme = url.carriage() == Carriage.OTLP_HTTPS ? "https" : "http";
        return new OtlpTransport(
                new OtlpSender(target.trust(), Duration.ofSeconds(5), Duration.ofSeconds(10)),
                URI.create(scheme + "://" + url.bracketedHost() + ":" + url.port() + url.path()));
    }

    @Override
    public DeliveryResult send(List<Line> lines) {
        // Our sender is done when this returns; what the exporter makes of its answer is less than what it knows.
        exporter.export(records.of(lines));
        return sender.outcome(lines.size());
    }

    @Override
    public void close() {
        exporter.shutdown();
    }

    /** In place of a search of the class path. */
    private record OnlySender(OtlpSender sender) implements ComponentLoader {
        @Override
        public <T> Iterable<T> load(Class<T> type) {
            HttpSenderProvider provider = configuration -> {
                sender.use(configuration);
                return sender;
            };
            return type == HttpSenderProvider.class ? List.of(type.cast(provider)) : List.of();
        }
    }
}
