package io.konnectproxy.bench;

import io.konnectproxy.bench.micro.Hellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A subject in a process of its own, with its files in a directory of its own. */
final class Running implements AutoCloseable {
    private final ProxyProcess process;
    private final Route route;

    private Running(ProxyProcess process, Route route) {
        this.process = process;
        this.route = route;
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
        InetSocketAddress address = ProxyProcess.freeAddress();
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
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        try {
            return new Running(ProxyProcess.start(builder, address, output), Route.through(address, subject.host()));
        } catch (IOException e) {
            throw new IOException(subject.label() + " " + e.getMessage(), e);
        }
    }

    Route route() {
        return route;
    }

    ProcessHandle process() {
        return process.handle();
    }

    /** From the start of the process to the first connection that is accepted. */
    Duration timeToListening() {
        return process.timeToListening();
    }

    @Override
    public void close() {
        process.close();
    }
}
