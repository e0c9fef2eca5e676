package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.keys.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an auditor runs who does not want to trust the program that is audited. */
class AuditorsScriptsIT {
    private static final Path PYTHON = Path.of("../docs/verify-audit.py");
    private static final Path OPENSSL = Path.of("../docs/verify-checkpoint.sh");
    private static final KeyPair KEYS = TrailBuilder.newKeys();

    @TempDir
    private Path directory = Path.of("");

    private Path first = Path.of("");
    private Path second = Path.of("");
    private List<String> lines = List.of();

    private record Ended(int code, String text) {}

    @BeforeEach
    void write() {
        TrailBuilder trail = new TrailBuilder()
                .start()
                .configuration("start")
                .refused("a2", "10.0.0.8", "\\\",\\\"prev\\\":\\\"\\u001b:443", "host_not_konnect")
                .checkpoint(KEYS);
        first = trail.writeTo(directory.resolve("t.jsonl.1.gz"));
        trail.configuration("segment")
                .permitted("a1", "10.0.0.7", "cloud.konghq.com")
                .checkpoint(KEYS)
                .stop();
        lines = trail.take();
        second = TrailBuilder.write(directory.resolve("t.jsonl"), lines);
    }

    @Test
    void the_script_finds_a_whole_trail_whole() throws Exception {
        assertThat(python(first, second)).isEqualTo(new Ended(0, "The chain is whole up to line 8."));
        assertThat(python(second)).isEqualTo(new Ended(0, "The chain is whole up to line 8."));
    }

    static Stream<Arguments> the_script_finds_what_is_broken() {
        return Stream.of(
                Arguments.of("edited", 2, "2: the line was edited, its hash is not that of its bytes"),
                Arguments.of("deleted", 2, "2: the line has number 7 and is not bound to the one before, number 5"),
                Arguments.of("swapped", 2, "2: the line has number 7 and is not bound to the one before, number 5"),
                Arguments.of("doubled", 3, "3: the line has number 6 and is not bound to the one before, number 6"),
                Arguments.of("spoiled", 2, "2: this is no line of the trail"),
                Arguments.of("cut", 4, "4: this is no line of the trail"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void the_script_finds_what_is_broken(String how, int line, String sentence) throws Exception {
        List<String> changed = new ArrayList<>(lines);
        switch (how) {
            case "edited" -> changed.set(1, lines.get(1).replace("10.0.0.7", "10.0.0.6"));
            case "deleted" -> changed.remove(1);
            case "swapped" -> Collections.swap(changed, 1, 2);
            case "doubled" -> changed.add(2, lines.get(1));
            case "spoiled" -> changed.set(1, lines.get(1) + " ");
            default -> changed.set(3, lines.get(3).substring(0, 60));
        }
        TrailBuilder.write(second, changed);

        assertThat(python(first, second)).isEqualTo(new Ended(1, second + ":" + sentence));
    }

    @Test
    void the_script_tells_trails_and_versions_apart() throws Exception {
        TrailBuilder trail = new TrailBuilder().version1().start();
        Path old = trail.writeTo(directory.resolve("a"));
        Path now = trail.of("00ab12cd34ef").start().writeTo(directory.resolve("b"));
        Path foreign = trail.of("ffffffffffff").start().writeTo(directory.resolve("c"));
        Path older = trail.version1().start().writeTo(directory.resolve("d"));

        assertThat(python(old)).isEqualTo(new Ended(0, "The chain is whole up to line 1."));
        assertThat(python(old, now)).isEqualTo(new Ended(0, "The chain is whole up to line 2."));
        assertThat(python(old, now, foreign))
                .isEqualTo(new Ended(1, foreign + ":1: the line is of trail ffffffffffff, not 00ab12cd34ef"));
        assertThat(python(foreign, older))
                .isEqualTo(new Ended(1, older + ":1: the line is of trail (none), not ffffffffffff"));
    }

    @Test
    void the_script_misses_a_segment() throws Exception {
        assertThat(python(second, first).text()).endsWith("number 1 and is not bound to the one before, number 8");
        assertThat(python(Files.createFile(directory.resolve("empty"))))
                .isEqualTo(new Ended(1, "There is no line in these files."));
    }

    /** As the page says it. */
    @Test
    void the_script_verifies_the_copy_of_an_archive_a_trail_at_a_time() throws Exception {
        assumeTrue(isThere("python3"), "python3 is not there");
        String loop = Files.readAllLines(Path.of("../docs/audit.md")).stream()
                .filter(line -> line.startsWith("for trail in archive/"))
                .findFirst()
                .orElseThrow();
        Files.createSymbolicLink(
                directory.resolve("docs"), Path.of("../docs").toAbsolutePath().normalize());
        Path archive = directory.resolve("archive/edge-1");
        TrailBuilder one = new TrailBuilder().of("00ab12cd34ef").start();
        one.writeTo(folder(archive.resolve("00ab12cd34ef")).resolve("000000000001.jsonl"));
        one.checkpoint(KEYS).writeTo(archive.resolve("00ab12cd34ef/000000000002.jsonl.gz"));
        one.checkpoint(KEYS)
                .writeTo(folder(archive.resolve("00ab12cd34ef/checkpoints")).resolve("000000000003.jsonl"));
        new TrailBuilder()
                .of("ffffffffffff")
                .start()
                .writeTo(folder(archive.resolve("ffffffffffff")).resolve("000000000001.jsonl"));

        assertThat(run("sh", "-c", "cd \"$0\" && " + loop, directory.toString()))
                .isEqualTo(new Ended(0, "The chain is whole up to line 2.\nThe chain is whole up to line 1."));
    }

    private static Path folder(Path path) throws IOException {
        return Files.createDirectories(path);
    }

    @Test
    void openssl_verifies_a_checkpoint() throws Exception {
        assumeOpenssl();
        Path key = publicKey(KEYS);

        Ended good = run(OPENSSL.toString(), key.toString(), second.toString());
        assertThat(good.text())
                .contains(
                        "Signature Verified Successfully",
                        VerificationKey.read(key).fingerprint());
        assertThat(good.code()).isZero();
        assertThat(run(OPENSSL.toString(), key.toString(), first.toString()).code())
                .as("of a compressed file too")
                .isZero();

        TrailBuilder.write(second, List.of(lines.get(0)));
        assertThat(run(OPENSSL.toString(), key.toString(), second.toString()).text())
                .contains("There is no checkpoint in " + second);

        TrailBuilder.write(second, List.of(lines.get(2).replace("\"seq\":7", "\"seq\":8")));
        assertThat(run(OPENSSL.toString(), key.toString(), second.toString()).code())
                .isNotZero();
    }

    @Test
    void openssl_and_this_program_read_each_others_keys() throws Exception {
        assumeOpenssl();
        SigningKey key = SigningKey.generate();
        Path plain = Files.writeString(directory.resolve("a.pem"), key.pem(Optional.empty()));
        Path encrypted = Files.writeString(directory.resolve("b.pem"), key.pem(Optional.of("secret".toCharArray())));
        String theirs = directory.resolve("c.pem").toString();

        assertThat(run("openssl", "pkey", "-in", plain.toString(), "-pubout").text() + "\n")
                .isEqualTo(key.verificationKey().pem());
        assertThat(run("openssl", "pkey", "-in", encrypted.toString(), "-passin", "pass:secret", "-pubout")
                                .text() + "\n")
                .isEqualTo(key.verificationKey().pem());
        run("openssl", "genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:secret", "-out", theirs);
        assertThat(run("openssl", "pkey", "-in", theirs, "-passin", "pass:secret", "-pubout")
                                .text() + "\n")
                .isEqualTo(SigningKey.read(Path.of(theirs), Optional.of("secret".toCharArray()))
                        .verificationKey()
                        .pem());
    }

    private Path publicKey(KeyPair keys) throws IOException {
        return Files.writeString(
                directory.resolve("key.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private static Ended python(Path... segments) throws Exception {
        assumeTrue(isThere("python3"), "python3 is not there");
        return run(Stream.concat(
                        Stream.of("python3", PYTHON.toString()),
                        Arrays.stream(segments).map(Path::toString))
                .toArray(String[]::new));
    }

    private static void assumeOpenssl() throws Exception {
        assumeTrue(
                isThere("openssl") && run("openssl", "version").text().startsWith("OpenSSL 3"),
                "OpenSSL 3 is not there");
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(in -> Files.isExecutable(Path.of(in, program)));
    }

    private static Ended run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), text);
    }
}
