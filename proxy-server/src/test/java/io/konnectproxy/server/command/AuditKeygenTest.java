package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.keys.VerificationKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pair that {@code audit keygen} makes. */
class AuditKeygenTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void makes_a_pair_and_says_what_to_do_with_it() throws Exception {
        Path file = directory.resolve("audit.pem");
        assertThat(keygen("--out", file.toString())).isZero();

        String fingerprint =
                SigningKey.read(file, Optional.empty()).verificationKey().fingerprint();
        assertThat(VerificationKey.read(directory.resolve("audit.pem.pub")).fingerprint())
                .isEqualTo(fingerprint);
        assertThat(out.toString().lines())
                .containsExactly(
                        "Private key:  " + file + "; keep it where only the proxy can read it.",
                        "Public key:   " + file + ".pub; give it to those who verify, and keep a copy elsewhere.",
                        "Fingerprint:  " + fingerprint,
                        "",
                        "In the configuration:",
                        "audit:",
                        "  sign: { key: " + file + " }");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void encrypts_with_the_password_of_a_file() throws Exception {
        Path file = directory.resolve("audit.pem");
        Path password = Files.writeString(directory.resolve("password"), "correct horse\n");
        assertThat(keygen("--out", file.toString(), "--password-file", password.toString()))
                .isZero();

        assertThat(SigningKey.read(file, Optional.of("correct horse".toCharArray()))
                        .verificationKey()
                        .fingerprint())
                .isEqualTo(
                        VerificationKey.read(directory.resolve("audit.pem.pub")).fingerprint());
        assertThat(out.toString()).contains("  sign: { key: " + file + ", key-password-file: " + password + " }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit.pem", "audit.pem.pub"})
    void overwrites_nothing(String there) throws IOException {
        Path kept = Files.writeString(directory.resolve(there), "mine");

        assertThat(keygen("--out", directory.resolve("audit.pem").toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        kept + " is there already and is not overwritten; choose another name with --out.");
        assertThat(kept).hasContent("mine");
        assertThat(directory.toFile().list()).containsExactly(there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two\nlines\n"})
    void a_password_is_one_line(String text) throws IOException {
        Path password = Files.writeString(directory.resolve("password"), text);

        assertThat(keygen("--out", directory.resolve("a.pem").toString(), "--password-file", password.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines(password + " must hold the password alone in one line.");
        assertThat(directory.resolve("a.pem")).doesNotExist();
    }

    @Test
    void says_what_is_in_the_way() {
        assertThat(keygen("--out", directory + "/none/a.pem")).isEqualTo(74);
        assertThat(keygen("--out", directory + "/a.pem", "--password-file", directory + "/none"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "There is no directory for " + directory + "/none/a.pem; create it first.",
                        "The password file " + directory + "/none can't be read; see that it is there and readable.");
    }

    private int keygen(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "audit";
        all[1] = "keygen";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
    }
}
