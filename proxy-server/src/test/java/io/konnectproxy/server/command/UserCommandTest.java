package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.credentials.Verification;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.wire.Credentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Adding, changing and removing users, and what is said of passwords. */
class UserCommandTest {
    private static final String SECRET = "s3cret p@ss";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void adds_a_user_and_says_what_to_do_with_it() throws Exception {
        assertThat(user("dp payments", "--password-file", passwordFile(SECRET + "\n")))
                .isZero();

        assertThat(verified("dp payments", SECRET)).isEqualTo(new Verification.Right("dp payments"));
        assertThat(out.toString().lines())
                .containsExactly(
                        "Added dp payments to " + file() + "; a running proxy notices within seconds.",
                        "The file is new and only you can read it: let the user read it that the proxy runs as, in the"
                                + " container 10001. Its owner and mode then stay what you make them.",
                        "",
                        "In Kong's settings, the password in place of PASSWORD:",
                        "proxy_server = http://dp%20payments:PASSWORD@HOST:3128",
                        "In that URL, write all but letters, digits and -._~ percent-encoded: # as %23, % as %25, / as"
                                + " %2F, : as %3A, ? as %3F, @ as %40.",
                        "",
                        "In the configuration:",
                        "listen:",
                        "  - address: 0.0.0.0:3128",
                        "    credentials: " + file());
        assertThat(Files.readString(file())).startsWith("dp payments:$2y$10$").doesNotContain(SECRET);
        assertThat(out.toString() + err).doesNotContain("s3cret");
    }

    @Test
    void generates_a_password_that_is_shown_once_and_needs_no_encoding() throws Exception {
        assertThat(user("kong", "--generate", "--cost", "11")).isZero();

        String password = Pattern.compile("(?m)^Password, shown this once: ([A-Za-z0-9]{32})$")
                .matcher(out.toString())
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(verified("kong", password)).isEqualTo(new Verification.Right("kong"));
        assertThat(out.toString()).containsOnlyOnce(password).doesNotContain("percent-encoded");
        assertThat(Files.readString(file())).startsWith("kong:$2y$11$");
    }

    /** With a file that is not there yet, and with a user whose password works. */
    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Broken pipe"})
    void a_generated_password_that_nobody_saw_is_nobodys(String failure) throws Exception {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException(failure);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        String[] arguments = {"user", "kong", "--generate", "--file", file().toString()};
        assertThat(KonnectProxyCommand.execute(full, new PrintWriter(err), Map.of(), arguments))
                .isEqualTo(74);
        assertThat(err.toString()).startsWith("The password could not be shown, so " + file() + " is as it was.\n");
        assertThat(file()).doesNotExist();

        assertThat(user("kong", "--password-file", passwordFile("first"))).isZero();
        assertThat(KonnectProxyCommand.execute(full, new PrintWriter(err), Map.of(), arguments))
                .isEqualTo(74);
        assertThat(verified("kong", "first")).isInstanceOf(Verification.Right.class);
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void asks_twice_where_nothing_else_is_said() throws Exception {
        Deque<String> questions = new ArrayDeque<>();
        assertThat(asked(question -> {
                    questions.add(question);
                    return Optional.of(SECRET.toCharArray());
                }))
                .isZero();

        assertThat(questions).containsExactly("Password", "The same again");
        assertThat(verified("kong", SECRET)).isEqualTo(new Verification.Right("kong"));
        assertThat(out.toString() + err).doesNotContain("s3cret");
    }

    @Test
    void changes_nothing_when_the_answers_differ() {
        Deque<String> answers = new ArrayDeque<>(List.of(SECRET, SECRET + "x"));

        assertThat(asked(question -> Optional.of(answers.remove().toCharArray())))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("The two are not the same; nothing was changed.");
        assertThat(file()).doesNotExist();
    }

    @Test
    void asks_nobody_where_there_is_no_terminal() {
        assertThat(asked(question -> Optional.empty())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "There is no terminal to ask for the password; use --password-file or --generate.");
        assertThat(file()).doesNotExist();
    }

    @Test
    void changes_a_password_and_removes_a_user() throws Exception {
        assertThat(user("kong", "--password-file", passwordFile("first"))).isZero();
        assertThat(user("dp", "--generate")).isZero();
        assertThat(user("kong", "--password-file", passwordFile("second"))).isZero();
        assertThat(out.toString()).contains("Changed the password of kong in " + file() + "; a running proxy");
        assertThat(verified("kong", "first")).isInstanceOf(Verification.Wrong.class);
        assertThat(verified("kong", "second")).isInstanceOf(Verification.Right.class);

        assertThat(user("kong", "--remove")).isZero();
        assertThat(out.toString()).endsWith("Removed kong from " + file() + "; connections that are open stay open.\n");
        assertThat(verified("kong", "second")).isInstanceOf(Verification.Wrong.class);
        assertThat(err.toString()).isEmpty();

        assertThat(user("kong", "--remove")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("There is no user kong in " + file() + ".");
    }

    /** An operator who revokes a password must see that it has no effect yet. */
    @Test
    void fails_where_a_removed_user_would_still_come_in() throws Exception {
        assertThat(user("kong", "--generate")).isZero();
        out.getBuffer().setLength(0);

        assertThat(user("kong", "--remove")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "Removed kong from " + file() + ", but a running proxy lets kong in all the same,"
                                + " for it does not take this file and keeps the users it has: " + file()
                                + " names no user; add one"
                                + " with 'konnect-proxy user NAME --file FILE'.");
    }

    @Test
    void says_why_the_proxy_does_not_take_the_file_yet() throws Exception {
        Files.writeString(file(), "old:{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=\n");

        assertThat(user("kong", "--generate")).isZero();
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "The proxy does not take this file yet: " + file() + " has in line 1 an SHA-1"
                                + " hash ({SHA}), and only bcrypt is taken; set that password anew with 'konnect-proxy user'.");
    }

    @Test
    void says_whose_hash_is_cheap() throws Exception {
        Files.writeString(file(), "old:$2y$05$rt0yKFqgMJ4PET.pKm5ddeoGOWsPmH1uwXU.f97Ba7h5Ypfv7iU1e\n");

        assertThat(user("kong", "--generate")).isZero();
        assertThat(err.toString()).isEqualToIgnoringNewLines("Hashed at a cost below 10, better set anew: old");
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "kong, p\u00e4ss, the password has characters beyond ASCII",
        "k\u00f6ng, pass, the name has characters beyond ASCII",
        "k\u00f6ng, p\u00e4ss, the name and the password have characters beyond ASCII"
    })
    void warns_of_what_clients_may_send_in_another_encoding(String name, String password, String warning)
            throws Exception {
        assertThat(user(name, "--password-file", passwordFile(password))).isZero();
        assertThat(err.toString()).startsWith("warning: " + warning).doesNotContain("p\u00e4ss");
    }

    static Stream<Arguments> unfit() {
        return Stream.of(
                arguments("empty", "", " must hold the password alone in one line."),
                arguments("two lines", "s3\ncret", " must hold the password alone in one line."),
                arguments("73 bytes", "s3" + "\u00e4".repeat(36), "The password has more than 72 bytes, which is all"),
                arguments("a tab", "s3\tcret", "The password has a control character, which no client may send"),
                arguments("ESC", "s3\u001bcret", "The password has a control character, which no client may send"),
                arguments("NUL", "s3\0cret", ":1 has a NUL byte in it, as all text in UTF-16 has"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unfit(String name, String password, String sentence) throws Exception {
        assertThat(user("kong", "--password-file", passwordFile(password))).isEqualTo(1);
        assertThat(err.toString()).contains(sentence).doesNotContain("s3");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_directory_in_place_of_the_file_is_told() {
        assertThat(KonnectProxyCommand.execute(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Map.of(),
                        "user",
                        "a",
                        "--generate",
                        "--file",
                        directory.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo(directory + " is a directory; a file is needed.\n");
        assertThat(out.toString()).isEmpty();
    }

    static Stream<Arguments> misused() {
        return Stream.of(
                arguments("no name", List.of(), "'konnect-proxy user' needs NAME"),
                arguments(
                        "a colon in the name", List.of("a:b"), "The name has a colon, which ends it; choose another."),
                arguments(
                        "a comment for a name",
                        List.of("#a"),
                        "The name begins with #, as comments do; choose another."),
                arguments("a cost of 9", List.of("a", "--cost", "9"), "--cost must be 10 to 14."),
                arguments("a cost of 15", List.of("a", "--cost", "15"), "--cost must be 10 to 14."),
                arguments(
                        "a password as an argument",
                        List.of("a", "s3cret"),
                        "'konnect-proxy user' takes no further argument"),
                arguments(
                        "two sources",
                        List.of("a", "--generate", "--password-file", "x"),
                        "--password-file and --generate exclude each other; give one of them"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void misused(String name, List<String> arguments, String sentence) {
        String[] all = Stream.concat(Stream.of("user"), arguments.stream()).toArray(String[]::new);
        assertThat(KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all))
                .isEqualTo(64);
        assertThat(err.toString()).contains(sentence);
    }

    @Test
    void says_what_is_in_the_way_of_the_file() throws Exception {
        assertThat(execute("kong", "--generate", "--file", directory + "/none/users"))
                .isEqualTo(1);
        Path others = Files.writeString(directory.resolve("users.htpasswd.new"), "");
        assertThat(user("kong", "--generate")).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "There is no directory for " + directory + "/none/users; create it first.",
                        file() + " cannot be changed: " + others
                                + ", it is there: somebody else changes the users, or was interrupted; then remove it.");
        assertThat(out.toString()).as("no password that does not count").isEmpty();
    }

    private int user(String name, String... arguments) {
        return execute(Stream.concat(Stream.of(name, "--file", file().toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private int execute(String... arguments) {
        String[] all = Stream.concat(Stream.of("user"), Stream.of(arguments)).toArray(String[]::new);
        return KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
    }

    private int asked(PasswordPrompt prompt) {
        int code = new CommandLine(new UserCommand(prompt))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("kong", "--file", file().toString());
        return code;
    }

    private Path file() {
        return directory.resolve("users.htpasswd");
    }

    private String passwordFile(String text) throws Exception {
        return Files.writeString(directory.resolve("password"), text).toString();
    }

    private Verification verified(String user, String password) throws Exception {
        try (FileWatch watch = new FileWatch();
                Users users = Users.of(file().toString(), watch)) {
            return users.verify(InetAddress.getLoopbackAddress(), new Credentials.Basic(user, password.getBytes(UTF_8)))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }
    }
}
