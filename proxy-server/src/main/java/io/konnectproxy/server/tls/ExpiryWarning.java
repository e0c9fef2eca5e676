package io.konnectproxy.server.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that a certificate will soon expire, or has expired: once a day, and when it expires. One thread at a time. */
final class ExpiryWarning {
    private static final Logger LOG = LoggerFactory.getLogger("tls");
    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration PAUSE = Duration.ofDays(1);

    private final String file;
    private final InstantSource clock;

    private @Nullable Instant said;
    private boolean saidExpired;

    ExpiryWarning(String file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    void look(Instant notAfter) {
        Instant now = clock.instant();
        boolean expired = now.isAfter(notAfter);
        if (!expired && now.isBefore(notAfter.minus(SOON))) {
            said = null;
            return;
        }
        if (said != null
                && expired == saidExpired
                && Duration.between(said, now).abs().compareTo(PAUSE) < 0) {
            return;
        }
        said = now;
        saidExpired = expired;
        if (expired) {
            LOG.error("The certificate in {} has expired at {}, and clients refuse it; renew it.", file, notAfter);
        } else {
            LOG.warn("The certificate in {} expires soon, at {}; renew it.", file, notAfter);
        }
    }
}
