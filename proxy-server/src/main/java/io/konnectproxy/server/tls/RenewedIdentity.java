package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.file.Snapshot;
import io.konnectproxy.server.file.WatchedFile;
import io.netty.handler.ssl.SslContext;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current identity of a listener: that of the last valid content of its files. Existing connections keep the identity
 * that they began with. Any thread.
 */
public final class RenewedIdentity implements FileWatch.Watched, WatchedFile.Follower<ServerIdentity> {
    private static final Logger LOG = LoggerFactory.getLogger("tls");

    private final ServerFiles files;
    private final InstantSource clock;
    private final ExpiryWarning expiry;
    private final WatchedFile<ServerIdentity> watched;

    RenewedIdentity(ServerFiles files, InstantSource clock) throws KeyFileException {
        this.files = files;
        this.clock = clock;
        this.expiry = new ExpiryWarning(files.certificate(), clock);
        ServerContent content = ServerContent.read(files);
        ServerIdentity first = ServerIdentity.of(content, clock);
        this.watched = new WatchedFile<>(this::snapshot, content.digest(), first, this, clock);
        first.warnings().forEach(LOG::warn);
    }

    /**
     * Reads an identity and watches its files.
     *
     * @throws KeyFileException if the files cannot be used; one sentence
     */
    public static RenewedIdentity of(ServerFiles files, FileWatch watch) throws KeyFileException {
        return watch.add(new RenewedIdentity(files, InstantSource.system()));
    }

    /** The context for the next accepted connection. */
    public SslContext context() {
        return identity().serverContext();
    }

    /** The current identity. */
    public ServerIdentity identity() {
        return watched.value();
    }

    @Override
    public synchronized void look(boolean atOnce) {
        watched.look(atOnce);
        expiry.look(identity().notAfter());
    }

    private Snapshot<ServerIdentity> snapshot() {
        try {
            ServerContent content = ServerContent.read(files);
            return new Snapshot<>(content.digest(), () -> identity(content));
        } catch (KeyFileException e) {
            return Snapshot.unreadable(e.getMessage());
        }
    }

    private ServerIdentity identity(ServerContent content) {
        try {
            return ServerIdentity.of(content, clock);
        } catch (KeyFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void changed(ServerIdentity before, ServerIdentity renewed) {
        LOG.info(
                "The certificate in {} is new and served from now on: for {}, issued by {}, valid until {}.",
                files.certificate(),
                String.join(", ", renewed.names()),
                renewed.issuer(),
                renewed.notAfter());
        renewed.warnings().forEach(LOG::warn);
    }

    @Override
    public void failed(String sentence, ServerIdentity stays) {
        LOG.error("{} The certificate from before is served on, until {}.", sentence, stays.notAfter());
    }
}
