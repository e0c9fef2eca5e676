package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity that a listener has now, by its files as they were last found good. Connections that were made with an earlier
 * one keep it. Any thread may ask; only that of {@link RenewedIdentities} looks.
 */
public final class RenewedIdentity {
    private static final Logger LOG = LoggerFactory.getLogger("tls");

    /** What failed is tried again now and then: a certificate may become valid, a password take long to be found wrong. */
    private static final Duration ANOTHER_TRY = Duration.ofMinutes(1);

    private final ServerFiles files;
    private final InstantSource clock;
    private final ExpiryWarning expiry;

    private volatile ServerIdentity identity;

    private String served;
    private @Nullable Failure failure;

    /**
     * What the files hold that can't be served.
     *
     * @param content what they hold, or why that is not known
     * @param sentence why it can't be served
     * @param at when it was tried
     * @param told whether the log has it
     */
    private record Failure(String content, String sentence, Instant at, boolean told) {}

    RenewedIdentity(ServerFiles files, InstantSource clock) throws KeyFileException {
        this.files = files;
        this.clock = clock;
        this.expiry = new ExpiryWarning(files.certificate(), clock);
        ServerContent content = ServerContent.read(files);
        this.identity = ServerIdentity.of(content, clock);
        this.served = content.digest();
        identity.warnings().forEach(LOG::warn);
    }

    /** For the next connection that is accepted. */
    public SslContext context() {
        return identity.serverContext();
    }

    /** The same with what there is to say about it. */
    public ServerIdentity identity() {
        return identity;
    }

    void look() {
        try {
            compare(ServerContent.read(files));
        } catch (KeyFileException e) {
            failed(e.getMessage(), e.getMessage());
        }
        expiry.look(identity.notAfter());
    }

    private void compare(ServerContent content) {
        String digest = content.digest();
        if (digest.equals(served)) {
            failure = null;
            return;
        }
        if (failure != null && failure.told() && failure.content().equals(digest) && !isDue(failure)) {
            return;
        }
        try {
            renew(ServerIdentity.of(content, clock), digest);
        } catch (KeyFileException e) {
            failed(digest, e.getMessage());
        }
    }

    private boolean isDue(Failure earlier) {
        return Duration.between(earlier.at(), clock.instant()).abs().compareTo(ANOTHER_TRY) >= 0;
    }

    private void renew(ServerIdentity renewed, String digest) {
        identity = renewed;
        served = digest;
        failure = null;
        LOG.info(
                "The certificate in {} is new and served from now on: for {}, issued by {}, valid until {}.",
                files.certificate(),
                String.join(", ", renewed.names()),
                renewed.issuer(),
                renewed.notAfter());
        renewed.warnings().forEach(LOG::warn);
    }

    /** Certificate and key come one after the other, so that what is found once is only remembered. */
    private void failed(String content, String sentence) {
        Failure before = failure;
        boolean again =
                before != null && before.content().equals(content) && Objects.equals(before.sentence(), sentence);
        boolean told = again && before.told();
        if (again && !told) {
            LOG.error("{} The certificate from before is served on, until {}.", sentence, identity.notAfter());
            told = true;
        }
        failure = new Failure(content, sentence, clock.instant(), told);
    }
}
