package io.konnectproxy.server;

import io.konnectproxy.server.config.Configuration;
import java.time.Instant;

/** The configuration in force, and what the attempts to change it came to. Thread-safe. */
public final class Reloads {
    private volatile InForce inForce;
    private volatile Attempts attempts = new Attempts(0, 0, true);

    /**
     * A configuration that is in force.
     *
     * @param digest identifies the configuration
     * @param since when it was put in force
     */
    public record InForce(Configuration configuration, String digest, Instant since) {
        static InForce of(Configuration configuration, Instant since) {
            return new InForce(configuration, AuditedPolicy.digest(configuration), since);
        }
    }

    /**
     * The reloads since the start.
     *
     * @param lastSuccessful whether the last attempt was successful; the start is one
     */
    public record Attempts(long successful, long refused, boolean lastSuccessful) {}

    Reloads(InForce first) {
        this.inForce = first;
    }

    public InForce inForce() {
        return inForce;
    }

    public Attempts attempts() {
        return attempts;
    }

    /** Called by one thread at a time, as {@link #refused}. */
    void changed(InForce now) {
        inForce = now;
        attempts = new Attempts(attempts.successful() + 1, attempts.refused(), true);
    }

    void refused() {
        attempts = new Attempts(attempts.successful(), attempts.refused() + 1, false);
    }
}
