package io.konnectproxy.bench.siege;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The proxy's files, made by its own commands, in a directory that is removed at the end. */
final class Installation implements AutoCloseable {
    static final String PASSWORD = "correct-horse-battery-staple";

    /** More than one a second in a siege of ten minutes: each of them is seen once only. */
    private static final int USERS = 4_000;

    private static final int PATIENCE_SECONDS = 60;

    private final Options.Launch launch;
    private final Listeners listeners;
    private final Path directory;

    /**
     * @param dns the port of the name server
     */
    Installation(Options.Launch launch, Listeners listeners, int dns) throws IOException, InterruptedException {
        this.launch = launch;
        this.listeners = listeners;
        this.directory = Files.createTempDirectory("konnect-proxy-siege");
        Files.createDirectory(directory.resolve("audit"));
        Files.writeString(directory.resolve("konnect-proxy.yaml"), configuration(dns));
        command("certificate", "konnect-proxy.example", "--out", path("tls"));
        writeUsers();
    }

    /** Where nothing is written, what ships holds: the defaults. */
    private String configuration(int dns) {
        return String.join(
                "\n",
                "listen:",
                "  - address: " + at(listeners.plain()),
                "  - {address: \"" + at(listeners.sources()) + "\", sources: [" + Listeners.INSIDE + "]}",
                "  - address: " + at(listeners.tls()),
                "    tls: {certificate: " + path("tls/tls.crt") + ", key: " + path("tls/tls.key") + "}",
                "  - {address: \"" + at(listeners.credentials()) + "\", credentials: " + path("users") + "}",
                "  - {address: \"" + at(listeners.balanced()) + "\", proxy-protocol: [" + Listeners.BALANCERS + "]}",
                "regions: [us]",
                "dns: {servers: [\"127.0.0.1:" + dns + "\"]}",
                "# Konnect stands on loopback here.",
                "permit-addresses: [127.0.0.0/8]",
                "timeouts: {drain: 1s}",
                "# One file, so that what an attack adds is what stands behind where it was.",
                "audit: {file: " + path("audit/trail.jsonl") + ", rotate: {size: null}}",
                "admin: {address: \"" + at(listeners.admin()) + "\"}",
                "");
    }

    private static String at(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** The hash of one password, made by the command, stands for all users: to make each takes a second. */
    private void writeUsers() throws IOException, InterruptedException {
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        command("user", user(0), "--file", path("users"), "--password-file", password.toString());
        Path file = directory.resolve("users");
        String first = Files.readString(file, StandardCharsets.US_ASCII).trim();
        String hash = first.substring(first.indexOf(':'));
        Files.write(
                file, IntStream.range(0, USERS).mapToObj(n -> user(n) + hash).toList(), StandardCharsets.US_ASCII);
    }

    /** Nobody twice, as long as there are enough. */
    static String user(int n) {
        return "data-plane-" + n % USERS;
    }

    /** Runs a command of the proxy to its end. */
    private void command(String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("command");
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("konnect-proxy " + arguments[0] + " fails: " + Files.readString(output));
        }
    }

    /** Empty if the trail is whole; else what the command says. */
    String verify() throws IOException, InterruptedException {
        try {
            command("audit", "verify", path("audit"));
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private List<String> java() {
        return List.of(program(), "-jar", launch.jar().toString());
    }

    private static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** How the proxy is run as it ships, but for {@code options}: within the memory of its control group, or told how much there is. */
    List<String> run(List<String> options) {
        List<String> command = new ArrayList<>();
        launch.group()
                .ifPresent(group -> command.addAll(
                        List.of("sh", "-c", "echo $$ >\"$0\"/cgroup.procs && exec \"$@\"", group.toString())));
        command.addAll(List.of(program(), "@" + launch.flagFile()));
        command.addAll(launch.flags());
        if (launch.group().isEmpty()) {
            command.add("-XX:MaxRAM=" + launch.memory());
        }
        command.addAll(options);
        command.addAll(List.of("-jar", launch.jar().toString(), "run", "-c", path("konnect-proxy.yaml")));
        return command;
    }

    Path authority() {
        return directory.resolve("tls/ca.crt");
    }

    Path certificate() {
        return directory.resolve("tls/tls.crt");
    }

    Path key() {
        return directory.resolve("tls/tls.key");
    }

    Path trail() {
        return directory.resolve("audit/trail.jsonl");
    }

    /** What the proxy says on standard error. */
    Path log() {
        return directory.resolve("log");
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
