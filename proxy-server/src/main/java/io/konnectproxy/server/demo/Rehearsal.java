package io.konnectproxy.server.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Storms of data planes for a proxy in this process, before a stand-in for Konnect, all on loopback: what a JVM is shown that shall
 * remember which classes are needed and what is called often. Its configuration and audit trail are in a directory of its own, which
 * is removed at the end.
 */
public final class Rehearsal implements AutoCloseable {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    /** Threads of clients, and the tunnels that each of them opens at once. */
    private static final int CLIENTS = 16;

    /** A tunnel has four sockets in this process, which may have 1,024 as many systems have it. */
    private static final int AT_ONCE = 4;

    private static final int BACKLOG = 2 * CLIENTS * AT_ONCE;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

    private final Path directory;
    private final RecordedHandshake handshake = new RecordedHandshake(HOST);
    private final StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "rehearsal");
        thread.setDaemon(true);
        return thread;
    });
    private final ServerSocket konnect =
            new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));

    /** Begins to listen as Konnect. */
    public Rehearsal() throws IOException {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Has its own directory in the given one. */
    Rehearsal(Path parent) throws IOException {
        directory = Files.createTempDirectory(parent, "konnect-proxy-rehearsal");
        threads.execute(this::serve);
    }

    /** Where Konnect is to be dialled. */
    public int port() {
        return konnect.getLocalPort();
    }

    /** Writes the configuration for the proxy. */
    public Path configuration() throws IOException {
        return Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                String.join(
                        "\n",
                        "listen: [{address: '127.0.0.1:0'}]",
                        "regions: [us]",
                        "dns: {servers: ['" + NetUtil.toSocketAddressString(dns.address()) + "']}",
                        "permit-addresses: [127.0.0.0/8]",
                        "audit: {file: " + Demonstration.quoted(directory.resolve("audit.jsonl")) + "}",
                        "admin: {address: '127.0.0.1:0'}",
                        "timeouts: {drain: 100ms}",
                        "limits: {pending-per-client: 1000}",
                        ""));
    }

    /**
     * Opens tunnels through the proxy for that time, many at once, and once for each thread of clients at least.
     *
     * @return how many were opened
     * @throws IOException if one did not open, or a foreign host was permitted
     */
    public int visit(InetSocketAddress proxy, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Future<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(threads.submit((Callable<Integer>) () -> {
                int opened = 0;
                do {
                    refused(proxy);
                    storm(proxy);
                    opened += AT_ONCE;
                } while (System.nanoTime() - end < 0);
                return opened;
            }));
        }
        int opened = 0;
        try {
            for (Future<Integer> client : clients) {
                opened += client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
        return opened;
    }

    private void storm(InetSocketAddress proxy) throws IOException {
        List<Socket> tunnels = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                tunnels.add(ask(proxy, HOST));
            }
            for (Socket tunnel : tunnels) {
                String answer = new String(tunnel.getInputStream().readNBytes(ESTABLISHED.length()), US_ASCII);
                if (!answer.equals(ESTABLISHED)) {
                    throw new IOException("no tunnel, but '" + answer + "'");
                }
                tunnel.getOutputStream().write(handshake.hello);
            }
            for (Socket tunnel : tunnels) {
                tunnel.getInputStream().readNBytes(handshake.answer.length);
                tunnel.getOutputStream().write(handshake.finished);
                tunnel.getInputStream().readNBytes(handshake.message.length);
            }
        } finally {
            for (Socket tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    private static void refused(InetSocketAddress proxy) throws IOException {
        try (Socket socket = ask(proxy, "www.example.com")) {
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (!answer.startsWith("HTTP/1.1 403 ")) {
                throw new IOException("a foreign host was answered '" + answer + "'");
            }
        }
    }

    private static Socket ask(InetSocketAddress proxy, String host) throws IOException {
        Socket socket = new Socket(proxy.getAddress(), proxy.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream()
                .write(("CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host
                                + ":443\r\nProxy-Connection: Keep-Alive\r\n\r\n")
                        .getBytes(US_ASCII));
        return socket;
    }

    private void serve() {
        while (!konnect.isClosed()) {
            try {
                Socket tunnel = konnect.accept();
                threads.execute(() -> answer(tunnel));
            } catch (IOException e) {
                // The rehearsal is over.
                return;
            }
        }
    }

    private void answer(Socket tunnel) {
        try (tunnel) {
            InputStream in = tunnel.getInputStream();
            OutputStream out = tunnel.getOutputStream();
            in.readNBytes(handshake.hello.length);
            out.write(handshake.answer);
            in.readNBytes(handshake.finished.length);
            out.write(handshake.message);
            in.readAllBytes();
        } catch (IOException e) {
            // The proxy has ended this tunnel; whether that is right, the client tells.
        }
    }

    @Override
    public void close() throws IOException {
        konnect.close();
        threads.shutdownNow();
        dns.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
