package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An upstream on loopback that counts who comes, and does with each connection what the test says. */
public final class Origin implements AutoCloseable {
    private static final int NONE = -1;

    private final ServerSocket listener;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    /** Of a connection that this class makes itself, and does not count. */
    private volatile int ownPort = NONE;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "origin");
        thread.setDaemon(true);
        return thread;
    });

    /** What becomes of a connection. */
    public interface Conversation {
        void with(Socket client) throws Exception;
    }

    private Origin(ServerSocket listener) {
        this.listener = listener;
    }

    private Origin(ServerSocketFactory factory, Conversation conversation) throws IOException {
        this(factory.createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    if (client.getPort() == ownPort) {
                        client.close();
                        ownPort = NONE;
                        continue;
                    }
                    accepted.incrementAndGet();
                    threads.execute(() -> {
                        converse(client, conversation);
                        ended.incrementAndGet();
                    });
                } catch (IOException e) {
                    // Closed; the loop ends.
                }
            }
        });
    }

    private static void converse(Socket client, Conversation conversation) {
        try (client) {
            conversation.with(client);
        } catch (Exception e) {
            // The client's side of the test will notice.
        }
    }

    public static Origin plain(Conversation conversation) throws IOException {
        return new Origin(ServerSocketFactory.getDefault(), conversation);
    }

    /** The same behind TLS. */
    public static Origin secured(SSLContext context, Conversation conversation) throws IOException {
        return new Origin(context.getServerSocketFactory(), conversation);
    }

    /** A listener that the test minds itself. */
    public static Origin mindedElsewhere(ServerSocket listener) {
        return new Origin(listener);
    }

    /** A TLS server; what it is given are sockets of the JDK's. */
    public static Origin overTls(SSLContext context, Conversation conversation) throws IOException {
        return new Origin(context.getServerSocketFactory(), conversation);
    }

    /** The same, for much that is carried: without C2 the JDK needs several times as long for AES. */
    public static Origin overQuickTls(SSLContext context, Conversation conversation) throws IOException {
        return overTls(context, client -> {
            SSLSocket secured = (SSLSocket) client;
            secured.setEnabledCipherSuites(Stream.of(secured.getSupportedCipherSuites())
                    .filter(suite -> suite.contains("CHACHA20"))
                    .toArray(String[]::new));
            conversation.with(secured);
        });
    }

    /** A TLS server that answers every request with {@code served}. */
    public static Origin tls(ThrowawayCa ca, String... names) throws Exception {
        return new Origin(ca.serverContext(List.of(names)).getServerSocketFactory(), client -> {
            client.setSoTimeout(5_000);
            byte[] request = new byte[4096];
            if (client.getInputStream().read(request) > 0) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nserved"
                                .getBytes(US_ASCII));
            }
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int accepted() {
        return accepted.get();
    }

    /**
     * Waits until each connection that was made has been accepted and its conversation has ended: what one test says reaches no later
     * one.
     */
    public void awaitEnds() throws IOException {
        // They are accepted in their order, so that none is left when a last one is.
        try (Socket own = new Socket()) {
            own.bind(new InetSocketAddress(listener.getInetAddress(), 0));
            ownPort = own.getLocalPort();
            own.connect(listener.getLocalSocketAddress());
            Await.until(
                    "the upstream's connections have ended", () -> ownPort == NONE && ended.get() == accepted.get());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
