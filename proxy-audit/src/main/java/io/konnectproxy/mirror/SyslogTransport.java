package io.konnectproxy.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.siem.LineFormat;
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
 * Sends lines to a syslog receiver, over one connection that is opened when there is something to send. All calls
 * block. When a call takes too long, the thread for deadlines closes the connection, which ends the call.
 *
 * <p>Syslog has no acknowledgements: a line counts as sent when the operating system has taken it. When a connection
 * breaks, the lines that the local system may still have held are written again on the next one, so a receiver may get
 * lines twice. Lines that the receiver's system had taken but the receiver had not read are lost; a gap in {@code seq}
 * shows that. A receiver that closes in order is taken to have read everything.
 */
final class SyslogTransport implements Transport {
    /**
     * Deadlines.
     *
     * @param connect for one address
     * @param handshake for the TLS handshake
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
    private final SyslogMessage message;
    private final ScheduledThreadPoolExecutor watch;

    /** The last established connection. Set only by the sending thread, as is {@link #connecting}. */
    private volatile @Nullable SyslogConnection connection;

    private volatile @Nullable SyslogConnection connecting;

    private volatile boolean closed;

    /** @param instance the name of this proxy */
    SyslogTransport(
            String instance, String host, int port, Optional<SSLContext> tls, LineFormat format, Deadlines deadlines) {
        this.message = SyslogMessage.ofThisProcess(instance, format);
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

    static SyslogTransport to(String instance, MirrorTarget target) {
        return new SyslogTransport(
                instance,
                target.url().host(),
                target.url().port(),
                target.url().protocol().isEncrypted() ? Optional.of(tls(target.trust())) : Optional.empty(),
                target.format(),
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

    /** The existing connection, if it is open, or a new one. */
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

    /**
     * @throws SocketTimeoutException when the time was over and the connection was closed for that
     */
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

    /**
     * Closes in order, or at once where a write is in progress or the close takes too long. Bytes that the operating
     * system has taken are still sent.
     */
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
