package io.konnectproxy.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a syslog receiver, and the last lines that were written to it. One thread connects and writes.
 * Another thread reads, because only a read notices the end of the connection. {@link #giveUp} and {@link #close} are
 * thread-safe.
 */
final class SyslogConnection implements AutoCloseable {
    /**
     * Bytes of lines that are remembered: more than the local send buffer can hold, and part of what the receiver's
     * buffer can hold.
     */
    static final int RECENT_BYTES = 384 << 10;

    /** Linux doubles this value; {@link #RECENT_BYTES} must cover the doubled size. */
    private static final int SEND_BUFFER = 128 << 10;

    /**
     * Firewalls and NAT devices drop connections that are idle for long, which would be noticed only with the next
     * line.
     */
    private static final int KEEP_ALIVE_SECONDS = 30;

    /** How long a write may continue after the receiver has closed in order. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Socket tcp = new Socket();
    /** The TCP connection, or TLS on it. */
    private volatile Socket stream = tcp;

    /** Held during a write, and during an orderly close, because with TLS that writes as well. */
    private final ReentrantLock writing = new ReentrantLock();

    private final Deque<MirroredLine> recent = new ArrayDeque<>();
    private int recentBytes;
    /** Lines that were written to the previous connection, which broke. */
    private List<MirroredLine> unsure;

    private volatile boolean ended;
    private volatile boolean broken;

    SyslogConnection(@Nullable SyslogConnection before) {
        this.unsure = before != null && before.broken ? before.uncertain() : List.of();
    }

    void connect(InetSocketAddress address, Duration patience) throws IOException {
        set(StandardSocketOptions.SO_KEEPALIVE, true);
        set(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
        set(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS / 3);
        set(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        tcp.connect(address, Math.toIntExact(patience.toMillis()));
    }

    /** Sets an option where the operating system supports it. */
    private <T> void set(SocketOption<T> option, T value) throws IOException {
        if (tcp.supportedOptions().contains(option)) {
            tcp.setOption(option, value);
        }
    }

    /** Performs the TLS handshake as a client of this host. */
    void secure(SSLContext context, String host) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(tcp, host, tcp.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        // The certificate must be for the host of the configuration, as in RFC 5425, section 5.2.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        stream = secured;
    }

    /** Starts the thread that notices the end of the connection. */
    void watch() {
        Thread reader = new Thread(this::readToEnd, "audit-syslog");
        reader.setDaemon(true);
        reader.start();
    }

    /** A syslog receiver sends nothing, so this only notices the end of the connection. */
    private void readToEnd() {
        try {
            InputStream in = stream.getInputStream();
            byte[] ignored = new byte[512];
            while (in.read(ignored) >= 0) {
                // Discarded.
            }
            // A write may still be returning whose bytes the receiver had read before it closed.
            close(PATIENCE);
        } catch (IOException e) {
            giveUp();
        }
    }

    boolean isOpen() {
        return !ended;
    }

    /**
     * Remembers the lines. Returns what is to be written: lines that may not have arrived over the previous connection,
     * and these.
     */
    List<MirroredLine> remember(List<MirroredLine> lines) {
        // A batch that is retried may be among the unsure lines already.
        Set<MirroredLine> all = new LinkedHashSet<>(unsure);
        all.addAll(lines);
        unsure = List.of();
        all.forEach(this::remember);
        return List.copyOf(all);
    }

    private void remember(MirroredLine line) {
        recent.addLast(line);
        recentBytes += line.text().length();
        while (recentBytes > RECENT_BYTES) {
            recentBytes -= recent.removeFirst().text().length();
        }
    }

    void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            OutputStream out = stream.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // The system reports a reset only once; the reading thread would then see an orderly end, so the connection
            // is marked as broken first.
            giveUp();
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Closes at once. Lines that may not have arrived are written to the next connection. */
    void giveUp() {
        if (!ended) {
            broken = true;
            ended = true;
        }
        closeQuietly(tcp);
    }

    /** Closes in order, after what was written; at once where a write is in progress. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void close(Duration patience) {
        if (!isFree(patience)) {
            giveUp();
            return;
        }
        try {
            ended = true;
            closeQuietly(stream);
        } finally {
            writing.unlock();
        }
    }

    /** Whether no write is in progress, or it ended in time; then this thread holds the lock. */
    private boolean isFree(Duration patience) {
        try {
            return writing.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket counts as closed all the same.
        }
    }

    private List<MirroredLine> uncertain() {
        return List.copyOf(recent);
    }
}
