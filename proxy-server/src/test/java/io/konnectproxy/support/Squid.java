package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Squid as the corporate proxy that it mostly is: one port in clear and one with TLS, with or without Basic credentials. */
public final class Squid implements AutoCloseable {
    /** What it demands where it demands any; the colon is part of the password. */
    public static final String CREDENTIALS = "kong:s3cret:p%w";

    private static final Path PROGRAM = Path.of("/usr/sbin/squid");
    private static final Path CHECKER = Path.of("/usr/lib/squid/basic_ncsa_auth");

    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    /** Of that password, as 'openssl passwd -apr1 -salt konnect1' writes it. */
    private static final String HASH = "$apr1$konnect1$ySDMquHHCySV.cMm0Ya.w.";

    private final Path directory;
    private final int port = FreePort.number();
    private final int tlsPort = FreePort.number();
    private final Process process;

    public static boolean isHere() {
        return Stream.of(PROGRAM, CHECKER, OPENSSL).allMatch(Files::isExecutable);
    }

    /**
     * Starts one.
     *
     * @param host is known to it as 127.0.0.1, as in a hosts file
     */
    public Squid(String name, String host, boolean credentials) throws Exception {
        // It gives its rights away, and its helper still has to read the files.
        directory = Files.createTempDirectory(
                "squid", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        // GnuTLS takes no EC key as the JDK writes them, without the public half.
        run((OPENSSL + " req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name
                        + " -addext subjectAltName=DNS:" + name + " -keyout tls.key -out tls.crt")
                .split(" ", -1));
        file("hosts", "127.0.0.1 " + host + "\n");
        file("users", "kong:" + HASH + "\n");
        Path configuration = file("squid.conf", configuration(credentials));
        process = new ProcessBuilder(PROGRAM.toString(), "-N", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        Await.until("Squid listens", () -> listens(port) && listens(tlsPort));
    }

    private String configuration(boolean credentials) {
        String rules = credentials
                ? "auth_param basic program " + CHECKER + " " + directory.resolve("users") + "\n"
                        + "auth_param basic realm corp\nacl known proxy_auth REQUIRED\nhttp_access allow known\n"
                        + "http_access deny all\n"
                : "http_access allow all\n";
        return rules + "http_port 127.0.0.1:" + port + "\n"
                + "https_port 127.0.0.1:" + tlsPort + " tls-cert=" + directory.resolve("tls.crt") + " tls-key="
                + directory.resolve("tls.key") + "\n"
                + "hosts_file " + directory.resolve("hosts") + "\n"
                + "cache_log " + directory.resolve("cache.log") + "\n"
                + "access_log none\ncache deny all\npid_filename none\nnetdb_filename none\nvisible_hostname parent\n"
                + "shutdown_lifetime 0 seconds\n";
    }

    private Path file(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text, UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    private void run(String... command) throws Exception {
        if (new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl").toFile())
                        .start()
                        .waitFor()
                != 0) {
            throw new AssertionError("failed: " + String.join(" ", command));
        }
    }

    private boolean listens(int on) {
        if (!process.isAlive()) {
            throw new AssertionError("Squid ended, see " + directory);
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its certificate, which nobody but itself vouches for. */
    public Path certificate() {
        return directory.resolve("tls.crt");
    }

    public int port(boolean tls) {
        return tls ? tlsPort : port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
