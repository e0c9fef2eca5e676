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
 * A connection to a syslog receiver, and the last lines that were written to it. One thread connects and writes. A thread of
 * its own reads, since that is where the end of a connection shows. {@link #giveUp} and {@link #close} are for any thread.
 */
final class SyslogConnection implements AutoCloseable {
    /** Bytes of lines that are remembered: more than this system holds of what the receiver's has not got, and some of that. */
    static final int RECENT_BYTES = 384 << 10;

    /** Linux makes twice as much of it, which {@link #RECENT_BYTES} is meant to cover. */
    private static final int SEND_BUFFER = 128 << 10;

    /** Middle boxes forget connections that are silent for long, and say so only to the next line. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    /** How long a write may go on after the receiver has ended in order. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Socket tcp = new Socket();
    /** The TCP connection, or TLS on it. */
    private volatile Socket stream = tcp;

    /** Held by whoever writes: to close TLS in order is to write as well. */
    private final ReentrantLock writing = new ReentrantLock();

    private final Deque<MirroredLine> recent = new ArrayDeque<>();
    private int recentBytes;
    /** Written to the connection before, which broke. */
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

    /** Not every system has all of them. */
    private <T> void set(SocketOption<T> option, T value) throws IOException {
        if (tcp.supportedOptions().contains(option)) {
            tcp.setOption(option, value);
        }
    }

    /** Shakes hands as a client of this host. */
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

    /** Begins to listen for its end. */
    void watch() {
        Thread reader = new Thread(this::readToEnd, "audit-syslog");
        reader.setDaemon(true);
        reader.start();
    }

    /** A syslog receiver has nothing to say; that it goes is all there is to hear. */
    private void readToEnd() {
        try {
            InputStream in = stream.getInputStream();
            byte[] ignored = new byte[512];
            while (in.read(ignored) >= 0) {
                // Not for us.
            }
            // The write that the receiver has answered with its end may not have returned yet.
            close(PATIENCE);
        } catch (IOException e) {
            giveUp();
        }
    }

    boolean isOpen() {
        return !ended;
    }

    /** What is to be written for these lines to arrive, and those that may not have. */
    List<MirroredLine> remember(List<MirroredLine> lines) {
        // A batch that is tried again stands among what is unsure already.
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
            // The system tells of a reset once: whoever reads then, hears of an end in order.
            giveUp();
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Ends it at once. What it may not have brought there is written to the next connection. */
    void giveUp() {
        if (!ended) {
            broken = true;
            ended = true;
        }
        closeQuietly(tcp);
    }

    /** Ends it in order, behind what was written; at once where a write is under way. */
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

    /** Whether nobody writes, or has done so in time; then this thread holds the lock. */
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
            // It is gone in any case.
        }
    }

    private List<MirroredLine> uncertain() {
        return List.copyOf(recent);
    }
}
