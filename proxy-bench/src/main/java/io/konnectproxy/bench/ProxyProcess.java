package io.konnectproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy in a process of its own. It ends with this process at the latest. */
public final class ProxyProcess implements AutoCloseable {
    /** For its start, and for its end, at which a JVM may still have a cache to write. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Duration start;

    private ProxyProcess(Process process, Duration start) {
        this.process = process;
        this.start = start;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param output where what it says goes
     * @throws IOException with what it said instead
     */
    public static ProxyProcess start(ProcessBuilder command, InetSocketAddress address, Path output)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = command.start();
        // However this ends, nothing is left behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        while (!isListening(address)) {
            if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                process.destroyForcibly();
                throw new IOException("does not start: " + Files.readString(output));
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return new ProxyProcess(process, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** A port of loopback that nobody has at the moment. */
    public static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    private static boolean isListening(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** From the start of the process to the first connection that is accepted. */
    Duration timeToListening() {
        return start;
    }

    /**
     * With what it ended.
     *
     * @throws IllegalThreadStateException if it has not
     */
    public int exitCode() {
        return process.exitValue();
    }

    /** Ends it at once, and whatever it started. */
    public void kill() {
        all().forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> all() {
        return Stream.concat(handle().descendants(), Stream.of(handle())).toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = all();
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
