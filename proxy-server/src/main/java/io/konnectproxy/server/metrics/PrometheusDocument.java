package io.konnectproxy.server.metrics;

import io.konnectproxy.server.admin.ExpositionFormat;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.ObjDoubleConsumer;

/** Writes metrics in the formats of Prometheus, those of the process and the JVM included. Not thread-safe. */
final class PrometheusDocument {
    private static final String PREFIX = "konnect_proxy_";

    /** The defaults: neither the environment nor a file of the client library changes anything. */
    private static final PrometheusProperties PROPERTIES =
            PrometheusProperties.builder().build();

    private final PrometheusRegistry registry = new PrometheusRegistry();

    PrometheusDocument() {
        JvmMetrics.builder(PROPERTIES).register(registry);
    }

    void add(ScrapedMetric reading) {
        String name = PREFIX + reading.name();
        String[] labels = reading.labels().toArray(String[]::new);
        switch (reading.kind()) {
            case COUNTER ->
                CounterWithCallback.builder(PROPERTIES)
                        .name(name)
                        .help(reading.help())
                        .labelNames(labels)
                        .callback(to -> read(reading, (of, value) -> to.call(value, of)))
                        .register(registry);
            case GAUGE ->
                GaugeWithCallback.builder(PROPERTIES)
                        .name(name)
                        .help(reading.help())
                        .labelNames(labels)
                        .callback(to -> read(reading, (of, value) -> to.call(value, of)))
                        .register(registry);
        }
    }

    private static void read(ScrapedMetric reading, ObjDoubleConsumer<String[]> to) {
        reading.values().get().forEach((of, value) -> to.accept(of.toArray(String[]::new), value.doubleValue()));
    }

    void add(String name, String help, DurationHistogram histogram) {
        registry.register((Collector) () -> {
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            double[] bounds = histogram.bounds();
            long[] counts = histogram.counts();
            for (int i = 0; i < bounds.length; i++) {
                buckets.bucket(bounds[i], counts[i]);
            }
            return HistogramSnapshot.builder()
                    .name(PREFIX + name)
                    .help(help)
                    .dataPoint(HistogramDataPointSnapshot.builder()
                            .classicHistogramBuckets(buckets.build())
                            .sum(histogram.seconds())
                            .build())
                    .build();
        });
    }

    byte[] write(ExpositionFormat format) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try {
            writer(format).write(document, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return document.toByteArray();
    }

    private static ExpositionFormatWriter writer(ExpositionFormat format) {
        return switch (format) {
            case PROMETHEUS_TEXT -> PrometheusTextFormatWriter.create();
            case OPEN_METRICS -> OpenMetricsTextFormatWriter.create();
        };
    }
}
