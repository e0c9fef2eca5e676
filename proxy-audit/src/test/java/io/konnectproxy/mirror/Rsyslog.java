package io.konnectproxy.mirror;

import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** A real rsyslogd on a loopback port, which writes the text of every message to a file, and its parts to another. */
final class Rsyslog implements AutoCloseable {
    private static final String TRUSTED = "ca.crt";

    private final Process process;
    private final Path directory;
    final int port;

    private Rsyslog(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** The program, where the machine has one. */
    static Optional<Path> program() {
        return Stream.of("/usr/sbin/rsyslogd", "/sbin/rsyslogd", "/usr/local/sbin/rsyslogd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether it can speak TLS. */
    static boolean hasTls() {
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("rsyslog/lmnsd_gtls.so"))) {
            return libraries.findAny().isPresent();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    static Rsyslog plain(Path directory) throws IOException {
        return start(directory, "module(load=\"imtcp\")", "");
    }

    static Rsyslog tls(Path directory, TestAuthority ca) throws IOException, GeneralSecurityException {
        KeyStore server = ca.serverStore(List.of("localhost"));
        pem(directory.resolve("server.key"), "PRIVATE KEY", withPublicKey(server));
        pem(
                directory.resolve("server.crt"),
                "CERTIFICATE",
                server.getCertificate("server").getEncoded());
        pem(directory.resolve(TRUSTED), "CERTIFICATE", ca.certificate().getEncoded());
        return start(
                directory,
                "module(load=\"imtcp\" StreamDriver.Name=\"gtls\" StreamDriver.Mode=\"1\""
                        + " StreamDriver.AuthMode=\"anon\")",
                "DefaultNetstreamDriverCAFile=\"" + directory.resolve(TRUSTED) + "\" DefaultNetstreamDriverCertFile=\""
                        + directory.resolve("server.crt") + "\" DefaultNetstreamDriverKeyFile=\""
                        + directory.resolve("server.key") + "\"");
    }

    /** GnuTLS wants the public key in the private one's file, where Java leaves it out. */
    private static byte[] withPublicKey(KeyStore server) throws IOException, GeneralSecurityException {
        PrivateKeyInfo key =
                PrivateKeyInfo.getInstance(server.getKey("server", new char[0]).getEncoded());
        SubjectPublicKeyInfo open = SubjectPublicKeyInfo.getInstance(
                server.getCertificate("server").getPublicKey().getEncoded());
        ECPrivateKey secret = ECPrivateKey.getInstance(key.parsePrivateKey());
        return new PrivateKeyInfo(
                        key.getPrivateKeyAlgorithm(),
                        new ECPrivateKey(256, secret.getKey(), open.getPublicKeyData(), null))
                .getEncoded();
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }

    private static Rsyslog start(Path directory, String input, String global) throws IOException {
        int port = FreePort.number();
        Path configuration = Files.writeString(
                directory.resolve("rsyslog.conf"),
                String.join(
                        "\n",
                        "global(workDirectory=\"" + directory + "\" maxMessageSize=\"64k\" " + global + ")",
                        input,
                        "template(name=\"line\" type=\"string\" string=\"%msg%\\n\")",
                        "template(name=\"parts\" type=\"string\""
                                + " string=\"%syslogfacility-text% %syslogseverity-text% %timestamp:::date-rfc3339%"
                                + " %hostname% %app-name% %procid% %msgid%\\n\")",
                        "input(type=\"imtcp\" port=\"" + port + "\" address=\"127.0.0.1\")",
                        "action(type=\"omfile\" file=\"" + directory.resolve("lines") + "\" template=\"line\")",
                        "action(type=\"omfile\" file=\"" + directory.resolve("parts") + "\" template=\"parts\")",
                        ""));
        Process process = new ProcessBuilder(
                        program().orElseThrow().toString(), "-n", "-f", configuration.toString(), "-i", "NONE")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        return new Rsyslog(process, directory, port);
    }

    /** The certificate that its own comes from, PEM. */
    String trust() {
        return directory.resolve(TRUSTED).toString();
    }

    List<String> lines() {
        return read("lines");
    }

    List<String> parts() {
        return read("parts");
    }

    /** What it said itself, for a failure's message. */
    String output() {
        return String.join("\n", read("output"));
    }

    private List<String> read(String name) {
        try {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
