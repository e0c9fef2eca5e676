package io.konnectproxy.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.keys.TrustedCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines to a syslog receiver, over one connection that is opened when there is something to send. All of its calls
 * block; a connection on which one of them takes too long is closed by the deadlines' thread, which ends the call.
 *
 * <p>Syslog has no acknowledgements: a line counts as carried when the operating system has it. When a connection breaks,
 * what this system may still have held is written again on the next one, so that a receiver may have lines twice; what it
 * had taken and not read is gone, and {@code seq} tells. A receiver that closes in order has read all.
 */
final class SyslogTransport implements Transport {
    /**
     * Deadlines.
     *
     * @param connect for one address
     * @param handshake of TLS
     * @param write for a batch to be taken
     */
    record Deadlines(Duration connect, Duration handshake, Duration write) {
        static final Deadlines USUAL =
                new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));
    }

    private static final Duration CLOSE = Duration.ofMillis(300);

    private final String host;
    private final int port;
    private final Optional<SSLContext> tls;
    private final Deadlines deadlines;
    private final SyslogMessage message = SyslogMessage.ofThisProcess();
    private final ScheduledThreadPoolExecutor watch;

    /** The last one that was made. Replaced by the thread that carries, as is the one that is being made. */
    private volatile @Nullable SyslogConnection connection;

    private volatile @Nullable SyslogConnection connecting;

    private volatile boolean closed;

    SyslogTransport(String host, int port, Optional<SSLContext> tls, Deadlines deadlines) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.deadlines = deadlines;
        this.watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "audit-syslog-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
    }

    static SyslogTransport to(MirrorTarget target) {
        return new SyslogTransport(
                target.url().host(),
                target.url().port(),
                target.url().protocol().isEncrypted() ? Optional.of(tls(target.trust())) : Optional.empty(),
                Deadlines.USUAL);
    }

    private static SSLContext tls(Optional<TrustedCertificates> trust) {
        try {
            return trust.isPresent() ? trust.get().clientContext() : SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    @Override
    public DeliveryResult send(List<MirroredLine> lines) {
        SyslogConnection open;
        try {
            open = connected();
        } catch (IOException e) {
            return new DeliveryResult.Postponed(Troubles.of(e));
        }
        try {
            byte[] messages = encoded(open.remember(lines));
            within(deadlines.write(), open, () -> open.write(messages));
            return DeliveryResult.Settled.ALL;
        } catch (SocketTimeoutException e) {
            return new DeliveryResult.Postponed("it takes nothing any more");
        } catch (IOException e) {
            open.giveUp();
            return new DeliveryResult.Postponed(Troubles.of(e));
        }
    }

    private byte[] encoded(List<MirroredLine> lines) {
        StringBuilder messages = new StringBuilder();
        lines.forEach(line -> message.append(line, messages));
        return messages.toString().getBytes(US_ASCII);
    }

    /** The connection there is, if the receiver has not closed it, or a new one. */
    private SyslogConnection connected() throws IOException {
        SyslogConnection last = connection;
        if (last != null && last.isOpen()) {
            return last;
        }
        IOException problem = new IOException("it has no address");
        for (InetAddress address : InetAddress.getAllByName(host)) {
            SyslogConnection next = new SyslogConnection(last);
            connecting = next;
            try {
                connect(next, new InetSocketAddress(address, port));
                connection = next;
                next.watch();
                return next;
            } catch (IOException e) {
                next.giveUp();
                problem = e;
            } finally {
                connecting = null;
            }
        }
        throw problem;
    }

    private void connect(SyslogConnection next, InetSocketAddress address) throws IOException {
        if (closed) {
            throw new IOException("the proxy ended");
        }
        next.connect(address, deadlines.connect());
        if (tls.isPresent()) {
            within(deadlines.handshake(), next, () -> next.secure(tls.get(), host));
        }
    }

    private interface Blocking {
        void run() throws IOException;
    }

    /** @throws SocketTimeoutException when the connection was given up because time was up */
    private void within(Duration time, SyslogConnection on, Blocking call) throws IOException {
        Future<?> end = giveUpAfter(time, on);
        try {
            call.run();
        } catch (IOException e) {
            if (end.isDone()) {
                throw new SocketTimeoutException();
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private Future<?> giveUpAfter(Duration time, SyslogConnection connection) {
        try {
            return watch.schedule(connection::giveUp, time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // This transport was closed.
            connection.giveUp();
            return CompletableFuture.completedFuture(null);
        }
    }

    /** In order the first time, at once if it is called again. What the operating system has is still on its way then. */
    @Override
    public void close() {
        closed = true;
        SyslogConnection made = connecting;
        if (made != null) {
            made.giveUp();
        }
        SyslogConnection open = connection;
        if (open != null) {
            Future<?> end = giveUpAfter(CLOSE, open);
            open.close();
            end.cancel(false);
        }
        watch.shutdownNow();
    }
}
