package io.konnectproxy.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A metric that is read when metrics are scraped.
 *
 * @param name without the prefix of this program
 * @param values by the values of the labels, in their order
 */
record ScrapedMetric(
        Kind kind,
        String name,
        String help,
        List<String> labels,
        Supplier<? extends Map<List<String>, ? extends Number>> values) {

    /** The types of Prometheus' metrics that have one value for each series. */
    enum Kind {
        COUNTER,
        GAUGE
    }
}
