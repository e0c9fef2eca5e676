package io.konnectproxy.server.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a restart of the only proxy costs its data planes: each has a tunnel, and comes again 5 to 10 s after it lost one or was
 * turned away, as Kong does. {@code .ci/restart} runs it.
 */
public final class RestartTrial {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final int CLIENTS = 200;
    private static final Duration WARM = Duration.ofSeconds(2);

    private final Path jar;
    private final Path directory;
    private final InetSocketAddress proxy;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final long[] without = new long[CLIENTS];
    private volatile boolean over;

    private RestartTrial(Path jar, Path directory) throws IOException {
        this.jar = jar;
        this.directory = directory;
        this.proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.number());
    }

    public static void main(String[] arguments) throws Exception {
        Path jar = Path.of(arguments[0]);
        System.out.println(
                "drain  until it ends  until it listens  half are back  all are back  without a tunnel, on average"
                        + "  turned away");
        for (String drain : Arrays.asList(arguments).subList(1, arguments.length)) {
            Path directory = Files.createTempDirectory("konnect-proxy-restart");
            new RestartTrial(jar, directory).run(drain);
        }
    }

    private void run(String drain) throws Exception {
        // Stands for Konnect as well: a parent that opens every tunnel and keeps it.
        try (Origin konnect = Origin.plain(tunnel -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) tunnel.getInputStream().read());
            }
            tunnel.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            tunnel.getInputStream().readAllBytes();
        })) {
            Path file = Files.writeString(
                    directory.resolve("konnect-proxy.yaml"),
                    "listen: [{address: '127.0.0.1:" + proxy.getPort()
                            + "'}]\nregions: [us]\nadmin: {address: '127.0.0.1:0'}\n"
                            + "timeouts: {drain: " + drain + "}\naudit: {file: '" + directory.resolve("audit.jsonl")
                            + "', stdout: false}\nparents: [{url: 'http://127.0.0.1:" + konnect.port()
                            + "', dns: parent}]\n");
            Process first = start(file);
            awaitListening();
            List<Thread> clients = clients();
            awaitOpen(CLIENTS);
            Thread.sleep(WARM.toMillis());
            Arrays.fill(without, 0);
            turnedAway.set(0);
            long begun = System.nanoTime();
            first.destroy();
            first.waitFor();
            final long ended = System.nanoTime();
            Process second = start(file);
            awaitListening();
            final long listening = System.nanoTime();
            awaitOpen(CLIENTS / 2);
            final long half = System.nanoTime();
            awaitOpen(CLIENTS);
            final long all = System.nanoTime();
            over = true;
            second.destroy();
            for (Thread client : clients) {
                client.join();
            }
            second.waitFor();
            System.out.printf(
                    Locale.ROOT,
                    "%-5s  %11.1f s  %14.1f s  %11.1f s  %10.1f s  %26.1f s  %11d%n",
                    drain,
                    seconds(begun, ended),
                    seconds(begun, listening),
                    seconds(begun, half),
                    seconds(begun, all),
                    Arrays.stream(without).sum() / 1e9 / CLIENTS,
                    turnedAway.get());
        }
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private Process start(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "run",
                        "-c",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitListening() throws InterruptedException {
        while (true) {
            try {
                new Socket(proxy.getAddress(), proxy.getPort()).close();
                return;
            } catch (IOException e) {
                Thread.sleep(10);
            }
        }
    }

    private void awaitOpen(int clients) throws InterruptedException {
        while (open.get() < clients) {
            Thread.sleep(10);
        }
    }

    private List<Thread> clients() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int nth = i;
            Thread thread = new Thread(() -> client(nth), "client-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    /** Of one data plane. */
    private void client(int nth) {
        Random random = new Random(nth);
        byte[] hello = Hellos.naming(HOST);
        long lost = System.nanoTime();
        while (!over) {
            boolean had = false;
            try (RawClient client = new RawClient(proxy)) {
                if (client.connect(HOST).answer().status() == 200) {
                    client.say(hello);
                    without[nth] += System.nanoTime() - lost;
                    open.incrementAndGet();
                    had = true;
                    client.socket().setSoTimeout(0);
                    client.rest();
                }
            } catch (IOException e) {
                // Lost or turned away, which is what this is about.
            }
            if (had) {
                open.decrementAndGet();
                lost = System.nanoTime();
            } else {
                turnedAway.incrementAndGet();
            }
            pause(5000 + random.nextInt(5000));
        }
    }

    private void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!over && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                over = true;
            }
        }
    }
}
