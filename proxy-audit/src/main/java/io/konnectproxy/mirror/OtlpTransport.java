package io.konnectproxy.mirror;

import io.konnectproxy.mirror.MirrorUrl.Protocol;
import io.konnectproxy.siem.LineFormat;
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
 * Sends lines to an OpenTelemetry collector with OpenTelemetry's exporter. The SDK's batching is not used, because it
 * drops lines silently when it has no room. Its retries are not used, because they hide the result. It uses {@link
 * OtlpSender}, so that the whole reply can be read.
 */
final class OtlpTransport implements Transport {
    /**
     * The exporter would log each failure again, with a stack trace. The field keeps the logger reachable, because a
     * garbage-collected logger loses its level.
     */
    private static final Logger CHATTER = Logger.getLogger("io.opentelemetry");

    static {
        CHATTER.setLevel(Level.OFF);
    }

    private final OtlpRecords records;
    private final OtlpSender sender;
    private final OtlpHttpLogRecordExporter exporter;

    /** @param instance the name of this proxy */
    OtlpTransport(String instance, OtlpSender sender, URI endpoint, LineFormat format) {
        this.records = new OtlpRecords(new LineBody(format, instance));
        this.sender = sender;
        this.exporter = OtlpHttpLogRecordExporter.builder()
                .setEndpoint(endpoint.toString())
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop())
                .setComponentLoader(new OnlySender(sender))
                .build();
    }

    static OtlpTransport to(String instance, MirrorTarget target) {
        MirrorUrl url = target.url();
        String scheme = url.protocol() == Protocol.OTLP_HTTPS ? "https" : "http";
        return new OtlpTransport(
                instance,
                new OtlpSender(target.trust(), Duration.ofSeconds(5), Duration.ofSeconds(10)),
                URI.create(scheme + "://" + url.bracketedHost() + ":" + url.port() + url.path()),
                target.format());
    }

    @Override
    public DeliveryResult send(List<MirroredLine> lines) {
        // The sender has the reply when this returns. The exporter's own result has less detail.
        exporter.export(records.of(lines));
        return sender.outcome(lines.size());
    }

    @Override
    public void close() {
        exporter.shutdown();
    }

    /** Replaces the exporter's search of the class path. */
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
