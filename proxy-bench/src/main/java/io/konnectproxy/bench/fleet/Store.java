package io.konnectproxy.bench.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server in a process of its own: S3Proxy, which checks signatures and checksums and keeps each object in a file. What it keeps can be
 * looked at, and altered, behind its back.
 */
final class Store implements AutoCloseable {
    static final String ACCESS_KEY = "fleet";
    static final String SECRET_KEY = "not-a-secret-of-anybody";
    static final String BUCKET = "evidence";

    /** A bucket with the same objects, to be tampered with. */
    static final String COPY = "altered-evidence";

    static final String PREFIX = "fleet";
    static final String REGION = "us-east-1";

    private static final int PATIENCE_SECONDS = 60;

    /** A line for each request, so that requests can be counted. */
    private static final String LOGGING = """
            <configuration>
              <appender name="O" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%logger{0} %msg%n</pattern></encoder>
              </appender>
              <logger name="org.gaul.s3proxy.S3ProxyHandler" level="DEBUG"/>
              <root level="WARN"><appender-ref ref="O"/></root>
            </configuration>
            """;

    private static final Pattern REQUEST = Pattern.compile(
            "S3ProxyHandler request: .*\\{([A-Z]+)@[0-9a-f]+ http://[^/]*/[^? ]*(\\?[^ ]*)? HTTP/1\\.1\\}+");

    private final String classPath;
    private final Path directory;
    private final InetSocketAddress address;
    private @Nullable Process process;

    /**
     * @param classPath of S3Proxy
     */
    Store(String classPath, Path directory, InetSocketAddress address) throws IOException {
        this.classPath = classPath;
        this.directory = Files.createDirectory(directory);
        this.address = address;
        Files.createDirectories(bucket(BUCKET));
        Files.writeString(directory.resolve("logback.xml"), LOGGING);
        Files.writeString(
                directory.resolve("s3proxy.conf"),
                String.join(
                        "\n",
                        "s3proxy.endpoint=" + endpoint(),
                        "s3proxy.authorization=aws-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + directory.resolve("buckets"),
                        ""));
    }

    String endpoint() {
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    static String url(String bucket) {
        return "s3://" + bucket + "/" + PREFIX;
    }

    /** Where the objects of a bucket lie as files. */
    Path bucket(String name) {
        return directory.resolve("buckets").resolve(name);
    }

    private Path log() {
        return directory.resolve("log");
    }

    void start() throws IOException, InterruptedException {
        Process started = new ProcessBuilder(
                        Program.java().toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                        "-cp",
                        classPath,
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        directory.resolve("s3proxy.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process = started;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        for (int tenths = 0; tenths < 10 * PATIENCE_SECONDS && started.isAlive(); tenths++) {
            try {
                new Socket(address.getAddress(), address.getPort()).close();
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        close();
        throw new IOException("S3Proxy does not start: " + Files.readString(log()));
    }

    /** At once, as when its machine fails. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** How many requests of each kind it has had so far. */
    Map<String, Long> requests() throws IOException {
        Map<String, Long> requests = new TreeMap<>();
        try (Stream<String> lines = Files.lines(log())) {
            lines.map(REQUEST::matcher).filter(Matcher::matches).forEach(request -> {
                String query = request.group(2);
                boolean list = query != null && query.contains("list-type=2");
                requests.merge(list ? "LIST" : request.group(1), 1L, Long::sum);
            });
        }
        return requests;
    }

    /** All objects of the bucket, in the order of their keys. */
    List<Path> objects(String bucket) throws IOException {
        try (Stream<Path> all = Files.walk(bucket(bucket).resolve(PREFIX))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The numbers of the last lines of all checkpoints that lie by themselves, by the name of the trail. */
    Map<String, Long> lastCheckpoints() throws IOException {
        Map<String, Long> last = new TreeMap<>();
        for (Path object : objects(BUCKET)) {
            if (isCheckpoint(object)) {
                Path trail = object.getParent().getParent();
                last.merge(trail.getFileName().toString(), number(object), Math::max);
            }
        }
        return last;
    }

    static boolean isCheckpoint(Path object) {
        return object.getParent().getFileName().toString().equals("checkpoints");
    }

    /** The key of an object in its bucket. */
    String key(String bucket, Path object) {
        return bucket(bucket).relativize(object).toString();
    }

    /** The finished files of a machine, in the bucket that may be tampered with. */
    List<Path> files(Machine machine) throws IOException {
        return files(bucket(COPY).resolve(PREFIX).resolve(machine.instance()));
    }

    /** The finished files in a folder of that bucket. */
    List<Path> files(Path folder) throws IOException {
        return objects(COPY).stream()
                .filter(object -> object.startsWith(folder) && !isCheckpoint(object))
                .toList();
    }

    boolean hasObjects(Machine machine) {
        return Files.isDirectory(bucket(BUCKET).resolve(PREFIX).resolve(machine.instance()));
    }

    /** The number of the first line of an object. */
    static long number(Path object) {
        return Long.parseLong(object.getFileName().toString().replaceFirst("\\..*", ""));
    }

    /** Makes the second bucket: the same bytes with what the server keeps about them. */
    void copy() throws IOException {
        Path from = bucket(BUCKET);
        Path to = bucket(COPY);
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
