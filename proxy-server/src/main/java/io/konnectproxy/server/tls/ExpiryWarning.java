package io.konnectproxy.server.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that a certificate will soon expire, or has expired: once a day, and when it expires. Not thread-safe. */
final class ExpiryWarning {
    private static final Logger LOG = LoggerFactory.getLogger("tls");
    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration INTERVAL = Duration.ofDays(1);

    private final String file;
    private final InstantSource clock;

    private @Nullable Instant logged;
    private boolean loggedExpired;

    ExpiryWarning(String file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    void look(Instant notAfter) {
        Instant now = clock.instant();
        boolean expired = now.isAfter(notAfter);
        if (!expired && now.isBefore(notAfter.minus(SOON))) {
            logged = null;
            return;
        }
        if (logged != null
                && expired == loggedExpired
                && Duration.between(logged, now).abs().compareTo(INTERVAL) < 0) {
            return;
        }
        logged = now;
        loggedExpired = expired;
        if (expired) {
            LOG.error("The certificate in {} has expired at {}, and clients refuse it; renew it.", file, notAfter);
        } else {
            LOG.warn("The certificate in {} expires soon, at {}; renew it.", file, notAfter);
        }
    }
}
