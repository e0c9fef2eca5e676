package io.konnectproxy.bench;

import io.konnectproxy.bench.micro.Hellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A subject in a process of its own, with its files in a directory of its own. */
final class Running implements AutoCloseable {
    private final Subject subject;
    private final ProxyProcess process;
    private final Route route;
    private final Optional<Running> parent;

    private Running(Subject subject, ProxyProcess process, Route route, Optional<Running> parent) {
        this.subject = subject;
        this.process = process;
        this.route = route;
        this.parent = parent;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param templates where the configuration of each subject lies
     * @param directory an empty one that everybody may write to
     * @param options for Java, where the subject is one of its programs
     * @param parent what its tunnels go through; it ends with this one
     * @throws IOException with a sentence that says what it said
     */
    static Running start(
            Subject subject,
            Path templates,
            Path directory,
            Allowlist allowlist,
            int dns,
            List<String> options,
            Optional<Running> parent)
            throws IOException, InterruptedException {
        InetSocketAddress address = ProxyProcess.freeAddress();
        String configuration = Files.readString(templates.resolve(subject.template()))
                .replace("${port}", Integer.toString(address.getPort()))
                .replace("${dns}", Integer.toString(dns))
                .replace("${directory}", directory.toString())
                .replace("${listener-tls}", subject.hasTls() ? tls(directory) : "")
                .replace("${parents}", parent.map(Running::asParent).orElse("[]"))
                .replace("${permit-addresses}", parent.isPresent() ? "[]" : "[127.0.0.0/8]")
                .replace("${durability}", subject.durability())
                .replace("${dstdomain}", allowlist.asDomains())
                .replace("${regex}", allowlist.asExpression(":443"));
        Files.writeString(
                directory.resolve("hosts"),
                "127.0.0.1 " + Hellos.HOST + "\n" + LoopOrigin.ADDRESS.getHostString() + " " + ClosedLoop.HOST + "\n");
        Files.writeString(directory.resolve("filter"), allowlist.asExpression("") + "\n");
        Files.writeString(directory.resolve("acl.yaml"), allowlist.asAcl());
        Path file = Files.writeString(directory.resolve(subject.template()), configuration);

        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(subject.command(options, file))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        subject.environment(options).forEach(builder.environment()::put);
        try {
            Route route = Route.through(address, subject.host());
            return new Running(
                    subject,
                    ProxyProcess.start(builder, address, output),
                    subject.hasTls() ? route.overTls() : route,
                    parent);
        } catch (IOException e) {
            throw new IOException(subject.label() + " " + e.getMessage(), e);
        }
    }

    private static String tls(Path directory) throws IOException, InterruptedException {
        Path files = directory.resolve("tls");
        Subject.ask(Map.of(), "certificate", "--out", files.toString(), "localhost");
        return ", tls: {certificate: \"" + files.resolve("tls.crt") + "\", key: \"" + files.resolve("tls.key") + "\"}";
    }

    /** Which resolves the names: of an address it could not see that it is permitted. */
    private String asParent() {
        return "[{url: \"http://127.0.0.1:" + route.address().getPort() + "\", dns: parent}]";
    }

    Subject subject() {
        return subject;
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
        parent.ifPresent(Running::close);
    }
}
