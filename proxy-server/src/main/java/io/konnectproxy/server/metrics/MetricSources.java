package io.konnectproxy.server.metrics;

import io.konnectproxy.journal.JournalFigures;
import io.konnectproxy.konnect.TenantLabel;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is read at each scrape. Every supplier is asked anew for what is in force then, on the thread that renders metrics: it
 * must not block.
 *
 * @param version of the program
 * @param instance the name of this proxy
 * @param ready whether new tunnels are accepted
 * @param certificates when the certificate of each TLS listener expires, by the listener's address
 * @param parents whether each parent proxy answered when it was last tried, by its URL without credentials
 * @param pinned the pins of all rules; of these only control planes count
 */
public record MetricSources(
        String version,
        String instance,
        BooleanSupplier ready,
        LongSupplier connections,
        LongSupplier connectionsLimit,
        LongSupplier memoryHeld,
        LongSupplier memoryBudget,
        BooleanSupplier auditAvailable,
        Supplier<JournalFigures> journal,
        LongSupplier staleDnsAnswers,
        Supplier<Map<String, Instant>> certificates,
        Supplier<Map<String, Boolean>> parents,
        Supplier<Collection<TenantLabel>> pinned) {}
