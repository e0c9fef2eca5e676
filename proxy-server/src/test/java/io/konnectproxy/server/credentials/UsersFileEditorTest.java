package io.konnectproxy.server.credentials;

import static io.konnectproxy.server.credentials.UsersFileEditor.UserEdit.ABSENT;
import static io.konnectproxy.server.credentials.UsersFileEditor.UserEdit.ADDED;
import static io.konnectproxy.server.credentials.UsersFileEditor.UserEdit.REMOVED;
import static io.konnectproxy.server.credentials.UsersFileEditor.UserEdit.REPLACED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One user changes, and nothing else does. */
class UsersFileEditorTest {
    private static final byte[] PASSWORD = "kong to konnect".getBytes(UTF_8);
    private static final String OTHERS = "# fleet\n\nx:{SHA}abc\nnonsense\n#a:old\nab:$2y$04$x\n";

    @TempDir
    private Path directory;

    /** HASH stands for the new hash. */
    static Stream<Arguments> set() {
        return Stream.of(
                arguments("nothing yet", "", ADDED, "a:HASH\n"),
                arguments("other lines of any kind", OTHERS, ADDED, OTHERS + "a:HASH\n"),
                arguments("no line end at the end", "b:x", ADDED, "b:x\na:HASH\n"),
                arguments("the user is there", "b:x\na:y\nc:z\n", REPLACED, "b:x\na:HASH\nc:z\n"),
                arguments("the user's line ends in CR LF", "a:y\r\nc:z\r\n", REPLACED, "a:HASH\r\nc:z\r\n"),
                arguments("the user is the last, without line end", "b:x\na:y", REPLACED, "b:x\na:HASH"),
                arguments("the user is there twice", "a:y\nb:x\na:z\n", REPLACED, "a:HASH\nb:x\n"),
                arguments("bytes that are no UTF-8", "\u00fc:x\na:y\n", REPLACED, "\u00fc:x\na:HASH\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void set(String name, String before, UsersFileEditor.UserEdit outcome, String after) throws Exception {
        Path file = directory.resolve("users");
        if (!before.isEmpty()) {
            Files.writeString(file, before, ISO_8859_1);
        }
        assertThat(new UsersFileEditor(file).set("a", PASSWORD, 4)).isEqualTo(outcome);

        String text = Files.readString(file, ISO_8859_1);
        String hash = Pattern.compile("(?m)^a:([$./A-Za-z0-9]{60})\\r?$")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElse("none");
        assertThat(text).isEqualTo(after.replace("HASH", hash));
        assertThat(BcryptHash.parse(hash).matches(PASSWORD)).isTrue();
        assertThat(directory.toFile().list()).containsExactly("users");
    }

    static Stream<Arguments> remove() {
        return Stream.of(
                arguments("other lines of any kind", OTHERS + "a:x\n", REMOVED, OTHERS),
                arguments("the user is there twice", "a:y\nb:x\na:z\n", REMOVED, "b:x\n"),
                arguments("the only user", "a:y\n", REMOVED, ""),
                arguments("the user is not there", OTHERS, ABSENT, OTHERS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void remove(String name, String before, UsersFileEditor.UserEdit outcome, String after) throws Exception {
        Path file = Files.writeString(directory.resolve("users"), before);

        assertThat(new UsersFileEditor(file).remove("a")).isEqualTo(outcome);
        assertThat(file).hasContent(after);
        assertThat(directory.toFile().list()).containsExactly("users");
    }

    @Test
    void a_user_of_no_file_is_absent() throws Exception {
        assertThat(new UsersFileEditor(directory.resolve("users")).remove("a")).isEqualTo(ABSENT);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_new_file_is_its_makers_alone_and_another_keeps_its_mode() throws Exception {
        Path file = directory.resolve("users");
        new UsersFileEditor(file).set("a", PASSWORD, 4);
        assertThat(mode(file)).isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new UsersFileEditor(file).set("b", PASSWORD, 4);
        assertThat(mode(file)).isEqualTo("rw-r--r--");
    }

    @Test
    void a_link_stays_one() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "b:x\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target.getFileName());
        new UsersFileEditor(link).set("a", PASSWORD, 4);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(target)).startsWith("b:x\na:$2y$04$");
    }

    @Test
    void who_comes_while_another_changes_it_is_told_so() throws Exception {
        Path file = Files.writeString(directory.resolve("users"), "b:x\n");
        Path others = Files.writeString(directory.resolve("users.new"), "half");

        assertThatThrownBy(() -> new UsersFileEditor(file).set("a", PASSWORD, 4))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(
                        others + ": it is there: somebody else changes the users, or was interrupted; then remove it");
        assertThat(file).hasContent("b:x");
        assertThat(others).hasContent("half");
    }

    @Test
    void of_many_at_once_each_is_done_or_told() throws Exception {
        Path file = Files.writeString(directory.resolve("users"), "");
        List<String> done = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> "user" + i)
                .filter(name -> isSet(file, name))
                .sorted()
                .toList();

        assertThat(done).isNotEmpty();
        assertThat(new ArrayList<>(UsersFile.read(file.toString()).names())).containsExactlyInAnyOrderElementsOf(done);
    }

    private static boolean isSet(Path file, String name) {
        try {
            return new UsersFileEditor(file).set(name, PASSWORD, 4) == ADDED;
        } catch (FileSystemException e) {
            return false;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
