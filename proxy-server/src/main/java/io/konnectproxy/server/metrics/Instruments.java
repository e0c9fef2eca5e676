package io.konnectproxy.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted and measured as it happens. Prometheus' own counters are not used for it: to load them takes 40 ms of CPU,
 * which would delay either the start or the first client. Thread-safe.
 */
final class Instruments {
    /** By verdict, reason, purpose, region. */
    final LabelledCounter decisions = new LabelledCounter();
    /** By outcome. */
    final LabelledCounter tunnels = new LabelledCounter();
    /** By direction, purpose, region. */
    final LabelledCounter bytes = new LabelledCounter();

    final LongAdder summedRefusals = new LongAdder();

    /** From a reused connection on the same network to the longest that {@code timeouts.connect} usually leaves. */
    final DurationHistogram connect =
            new DurationHistogram(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);
    /** From the cache to a name server that does not answer. */
    final DurationHistogram dns =
            new DurationHistogram(0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);
    /** From the system's cache to a disk that hangs. */
    final DurationHistogram auditWrite = new DurationHistogram(
            0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5);
    /** From one exchange to a data plane's connection of a week. */
    final DurationHistogram tunnel =
            new DurationHistogram(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 604_800);
}
