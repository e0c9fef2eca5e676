package io.konnectproxy.server;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.server.config.Configuration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The configuration in force, and what the attempts to change it came to. Thread-safe. */
public final class Reloads {
    private volatile ConfigurationInForce inForce;
    private volatile ReloadCounts counts = new ReloadCounts(0, 0, true);
    private volatile Optional<LastReload> last = Optional.empty();

    /**
     * A configuration that is in force.
     *
     * @param policy what it decides by, as text for the audit trail
     * @param digest identifies the configuration
     * @param since when it was put in force
     */
    public record ConfigurationInForce(
            Configuration configuration, PolicySettings policy, String digest, Instant since) {
        static ConfigurationInForce of(Configuration configuration, Instant since) {
            PolicySettings policy = AuditedPolicy.of(configuration);
            return new ConfigurationInForce(configuration, policy, AuditedPolicy.digest(configuration, policy), since);
        }
    }

    /**
     * The reloads since the start.
     *
     * @param lastSuccessful whether the last attempt was successful; the start is one
     */
    public record ReloadCounts(long successful, long refused, boolean lastSuccessful) {}

    /**
     * The last attempt.
     *
     * @param problems why it was refused; empty if it was not
     */
    record LastReload(Instant at, List<String> problems) {
        LastReload {
            problems = List.copyOf(problems);
        }
    }

    /** Lines for the operator about both. */
    List<String> sentences() {
        ConfigurationInForce now = inForce;
        String line = "configuration " + now.digest() + " in force since "
                + now.since().truncatedTo(ChronoUnit.SECONDS);
        return counts.lastSuccessful()
                ? List.of(line)
                : List.of(line, "a changed configuration is refused; standard error and the audit trail say why");
    }

    /** Twelve hexadecimal digits that identify everything that is configured, except {@code instance}. */
    public static String digest(Configuration configuration) {
        return AuditedPolicy.digest(configuration, AuditedPolicy.of(configuration));
    }

    Reloads(ConfigurationInForce first) {
        this.inForce = first;
    }

    public ConfigurationInForce inForce() {
        return inForce;
    }

    public ReloadCounts counts() {
        return counts;
    }

    /** The last attempt since the start. */
    Optional<LastReload> last() {
        return last;
    }

    /** Called by one thread at a time, as {@link #refused}. */
    void changed(ConfigurationInForce now) {
        inForce = now;
        counts = new ReloadCounts(counts.successful() + 1, counts.refused(), true);
        last = Optional.of(new LastReload(now.since(), List.of()));
    }

    void refused(Instant at, List<String> problems) {
        last = Optional.of(new LastReload(at, problems));
        counts = new ReloadCounts(counts.successful(), counts.refused() + 1, false);
    }
}
