/**
 * What the proxy counts and measures, for Prometheus. Start at {@link io.konnectproxy.server.metrics.ProxyMetrics}. It is the
 * only package that knows Prometheus' client. No label has anything that a client sent.
 */
@NullMarked
package io.konnectproxy.server.metrics;

import org.jspecify.annotations.NullMarked;
