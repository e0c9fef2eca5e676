package io.konnectproxy.bench;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        this.names = StandInDns.start(question ->
                StandInAnswer.of((question.name().equals(ClosedLoop.HOST) ? LoopOrigin.ADDRESS : Origin.ADDRESS)
                        .getAddress()
                        .getHostAddress()));
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
        return new Allowlist(Subject.ask(Map.of("KONNECT_PROXY_REGIONS", "us"), "hosts", "-c", "/dev/null").stream()
                .map(line -> line.split(" ", 2)[0])
                .toList());
    }

    Running start(Subject subject) throws IOException, InterruptedException {
        return start(subject, List.of());
    }

    /** With options for Java. */
    Running start(Subject subject, List<String> options) throws IOException, InterruptedException {
        Optional<Subject> behind = subject.parent();
        Optional<Running> parent = behind.isPresent() ? Optional.of(start(behind.get())) : Optional.empty();
        Path own = shared(Files.createDirectory(directory.resolve(Integer.toString(started++))));
        return Running.start(subject, templates, own, allowlist, names.address().getPort(), options, parent);
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
