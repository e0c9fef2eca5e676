package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The second generator: a closed loop of clients and an origin in a process of their own, without Netty. Each tunnel is
 * CONNECT, one ClientHello and its first answer, then it is closed.
 */
final class ClosedLoop implements AutoCloseable {
    /** Its name leads to {@link LoopOrigin#ADDRESS}. */
    static final String HOST = "0646a7d681.us.cp0.konghq.com";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    /**
     * What came of it.
     *
     * @param tunnels that were opened and closed
     * @param p50 of the time from CONNECT to the reply, in milliseconds
     * @param p99 the same
     */
    record Outcome(int tunnels, double p50, double p99) {
        static Outcome read(String line) throws IOException {
            String[] words = line.split(" ", -1);
            if (words.length != 3 || line.startsWith(LoopProcess.FAILED)) {
                throw new IOException("closed loop " + line);
            }
            return new Outcome(
                    Integer.parseInt(words[0]), Double.parseDouble(words[1]) / 1e3, Double.parseDouble(words[2]) / 1e3);
        }
    }

    ClosedLoop() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseParallelGC",
                        "-Djava.net.preferIPv4Stack=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoopProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(US_ASCII);
        orders = process.outputWriter(US_ASCII);
        String first = answers.readLine();
        if (!Objects.equals(first, LoopProcess.READY)) {
            throw new IOException(
                    "Cannot listen on " + LoopOrigin.ADDRESS.getHostString() + ":443, where the origin of the"
                            + " closed loop must be (" + first
                            + "). Run this as root, or let users listen there: sysctl net.ipv4.ip_unprivileged_port_start=443");
        }
    }

    /** Waits until it is done; the origin has the port of {@link Origin} at another address. */
    Outcome run(Running subject, LoopMethod method, Duration time) throws IOException {
        orders.write(method + " " + subject.route().address().getPort() + " "
                + subject.subject().loopHost() + " " + time.toMillis() + "\n");
        orders.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("closed loop has ended");
        }
        return Outcome.read(answer);
    }

    /** User and system time of clients and origin, in seconds. */
    double cpuSeconds() {
        return Usage.cpuSecondsAlone(process.toHandle());
    }

    @Override
    public void close() {
        // It ends with its input.
        process.destroy();
    }
}
