package io.konnectproxy.bench;

import io.konnectproxy.bench.micro.Hellos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy in a process of its own, with its files in a directory of its own. */
final class Running implements AutoCloseable {
    /** For its start, and for its end, at which a JVM may still have a cache to write. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Route route;
    private final Duration start;

    private Running(Process process, Route route, Duration start) {
        this.process = process;
        this.route = route;
        this.start = start;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param templates where the configuration of each subject lies
     * @param directory an empty one that everybody may write to
     * @param options for Java, where the subject is one of its programs
     * @throws IOException with a sentence that says what it said
     */
    static Running start(
            Subject subject, Path templates, Path directory, Allowlist allowlist, int dns, List<String> options)
            throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        String configuration = Files.readString(templates.resolve(subject.template()))
                .replace("${port}", Integer.toString(address.getPort()))
                .replace("${dns}", Integer.toString(dns))
                .replace("${directory}", directory.toString())
                .replace("${dstdomain}", allowlist.asDomains())
                .replace("${regex}", allowlist.asExpression(":443"));
        Files.writeString(directory.resolve("hosts"), "127.0.0.1 " + Hellos.HOST + "\n");
        Files.writeString(directory.resolve("filter"), allowlist.asExpression("") + "\n");
        Path file = Files.writeString(directory.resolve(subject.template()), configuration);

        List<String> command = new ArrayList<>();
        command.add(subject.program().orElseThrow().toString());
        command.addAll(options);
        command.addAll(subject.arguments(file));
        Path output = directory.resolve("output");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        // However this ends, nothing is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        while (!isListening(address)) {
            if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                process.destroyForcibly();
                throw new IOException(subject.label() + " does not start: " + Files.readString(output));
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        Duration start = Duration.ofNanos(System.nanoTime() - begin);
        return new Running(process, Route.through(address, subject.host()), start);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isListening(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    Route route() {
        return route;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** From the start of the process to the first connection that is accepted. */
    Duration timeToListening() {
        return start;
    }

    @Override
    public void close() {
        List<ProcessHandle> all =
                Stream.concat(process().descendants(), Stream.of(process())).toList();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
