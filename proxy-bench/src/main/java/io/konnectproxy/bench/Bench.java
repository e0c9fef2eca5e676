package io.konnectproxy.bench;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What stands on both sides of the subjects: the clients, the origin, a name server; and where their files are. */
final class Bench implements AutoCloseable {
    private final Path templates;
    private final Path directory;
    private final Origin origin;
    private final StandInDns names;
    private final Client client;
    private final Allowlist allowlist;
    private int started;

    /**
     * @param templates where the configuration of each subject lies
     * @throws IOException with a sentence about what stands in the way
     */
    Bench(Path templates) throws IOException, InterruptedException {
        this.templates = templates;
        this.origin = new Origin();
        this.names = StandInDns.start(
                question -> StandInAnswer.of(Origin.ADDRESS.getAddress().getHostAddress()));
        this.client = new Client();
        this.directory = shared(Files.createTempDirectory("proxy-bench"));
        this.allowlist = allowlist();
    }

    /** Some drop their rights before they open their logs. */
    private static Path shared(Path directory) throws IOException {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** What konnect-proxy itself says that it permits. */
    private Allowlist allowlist() throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                        Subject.KONNECT_PROXY.program().orElseThrow().toString(),
                        "-jar",
                        System.getProperty("konnect-proxy.jar"),
                        "hosts",
                        "-c",
                        "/dev/null")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put("KONNECT_PROXY_REGIONS", "us");
        Process hosts = command.start();
        List<String> patterns;
        try (BufferedReader lines = hosts.inputReader(StandardCharsets.US_ASCII)) {
            patterns = lines.lines().map(line -> line.split(" ", 2)[0]).toList();
        }
        if (hosts.waitFor() != 0) {
            throw new IOException("konnect-proxy does not tell its hosts.");
        }
        return new Allowlist(patterns);
    }

    Running start(Subject subject) throws IOException, InterruptedException {
        return start(subject, List.of());
    }

    /** With options for Java. */
    Running start(Subject subject, List<String> options) throws IOException, InterruptedException {
        Path own = shared(Files.createDirectory(directory.resolve(Integer.toString(started++))));
        return Running.start(subject, templates, own, allowlist, names.address().getPort(), options);
    }

    Client client() {
        return client;
    }

    Origin origin() {
        return origin;
    }

    /** Progress, for whoever waits. */
    static void say(String what) {
        System.err.println(what);
    }

    @Override
    public void close() throws IOException {
        client.close();
        names.close();
        origin.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
