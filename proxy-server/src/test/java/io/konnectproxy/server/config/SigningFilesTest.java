package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A signing key that cannot be used is a problem of its line, told with all others, where the key is opened. */
class SigningFilesTest {
    private static final String VARIABLE = "KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD";

    @TempDir
    private static Path made;

    @TempDir
    private Path directory;

    @BeforeAll
    static void make() throws IOException {
        SigningKey key = SigningKey.generate();
        write("plain.pem", key.pem(Optional.empty()));
        write("encrypted.pem", key.pem(Optional.of("s3cret".toCharArray())));
        write("public.pem", key.verificationKey().pem());
        write("none.txt", "no key\n");
        write("right", "s3cret\n");
        write("wrong", "secret\n");
        write("two-lines", "s3cret\ns3cret\n");
        Files.copy(ExampleFiles.DIRECTORY.resolve("server.key"), made.resolve("ec.pem"));
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(made.resolve(name), text);
    }

    /** The line and the problem, before which another mistake stands in line 1. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        no key                    | -      | key: nofile.pem                                              | 4: audit.sign.key: 'nofile.pem' does not exist in HERE
        no key, absolute          | -      | key: MADE/nofile.pem                                         | 4: audit.sign.key: 'MADE/nofile.pem' does not exist
        a directory               | -      | key: MADE                                                    | 4: audit.sign.key: 'MADE' is a directory; a file is needed
        a public key              | -      | key: MADE/public.pem                                         | 4: audit.sign.key: MADE/public.pem holds a public key; what signs is an Ed25519 private key (audit keygen makes one)
        another algorithm         | -      | key: MADE/ec.pem                                             | 4: audit.sign.key: MADE/ec.pem holds a private key that is not Ed25519; what signs is an Ed25519 private key (audit keygen makes one)
        no PEM                    | -      | key: MADE/none.txt                                           | 4: audit.sign.key: MADE/none.txt is not a PEM file: nothing in it is between BEGIN and END
        no password               | -      | key: MADE/encrypted.pem                                      | 4: audit.sign.key: MADE/encrypted.pem is encrypted, and no password was given; name a key-password-file, or set KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD
        a wrong password          | -      | key: MADE/encrypted.pem, ~ key-password-file: MADE/wrong     | 4: audit.sign.key: The password does not open MADE/encrypted.pem
        a wrong password variable | secret | key: MADE/encrypted.pem                                      | 4: audit.sign.key: The password does not open MADE/encrypted.pem
        a password for no need    | s3cret | key: MADE/plain.pem                                          | 4: audit.sign.key: MADE/plain.pem is not encrypted, but a password was given for it
        no password file          | -      | key: MADE/encrypted.pem, ~ key-password-file: s3cret         | 5: audit.sign.key-password-file: the file does not exist in HERE
        a password file of two    | -      | key: MADE/encrypted.pem, ~ key-password-file: MADE/two-lines | 5: audit.sign.key-password-file: MADE/two-lines must hold the password alone in one line
        another mistake beside it | -      | key: MADE/public.pem, every: 1                               | 4: audit.sign.key: MADE/public.pem holds a public key; what signs is an Ed25519 private key (audit keygen makes one)
        """)
    void a_key_that_cannot_be_used_is_told_with_the_others(String name, String password, String sign, String problem) {
        String yaml = "regions: [ue]\naudit:\n  sign:\n    { "
                + sign.replace("~", "\n").replace("MADE", made.toString()) + " }\n";
        Map<String, String> environment = password == null ? Map.of() : Map.of(VARIABLE, password);
        for (SigningFiles files : List.of(SigningFiles.READ_AGAIN, SigningFiles.READ_ONCE)) {
            assertThatThrownBy(() -> load(yaml, environment, files))
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            e -> assertThat(e.problems())
                                    .hasSize(2)
                                    .anyMatch(each -> each.contains(":1: regions: "))
                                    .contains(directory + "/konnect-proxy.yaml:"
                                            + problem.replace("MADE", made.toString())
                                                    .replace(
                                                            "HERE",
                                                            Path.of("")
                                                                    .toAbsolutePath()
                                                                    .toString())));
        }
    }

    @Test
    void a_key_that_a_variable_names_is_a_problem_of_the_variable() {
        assertThatThrownBy(() -> load(
                        "regions: [us]",
                        Map.of("KONNECT_PROXY_AUDIT_SIGN_KEY", "/nofile.pem"),
                        SigningFiles.READ_AGAIN))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "KONNECT_PROXY_AUDIT_SIGN_KEY: audit.sign.key: '/nofile.pem' does not exist"));
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_can_be_used_is_no_problem(SigningFiles files) throws Exception {
        assertThat(load(
                                "regions: [us]\naudit: {sign: {key: " + made + "/encrypted.pem, key-password-file: "
                                        + made + "/right}}",
                                Map.of(),
                                files)
                        .files())
                .contains(made.resolve("encrypted.pem"), made.resolve("right"));
    }

    @Test
    void whoever_does_not_sign_needs_no_key() throws Exception {
        assertThat(ConfigurationLoader.load(
                                Examples.write(directory, "regions: [us]\naudit: {sign: {key: nofile.pem}}"), Map.of())
                        .configuration()
                        .audit()
                        .sign())
                .isPresent();
    }

    /** A pipe can be read once, and the journal needs it. */
    @Test
    void a_pipe_is_left_for_the_journal() throws Exception {
        Path pipe = directory.resolve("key.pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        String yaml = "regions: [us]\naudit: {sign: {key: " + pipe + "}}";

        assertThat(load(yaml, Map.of(), SigningFiles.READ_AGAIN)
                        .configuration()
                        .audit()
                        .sign())
                .isPresent();
        assertThatThrownBy(() -> load(yaml, Map.of(), SigningFiles.READ_ONCE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it is a named pipe that nobody writes to");
    }

    private LoadedConfiguration load(String yaml, Map<String, String> environment, SigningFiles files)
            throws ConfigurationException {
        return ConfigurationLoader.load(Examples.write(directory, yaml), environment, files);
    }
}
