package io.konnectproxy.bench.fleet;

import io.konnectproxy.bench.ProxyProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A machine of the fleet: an address, a volume with the trail on it, and a proxy that comes and goes. */
final class Machine implements AutoCloseable {
    private static final int PORT = 3128;
    private static final int ADMIN_PORT = 9090;

    /** After so many seconds with new lines a checkpoint is due. */
    static final int SIGN_SECONDS = 5;

    /** A minute; more are summed up, of which a data plane that is set up well never has as many. */
    private static final int LINES_OF_REFUSALS = 10;

    /** In-flight ends that a kill may cut off. */
    private static final long MOMENT_NANOS = Duration.ofSeconds(1).toNanos();

    private final String instance;
    private final boolean compresses;
    private final InetSocketAddress listener;
    private final InetSocketAddress admin;
    private final Path directory;
    private final Program program;
    private final List<Long> kills = new ArrayList<>();
    private @Nullable ProxyProcess process;

    /** What all machines have in common: where things are. */
    record Site(String network, Path directory, Program program, InetSocketAddress parent, Store store) {}

    /**
     * @param n its number, from 1
     */
    Machine(int n, Site site) throws IOException {
        this.instance = String.format("edge-%02d", n);
        this.compresses = n % 2 == 0;
        this.listener = new InetSocketAddress(site.network() + ".0." + n, PORT);
        this.admin = new InetSocketAddress(site.network() + ".0." + n, ADMIN_PORT);
        this.directory = Files.createDirectories(site.directory().resolve(instance));
        this.program = site.program();
        Files.createDirectory(volume());
        Files.writeString(configuration(), configuration(site));
    }

    private String configuration(Site site) {
        return String.join(
                "\n",
                "instance: " + instance,
                "listen: [{address: \"" + at(listener) + "\"}]",
                "regions: [us]",
                "parents: [{url: \"http://" + at(site.parent()) + "\", dns: parent}]",
                "timeouts: {drain: 1s}",
                "limits: {refusals-per-minute: " + LINES_OF_REFUSALS + "}",
                "audit:",
                "  file: " + volume().resolve("trail.jsonl"),
                "  stdout: false",
                "  rotate: {size: 1MiB, daily: false, compress: " + compresses + "}",
                "  sign: {key: " + site.directory().resolve("audit.pem") + ", interval: " + SIGN_SECONDS + "s}",
                "  archive: {url: \"" + Store.url(Store.BUCKET) + "\", endpoint: \""
                        + site.store().endpoint() + "\", region: " + Store.REGION + "}",
                "admin: {address: \"" + at(admin) + "\"}",
                "");
    }

    private static String at(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    String instance() {
        return instance;
    }

    InetSocketAddress listener() {
        return listener;
    }

    Path volume() {
        return directory.resolve("volume");
    }

    Path log() {
        return directory.resolve("log");
    }

    private Path configuration() {
        return directory.resolve("konnect-proxy.yaml");
    }

    /** Returns once its admin address listens: a look at the other one would be in the trail. */
    void start() throws IOException, InterruptedException {
        try {
            process = ProxyProcess.start(program.proxy(configuration(), log()), admin, log());
        } catch (IOException e) {
            throw new IOException(instance + " " + e.getMessage(), e);
        }
    }

    /** With signal 9. */
    void kill() {
        kills.add(System.nanoTime());
        running().kill();
        running().close();
        process = null;
    }

    /**
     * Kills it, and deletes its volume. Returns how many lines the proxy had counted a moment before.
     *
     * @param lines gets all lines of the volume, for nobody but the reckoning
     */
    long lose(Recorded lines) throws IOException, InterruptedException {
        long counted = metric("konnect_proxy_audit_lines_total");
        kill();
        lines.add(volume());
        try (Stream<Path> files = Files.walk(volume())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return counted;
    }

    /** With signal 15; returns when it has ended. */
    void stop() {
        running().close();
        process = null;
    }

    boolean isRunning() {
        return process != null;
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill();
        }
    }

    private ProxyProcess running() {
        if (process == null) {
            throw new IllegalStateException(instance + " does not run");
        }
        return process;
    }

    /** Whether a kill may be why something has no end in the trail that ended then, or had not ended. */
    boolean mayHaveCut(long ended) {
        return kills.stream().anyMatch(kill -> ended > kill - MOMENT_NANOS);
    }

    /** What the proxy says of itself: the sample of that name, the sum of all where it has labels. */
    long metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + at(admin) + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        String samples = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return (long) samples.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
