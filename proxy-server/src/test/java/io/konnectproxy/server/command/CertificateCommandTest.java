package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.server.tls.ServerIdentity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The private authority and what it issues, as a shell sees it. */
class CertificateCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @Test
    void makes_an_authority_and_a_certificate_and_says_how_they_are_used() throws Exception {
        assertThat(certificate("proxy.corp", "10.0.0.5")).isZero();

        ServerIdentity identity = identity();
        assertThat(identity.names()).containsExactly("proxy.corp", "10.0.0.5");
        assertThat(Duration.between(Instant.now(), identity.notAfter()).toDays())
                .isEqualTo(396);
        assertThat(Files.readString(file("tls.crt"))).containsOnlyOnce("BEGIN CERTIFICATE");
        assertThat(modes())
                .containsExactlyInAnyOrder(
                        "ca.crt rw-r--r--", "ca.key rw-------", "tls.crt rw-r--r--", "tls.key rw-------");
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines().map(line -> line.replaceAll("until [-0-9TZ:]+", "until THEN")))
                .containsExactly(
                        "Authority:    DIR/ca.crt (new), valid until THEN; clients trust it.".replace("DIR", at()),
                        "Its key:      " + at()
                                + "/ca.key; the proxy does not need it. Whoever has it can pretend to be any server, Konnect"
                                + " too, to those who trust the authority: keep it elsewhere.",
                        "Certificate:  " + at() + "/tls.crt for proxy.corp, 10.0.0.5, valid until THEN.",
                        "Private key:  " + at()
                                + "/tls.key; give it to the user that the proxy runs as, in the container 10001. Who it"
                                + " belongs to, and its mode, stay so when it is renewed.",
                        "",
                        "In the configuration:",
                        "listen:",
                        "  - address: 0.0.0.0:3129",
                        "    tls: { certificate: " + at() + "/tls.crt, key: " + at() + "/tls.key }",
                        "",
                        "In kong.conf, without quotes:",
                        "proxy_server = https://proxy.corp:3129",
                        "proxy_server_ssl_verify = on",
                        "cluster_use_proxy = on",
                        "lua_ssl_trusted_certificate = system," + at() + "/ca.crt",
                        "(the path is that of the file at Kong; 'system' keeps the authorities that Konnect needs)",
                        "Kong cannot verify the proxy by its IP address; the host name must resolve where Kong runs.",
                        "",
                        "To try it:",
                        "curl --proxy https://proxy.corp:3129 --proxy-cacert " + at()
                                + "/ca.crt https://us.api.konghq.com/",
                        "",
                        "decK, Kong Ingress Controller, Kong Operator, Terraform and kongctl, on Linux:",
                        "HTTPS_PROXY=https://proxy.corp:3129",
                        "SSL_CERT_FILE=" + at() + "/ca.crt",
                        "(beside it they trust what is in the system's directory of certificates)",
                        "",
                        "Kong Mesh cannot speak TLS to a proxy; it needs a plain listener.");
    }

    @Test
    void renews_under_the_same_authority() throws Exception {
        assertThat(certificate("proxy.corp")).isZero();
        List<String> authority = List.of(Files.readString(file("ca.crt")), Files.readString(file("ca.key")));
        String before = Files.readString(file("tls.crt"));
        assertThat(certificate("proxy.corp", "--days", "30")).isZero();

        assertThat(List.of(Files.readString(file("ca.crt")), Files.readString(file("ca.key"))))
                .isEqualTo(authority);
        assertThat(file("tls.crt")).content().isNotEqualTo(before);
        assertThat(Duration.between(Instant.now(), identity().notAfter()).toDays())
                .isEqualTo(29);
        assertThat(out.toString()).contains("/ca.crt (used again), valid until ");
        assertThat(modes()).hasSize(4).contains("tls.key rw-------", "ca.key rw-------");
    }

    @Test
    void a_renewal_keeps_the_names() throws Exception {
        assertThat(certificate("proxy.corp", "127.0.0.1", "::1")).isZero();
        assertThat(certificate("proxy.corp")).isZero();
        assertThat(identity().names()).containsExactly("proxy.corp", "127.0.0.1", "::1");
        assertThat(out.toString()).contains("Kept from the certificate before: 127.0.0.1, ::1. To leave a name out,");

        assertThat(certificate("other.corp")).isZero();
        assertThat(identity().names()).startsWith("other.corp", "proxy.corp", "127.0.0.1");
        assertThat(certificate()).isZero();
        assertThat(identity().names()).startsWith("other.corp", "proxy.corp", "127.0.0.1");
        assertThat(err.toString()).isEmpty();

        String before = Files.readString(file("tls.crt"));
        assertThat(certificate("--client", "payments")).isZero();
        assertThat(Files.readString(file("tls.crt"))).isEqualTo(before);
    }

    @Test
    void a_certificate_of_another_authority_is_no_reason_for_names() throws Exception {
        assertThat(certificate("old.corp")).isZero();
        Files.delete(file("ca.crt"));
        Files.delete(file("ca.key"));
        assertThat(certificate()).isEqualTo(1);
        assertThat(err.toString()).contains("/tls.crt is not of this authority, so there is nothing to renew");
        assertThat(certificate("new.corp")).isZero();
        assertThat(identity().names()).containsExactly("new.corp");
    }

    @Test
    void makes_a_certificate_for_a_client_of_a_listener_that_demands_one() throws Exception {
        assertThat(certificate("proxy.corp", "--client", "payments")).isZero();

        ServerFiles files = new ServerFiles(
                file("tls.crt").toString(),
                file("tls.key").toString(),
                Optional.empty(),
                Optional.of(file("ca.crt").toString()));
        assertThat(ServerIdentity.read(files).names()).containsExactly("proxy.corp");
        assertThat(modes()).contains("client-payments.crt rw-r--r--", "client-payments.key rw-------");
        assertThat(out.toString().lines())
                .contains(
                        "    tls: { certificate: " + at() + "/tls.crt, key: " + at() + "/tls.key, client-ca: " + at()
                                + "/ca.crt }",
                        "curl --proxy-cert " + at() + "/client-payments.crt --proxy-key " + at()
                                + "/client-payments.key ...",
                        "Kong has no certificate for a proxy: it needs a listener without client-ca.");
    }

    @Test
    void a_client_alone_leaves_the_listener_as_it_is() throws Exception {
        assertThat(certificate("--client", "payments")).isZero();

        assertThat(modes()).hasSize(4).noneMatch(file -> file.startsWith("tls."));
        assertThat(out.toString()).doesNotContain("listen:");
    }

    @Test
    void says_that_kong_cannot_verify_an_address() {
        assertThat(certificate("2001:db8::5")).isZero();

        assertThat(out.toString())
                .contains("Kong cannot verify a proxy that it addresses by its IP address: give a host name too.")
                .contains("curl --proxy https://[2001:db8::5]:3129 ")
                .doesNotContain("proxy_server");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        https://proxy.corp:3129     | 'https://proxy.corp:3129' is neither a host name nor an IP address; write it as in proxy.corp or 10.0.0.5, without scheme, port or brackets.
        --client ../tls             | A client's name has letters, digits, dots, hyphens and underscores, 64 at most, and begins with a letter or a digit.
        proxy.corp --days 0         | --days is a number of days from 1 to 36500.
        proxy.corp --ca-days 99999  | --ca-days is a number of days from 1 to 36500.
        --days 3                    | Which names is the certificate for? As in: konnect-proxy certificate proxy.corp
        """)
    void refuses(String arguments, String sentence) throws Exception {
        assertThat(certificate(arguments.split(" ", -1))).isEqualTo(64);

        assertThat(err.toString().lines()).containsExactly(sentence, "Try 'konnect-proxy certificate --help'.");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "ca.key"})
    void half_an_authority_is_not_made_whole(String there) throws Exception {
        Files.createDirectory(directory.resolve("out"));
        Path kept = Files.writeString(file(there), "mine");
        String missing = file(there.equals("ca.crt") ? "ca.key" : "ca.crt").toString();

        assertThat(certificate("proxy.corp")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(kept + " is there without " + missing
                        + "; an authority is made of both, or made anew of neither.");
        assertThat(kept).hasContent("mine");
        assertThat(modes()).hasSize(1);
    }

    @Test
    void an_authority_that_is_none_is_not_overwritten() throws Exception {
        Files.createDirectory(directory.resolve("out"));
        Files.writeString(file("ca.crt"), "mine");
        Files.writeString(file("ca.key"), "mine");

        assertThat(certificate("proxy.corp")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        file("ca.crt") + " is not a PEM file: nothing in it is between BEGIN and END.");
        assertThat(file("ca.crt")).hasContent("mine");
        assertThat(modes()).hasSize(2);
    }

    /**
     * Otherwise the proxy, which usually runs as another user than the one who renews, could no longer read its key.
     */
    @Test
    void renewed_files_keep_their_mode_and_a_key_is_never_for_everybody() throws Exception {
        assertThat(certificate("proxy.corp")).isZero();
        Files.setPosixFilePermissions(file("tls.key"), PosixFilePermissions.fromString("r--r-----"));
        Files.setPosixFilePermissions(file("tls.crt"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(certificate("proxy.corp")).isZero();
        assertThat(modes()).contains("tls.crt rw-r-----", "tls.key r--r-----");

        Files.setPosixFilePermissions(file("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(certificate("proxy.corp")).isZero();
        assertThat(modes()).contains("tls.key rw-r-----");
    }

    /** Runs only where the tests may change the owner of files. */
    @Test
    void renewed_files_keep_their_owner() throws Exception {
        assertThat(certificate("proxy.corp")).isZero();
        try {
            Files.setAttribute(file("tls.key"), "unix:uid", 10001);
            Files.setAttribute(file("tls.key"), "unix:gid", 10002);
        } catch (FileSystemException e) {
            Assumptions.abort("only root may give a file away");
        }
        assertThat(certificate("proxy.corp")).isZero();
        assertThat(Files.readAttributes(file("tls.key"), "unix:uid,gid"))
                .containsEntry("uid", 10001)
                .containsEntry("gid", 10002);
    }

    @Test
    void a_link_stays_a_link() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectory(directory.resolve("out"));
        Files.createSymbolicLink(file("tls.key"), Files.writeString(elsewhere.resolve("real.key"), "old"));
        assertThat(certificate("proxy.corp")).isZero();

        assertThat(file("tls.key")).isSymbolicLink();
        assertThat(elsewhere.resolve("real.key")).content().startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(elsewhere.toFile().list()).containsExactly("real.key");
    }

    @Test
    void says_where_it_cannot_write() throws Exception {
        Files.writeString(directory.resolve("out"), "a file");

        assertThat(certificate("proxy.corp")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines(at() + " is a file; --out names a directory.");

        assertThat(certificate("proxy.corp", "--out", at() + "/below")).isEqualTo(74);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("The certificate cannot be written: " + at() + "/below: Not a directory.");
    }

    private int certificate(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        List<String> named = List.of(arguments).contains("--out") ? List.of() : List.of("--out", at());
        String[] all = Stream.of(Stream.of("certificate"), named.stream(), Arrays.stream(arguments))
                .flatMap(each -> each)
                .toArray(String[]::new);
        return KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
    }

    private ServerIdentity identity() throws Exception {
        return ServerIdentity.read(new ServerFiles(
                file("tls.crt").toString(), file("tls.key").toString(), Optional.empty(), Optional.empty()));
    }

    private String at() {
        return directory.resolve("out").toString();
    }

    private Path file(String name) {
        return directory.resolve("out").resolve(name);
    }

    private List<String> modes() throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            List<Path> all = files.toList();
            List<String> modes = new ArrayList<>();
            for (Path each : all) {
                modes.add(
                        each.getFileName() + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
            return modes;
        }
    }
}
