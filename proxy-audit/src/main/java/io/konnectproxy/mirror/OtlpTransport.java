package io.konnectproxy.mirror;

import io.konnectproxy.mirror.MirrorUrl.Protocol;
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
 * Sends lines to an OpenTelemetry collector with OpenTelemetry's exporter. The SDK's batching is not used: it drops silently what
 * it has no room for. Its retries are not used: they hide the result. The HTTP sender is ours, so that the whole reply is seen.
 */
final class OtlpTransport implements Transport {
    /** A reference, since a logger that is collected loses its level. The exporter would log each failure once more, with a trace. */
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
        String scheme = url.protocol() == Protocol.OTLP_HTTPS ? "https" : "http";
        return new OtlpTransport(
                new OtlpSender(target.trust(), Duration.ofSeconds(5), Duration.ofSeconds(10)),
                URI.create(scheme + "://" + url.bracketedHost() + ":" + url.port() + url.path()));
    }

    @Override
    public DeliveryResult send(List<MirroredLine> lines) {
        // The sender has the reply when this returns. The exporter's own result says less.
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
