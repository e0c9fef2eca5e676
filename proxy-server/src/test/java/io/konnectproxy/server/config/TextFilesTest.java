package io.konnectproxy.server.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.Journal;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.server.credentials.UsersFile;
import io.konnectproxy.server.credentials.UsersFileEditor;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.server.tls.ServerIdentity;
import io.konnectproxy.server.tls.SubjectNames;
import io.konnectproxy.trail.KeptCheckpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every text file that the program reads, as editors, shells and other systems write it. */
class TextFilesTest {
    private static final String USERS = "# users\ndp:$2y$10$KBCwKxOzLha2MUDgW0PjXe3YWzG9nt08N08NKofFFY/Mxyb/oaUy2\n";
    private static final String HOSTS = """
            purposes:
              - name: api
                default: true
                hosts:
                  - { patterns: ["{region}.api.konghq.com"], regions: [us], source: "https://a/b", checked: 2026-11-22 }
            """;

    @TempDir
    private static Path made;

    @TempDir
    private Path directory;

    private static PrivateCa ca;
    private static IssuedCertificate server;
    private static SigningKey signing;
    private static String checkpoint;

    /** Reads a file and says what stood in it. */
    private interface Reader {
        Object read(Path file) throws Exception;
    }

    /**
     * One kind of file.
     *
     * @param line a line that means something, from 1
     */
    private record Kind(String name, String text, int line, Reader reader) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void make() throws Exception {
        ca = PrivateCa.create(Instant.now(), Duration.ofDays(30));
        server = ca.server(SubjectNames.parse(List.of("proxy.corp")), Instant.now(), Duration.ofDays(20));
        signing = SigningKey.generate();
        write("server.crt", server.certificatePem());
        write("server.key", server.keyPem());
        write("ca.crt", ca.own().certificatePem());
        write("ca.key", ca.own().keyPem());
        write("sign.key", signing.pem(Optional.of("p\u00e4ss".toCharArray())));
        write("plain.key", signing.pem(Optional.empty()));
        checkpoint = checkpoint();
    }

    private static String write(String name, String text) throws Exception {
        return Files.writeString(made.resolve(name), text).toString();
    }

    private static String checkpoint() throws Exception {
        Path trail = made.resolve("audit.jsonl");
        AuditSettings settings = ConfigurationLoader.load(
                        Files.writeString(
                                made.resolve("sign.yaml"),
                                "regions: [us]\naudit: {file: \"" + trail + "\", stdout: false, sign: {key: \""
                                        + made.resolve("plain.key") + "\"}}"),
                        Map.of())
                .configuration()
                .audit();
        try (Journal journal = Journal.open("proxy-1", settings)) {
            journal.record(new AuditRecord.Start(Instant.now(), "1", "proxy-1"))
                    .toCompletableFuture()
                    .get();
        }
        return Files.readAllLines(trail).stream()
                        .filter(line -> line.contains("\"event\":\"checkpoint\""))
                        .findFirst()
                        .orElseThrow()
                + "\n";
    }

    static Stream<Kind> files() {
        return Stream.of(
                new Kind("configuration", "regions: [us]\nmode: enforce # \u00e9\n", 2, TextFilesTest::configuration),
                new Kind("host table", HOSTS, 2, file -> configured("konnect-hosts: \"" + file + "\"")),
                new Kind("users", USERS, 2, file -> ListenerFiles.users(file.toString())),
                new Kind("credentials of a parent", "us\u00e9r:p\u00e4ss\n", 1, TextFilesTest::credentials),
                new Kind("password", "p\u00e4ss\n", 1, file -> new String(PasswordFile.read(file))),
                new Kind("certificate", server.certificatePem(), 3, file -> identity(file, made.resolve("server.key"))),
                new Kind("key", server.keyPem(), 2, file -> identity(made.resolve("server.crt"), file)),
                new Kind("client-ca", ca.own().certificatePem(), 3, TextFilesTest::clientCa),
                new Kind("trust", ca.own().certificatePem(), 3, file -> trusted(file)),
                new Kind(
                        "key of signatures",
                        signing.pem(Optional.of("p\u00e4ss".toCharArray())),
                        2,
                        file -> SigningKey.read(file, Optional.of("p\u00e4ss".toCharArray()))
                                .verificationKey()
                                .fingerprint()),
                new Kind(
                        "public key",
                        signing.verificationKey().pem(),
                        2,
                        file -> VerificationKey.read(file).fingerprint()),
                new Kind("kept checkpoint", checkpoint, 1, file -> KeptCheckpoints.read(List.of(file))),
                new Kind(
                        "certificate of the authority",
                        ca.own().certificatePem(),
                        3,
                        file -> authority(file, made.resolve("ca.key"))),
                new Kind(
                        "key of the authority", ca.own().keyPem(), 2, file -> authority(made.resolve("ca.crt"), file)));
    }

    private static Object configuration(Path file) throws ConfigurationException {
        return ConfigurationLoader.load(file, Map.of()).configuration().rules();
    }

    private static Object configured(String yaml) throws Exception {
        Path file = Files.writeString(made.resolve("other.yaml"), "regions: [us]\n" + yaml);
        return ConfigurationLoader.load(file, Map.of())
                .configuration()
                .catalog()
                .hosts();
    }

    private static Object identity(Path certificate, Path key) throws Exception {
        return ServerIdentity.read(
                        new ServerFiles(certificate.toString(), key.toString(), Optional.empty(), Optional.empty()))
                .names();
    }

    private static Object clientCa(Path file) throws Exception {
        return ServerIdentity.read(new ServerFiles(
                        made.resolve("server.crt").toString(),
                        made.resolve("server.key").toString(),
                        Optional.empty(),
                        Optional.of(file.toString())))
                .names();
    }

    private static Object trusted(Path file) throws Exception {
        String yaml = "parents: [{url: \"https://a:1\", trust: \"" + file + "\"}]";
        Path configuration = Files.writeString(made.resolve("trust.yaml"), "regions: [us]\n" + yaml);
        return ConfigurationLoader.load(configuration, Map.of()).configuration().parents().stream()
                .map(parent -> parent.trust().map(TrustedCertificates::certificates))
                .toList();
    }

    private static Object credentials(Path file) throws Exception {
        String yaml = "parents: [{url: \"http://a:1\", credentials-file: \"" + file + "\"}]";
        Path configuration = Files.writeString(made.resolve("parent.yaml"), "regions: [us]\n" + yaml);
        return ConfigurationLoader.load(configuration, Map.of()).configuration().parents().stream()
                .map(parent -> parent.url().credentials().orElseThrow().value())
                .toList();
    }

    private static Object authority(Path certificate, Path key) throws Exception {
        return PrivateCa.read(certificate, key, Instant.now()).certificate();
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_byte_order_mark_and_the_line_ends_of_windows_do_not_matter(Kind kind) throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, kind.text());
        Object plain = kind.reader().read(file);

        for (String text : List.of(
                "\ufeff" + kind.text(),
                kind.text().replace("\n", "\r\n"),
                "\ufeff" + kind.text().replace("\n", "\r\n"),
                kind.text().stripTrailing())) {
            Files.writeString(file, text);
            assertThat(kind.reader().read(file)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void other_encodings_are_named(Kind kind) throws Exception {
        Path file = directory.resolve("file");
        Files.write(file, ("\ufeff" + kind.text()).getBytes(UTF_16LE));
        assertProblem(kind, file, file.toString(), "UTF-16 text (LE)", "save the file as UTF-8");
        Files.write(file, ("\ufeff" + kind.text()).getBytes(UTF_16BE));
        assertProblem(kind, file, file.toString(), "UTF-16 text (BE)", "save the file as UTF-8");
        Files.write(file, kind.text().getBytes(UTF_16LE));
        assertProblem(kind, file, file.toString(), "NUL", "UTF-16", "save the file as UTF-8");
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_stray_byte_is_named_with_its_line(Kind kind) throws Exception {
        Path file = directory.resolve("file");
        for (byte stray : new byte[] {(byte) 0xe9, 0}) {
            Files.write(file, with(kind, stray));
            assertThatThrownBy(() -> kind.reader().read(file)).satisfies(e -> {
                assertThat(e.getMessage()).contains(file.toString());
                assertThat(e.getMessage()).containsAnyOf(file + ":" + kind.line(), "line " + kind.line());
                assertThat(e.getMessage()).doesNotContain("Exception");
                if (kind.name().matches("credentials.*|password")) {
                    assertThat(e.getMessage()).doesNotContain("\u00e9").doesNotContain("0xE9");
                }
            });
        }
    }

    private static byte[] with(Kind kind, byte stray) {
        List<String> lines = List.of(kind.text().split("\n", -1));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line =
                    new String(lines.get(i).replaceAll("[^\\x00-\\x7f]", "x").getBytes(UTF_8), ISO_8859_1);
            text.append(i + 1 == kind.line() ? line.substring(0, 3) + (char) (stray & 0xff) + line.substring(3) : line);
            text.append(i + 1 < lines.size() ? "\n" : "");
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static void assertProblem(Kind kind, Path file, String... words) {
        assertThatThrownBy(() -> kind.reader().read(file))
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void words_around_a_certificate_may_be_in_any_encoding() throws Exception {
        Path file = directory.resolve("tls.crt");
        Files.write(
                file, ("friendlyName: K\u00f6ln\n" + server.certificatePem() + "# caf\u00e9\n").getBytes(ISO_8859_1));

        assertThat(identity(file, made.resolve("server.key")))
                .isEqualTo(identity(made.resolve("server.crt"), made.resolve("server.key")));
    }

    @Test
    void files_that_were_joined_may_each_have_a_mark() throws Exception {
        Path chain = directory.resolve("chain.crt");
        Files.writeString(
                chain, "\ufeff" + server.certificatePem() + "\ufeff" + ca.own().certificatePem());
        Path users = directory.resolve("users");
        Files.writeString(users, "\ufeff" + USERS + "\ufeff" + USERS.replace("dp:", "other:"));

        assertThat(identity(chain, made.resolve("server.key"))).isNotNull();
        assertThat(TrustedCertificates.read(chain.toString()).certificates()).hasSize(2);
        assertThat(UsersFile.read(users.toString()).names()).containsExactly("dp", "other");
    }

    @Test
    void the_editor_of_users_sees_through_the_mark_and_leaves_other_encodings_alone() throws Exception {
        Path users = directory.resolve("users");
        Files.writeString(users, "\ufeff" + USERS.substring(USERS.indexOf("dp:")));
        new UsersFileEditor(users).set("dp", "new".getBytes(UTF_8), 4);
        assertThat(UsersFile.read(users.toString()).names()).containsExactly("dp");
        assertThat(Files.readString(users)).startsWith("\ufeffdp:");

        byte[] utf16 = ("\ufeff" + USERS).getBytes(UTF_16LE);
        Files.write(users, utf16);
        assertThatThrownBy(() -> new UsersFileEditor(users).set("b", "new".getBytes(UTF_8), 4))
                .hasMessageContaining("UTF-16 text (LE)");
        assertThat(Files.readAllBytes(users)).isEqualTo(utf16);
    }
}
