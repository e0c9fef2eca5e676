package io.konnectproxy.server.soak;

import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link SoakProxy}, seen from outside. */
final class ProxyProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final InetSocketAddress address;

    /**
     * Starts it, with memory for a small container, and waits until it listens.
     *
     * @param port where to listen, 0 for any
     * @param more of the configuration
     * @param leakDetection a level of Netty's detector
     */
    ProxyProcess(Path directory, int port, InetSocketAddress dns, int upstream, String leakDetection, String more)
            throws IOException {
        Path configuration = directory.resolve("konnect-proxy.yaml");
        Files.writeString(
                configuration, """
                listen: [{address: "127.0.0.1:%d"}]
                regions: [us]
                dns: {servers: ["%s"]}
                permit-addresses: [127.0.0.0/8]
                admin: {address: "127.0.0.1:0"}
                audit: {file: "%s", stdout: false}
                %s
                """.formatted(port, NetUtil.toSocketAddressString(dns), auditFile(directory), more));
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:MaxDirectMemorySize=1g",
                        "-Dio.netty.leakDetection.level=" + leakDetection,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SoakProxy.class.getName(),
                        configuration.toString(),
                        Integer.toString(upstream)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.US_ASCII);
        questions = process.outputWriter(StandardCharsets.US_ASCII);
        address =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Integer.parseInt(answer()));
    }

    static Path auditFile(Path directory) {
        return directory.resolve("audit.jsonl");
    }

    InetSocketAddress address() {
        return address;
    }

    int connections() {
        return Integer.parseInt(ask("connections"));
    }

    Counters counters() {
        return Counters.parse(ask("counters"));
    }

    private String ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the proxy's process has ended");
        }
        return line;
    }

    /** Of all its threads, since it began. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** As the machine does when it loses its power: nobody is told, the kernel resets what comes. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it well, or within ten seconds all the same. */
    @Override
    public void close() {
        try (answers;
                questions) {
            questions.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
