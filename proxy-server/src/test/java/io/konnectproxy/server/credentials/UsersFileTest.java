package io.konnectproxy.server.credentials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a users file may look like, and what is said of one that looks otherwise. */
class UsersFileTest {
    private static final String HASH = "$2y$04$lYmCYE1z9ltWBJq7qujbGOndjFdN9ZjQbQquC5y.e7mCm5cROJG7e";
    private static final String ANEW = ", and only bcrypt is taken; set that password anew with 'konnect-proxy user'";
    /** In no problem may anything of a line stand. */
    private static final String SECRET = "s3cret";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @FieldSource("io.konnectproxy.server.credentials.Htpasswd#BCRYPT")
    void knows_the_passwords_of_genuine_lines(Htpasswd.Line line) {
        BcryptHash hash = UsersFile.parse((line.text() + "\n").getBytes(UTF_8))
                .hash(line.user())
                .orElseThrow();

        assertThat(hash.matches(line.bytes())).isTrue();
        assertThat(hash.matches(line.password().replaceFirst(".$", "x").getBytes(UTF_8)))
                .isFalse();
        assertThat(hash.matches(line.password().substring(1).getBytes(UTF_8))).isFalse();
        assertThat(hash.text()).isEqualTo(line.hash());
    }

    static Stream<Arguments> read() {
        String two = "a:" + HASH + "\nb:" + HASH;
        return Stream.of(
                arguments("two users", two + "\n", List.of("a", "b")),
                arguments("no line end at the end", two, List.of("a", "b")),
                arguments("lines that end in CR LF", (two + "\n").replace("\n", "\r\n"), List.of("a", "b")),
                arguments("comments and empty lines", "# data planes\n\n" + two + "\n#c:\n\r\n", List.of("a", "b")),
                arguments("names that differ in letter case", "a:" + HASH + "\nA:" + HASH, List.of("a", "A")),
                arguments("a name of other letters", "g\u00fcnter \u4e2d:" + HASH, List.of("g\u00fcnter \u4e2d")),
                arguments("signs in a name", "a@b.c/d%2#!:" + HASH, List.of("a@b.c/d%2#!")),
                arguments("a name of 255 bytes", "n".repeat(255) + ":" + HASH, List.of("n".repeat(255))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void read(String name, String text, List<String> users) throws Exception {
        Path file = Files.writeString(directory.resolve("users.htpasswd"), text);

        assertThat(UsersFile.read(file.toString()).names()).containsExactlyElementsOf(users);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("an empty file", "", "names no user; add one with 'konnect-proxy user NAME --file FILE'"),
                arguments(
                        "comments alone",
                        "# a\n\n",
                        "names no user; add one with 'konnect-proxy user NAME --file FILE'"),
                arguments("no colon", SECRET, "has in line 1 no colon; a name, a colon and a bcrypt hash are needed"),
                arguments(
                        "white space alone",
                        "\n ",
                        "has in line 2 no colon; a name, a colon and a bcrypt hash are needed"),
                arguments("a password in clear", "a:" + SECRET, "has in line 1 no hash by bcrypt" + ANEW),
                arguments("no hash", "a:", "has in line 1 no hash by bcrypt" + ANEW),
                arguments(
                        "MD5 as of htpasswd -m, in line 3",
                        "# x\na:" + HASH + "\nmd5user:$apr1$a1CEUaLe$whauEThDpiW.h/o5IZDS7.\n",
                        "has in line 3 an MD5 hash ($apr1$)" + ANEW),
                arguments(
                        "SHA-1 as of htpasswd -s",
                        "shauser:{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=",
                        "has in line 1 an SHA-1 hash ({SHA})" + ANEW),
                arguments(
                        "SHA-256 as of htpasswd -2",
                        "s256:$5$Ma7y5XnBzM1FyrWe$XIEhX9kc5jgQ.Toqru98LmcbxlAwUj78QGAjfuOcSZ2",
                        "has in line 1 an SHA-256 hash ($5$)" + ANEW),
                arguments(
                        "SHA-512 as of htpasswd -5",
                        "s512:$6$H6LmuF3Ml7XYhE5G$iECHWUqhhgSqwh6EdF8QAO1EdZWjfGpmIW4/CYWsJYVz.cXlS58as5quDlEmZ4Vzg6wD",
                        "has in line 1 an SHA-512 hash ($6$)" + ANEW),
                arguments(
                        "crypt as of htpasswd -d", "cryptuser:eOyEjCXMcAlnQ", "has in line 1 no hash by bcrypt" + ANEW),
                arguments("another hash", "a:$argon2id$v=19$" + SECRET, "has in line 1 no hash by bcrypt" + ANEW),
                arguments(
                        "$2x$",
                        "a:" + HASH.replace("2y", "2x"),
                        "has in line 1 a hash of a faulty bcrypt ($2x$)" + ANEW),
                arguments(
                        "half a hash",
                        "a:" + HASH.substring(0, 40),
                        "has in line 1 a bcrypt hash that is not whole" + ANEW),
                arguments(
                        "a field behind the hash",
                        "a:" + HASH + ":x",
                        "has in line 1 a bcrypt hash that is not whole" + ANEW),
                arguments("a space behind the hash", "a:" + HASH + " ", blankBehind()),
                arguments("a tab behind the hash", "a:" + HASH + "\t\r\n", blankBehind()),
                arguments("a no-break space behind the hash", "a:" + HASH + "\u00a0", blankBehind()),
                arguments("a CR too many", "a:" + HASH + "\r\r\n", blankBehind()),
                arguments(
                        "a space in front of the hash",
                        "a: " + HASH,
                        "has in line 1 a blank in front of its hash; take it out"),
                arguments(
                        "UTF-16 without its mark",
                        "a\0:",
                        "has in line 1 a NUL byte in it, as all text in UTF-16 has; save the file as UTF-8"),
                arguments(
                        "CR alone as line end",
                        "a:" + HASH + "\rb:" + HASH,
                        "has in line 1 a bcrypt hash that is not whole" + ANEW),
                arguments(
                        "a cost of one digit",
                        "a:" + HASH.replace("$04$", "$4$"),
                        "has in line 1 a bcrypt hash that is not whole" + ANEW),
                arguments("a cost of 3", "a:" + HASH.replace("$04$", "$03$"), cost(3)),
                arguments("a cost of 15", "a:" + HASH.replace("$04$", "$15$"), cost(15)),
                arguments("a cost of 31, days of work", "a:" + HASH.replace("$04$", "$31$"), cost(31)),
                arguments("stray bits at the salt's end", "a:" + HASH.replace("GOnd", "GPnd"), strayBits()),
                arguments("stray bits at the hash's end", "a:" + HASH.substring(0, 59) + "f", strayBits()),
                arguments(
                        "a user twice",
                        "a:" + HASH + "\n\na:" + HASH,
                        "has in line 3 a user who is there before; keep one of the two lines"),
                arguments("no name", ":" + HASH, "has in line 1 a name that is none: it is empty"),
                arguments(
                        "a name of 256 bytes",
                        "n".repeat(256) + ":" + HASH,
                        "has in line 1 a name that is none: it has more than 255 bytes"),
                arguments(
                        "a space before a name",
                        " a:" + HASH,
                        "has in line 1 a name that is none: it begins or ends with a space"),
                arguments(
                        "a space behind a name",
                        "a :" + HASH,
                        "has in line 1 a name that is none: it begins or ends with a space"),
                arguments("a tab in a name", "a\tb:" + HASH, cannotBeSeen()),
                arguments("ESC in a name", "a\u001b[2J:" + HASH, cannotBeSeen()),
                arguments("a name that turns round what follows", "a\u202e:" + HASH, cannotBeSeen()),
                arguments("a line separator in a name", "a\u2028b:" + HASH, cannotBeSeen()),
                arguments("a space that is none", "a\u00a0b:" + HASH, cannotBeSeen()));
    }

    private static String blankBehind() {
        return "has in line 1 a blank behind its hash; take it out";
    }

    private static String cost(int cost) {
        return "has in line 1 a bcrypt hash of cost " + cost
                + "; the cost may be 4 to 14, for more would keep the proxy busy";
    }

    private static String strayBits() {
        return "has in line 1 a bcrypt hash with a wrong character at the end of salt or hash";
    }

    private static String cannotBeSeen() {
        return "has in line 1 a name that is none: it has a character that can't be seen";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, String text, String problem) {
        assertThatThrownBy(() -> UsersFile.parse(text.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
        assertThat(problem).doesNotContain(SECRET);
    }

    @Test
    void says_what_is_in_the_way_of_a_file() throws Exception {
        Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        Path latin = Files.write(directory.resolve("latin"), ("g\u00fc:" + HASH).getBytes(ISO_8859_1));

        assertProblem(directory + "/none", "is no file; make it with 'konnect-proxy user NAME --file FILE'");
        assertProblem(directory.toString(), "is no file; make it with 'konnect-proxy user NAME --file FILE'");
        assertProblem("a\0b", "is no name that a file can have");
        assertProblem(large.toString(), "is larger than 1 MiB");
        assertProblem(
                latin.toString(),
                "has in line 1 a byte that is not UTF-8; the file is probably Latin-1; save the file as UTF-8");
    }

    private static void assertProblem(String file, String problem) {
        assertThatThrownBy(() -> UsersFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @Test
    void tells_whose_hash_is_cheap() {
        UsersFile users = UsersFile.parse(Htpasswd.text(Htpasswd.BCRYPT).getBytes(UTF_8));

        assertThat(users.cheaplyHashed())
                .containsExactly("dp-payments", "dp-default", "g\u00fcnter", "long", "crypt-2b", "crypt-2a");
    }

    @Test
    void stands_in_for_an_unknown_user_with_one_of_the_known_ones() {
        UsersFile users = Htpasswd.users("a", "1", "b", "2", "c", "3");

        for (long number : new long[] {0, 1, 2, 3, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(users.any(number)).isSameAs(users.any(number));
        }
        assertThat(List.of(users.any(0), users.any(1), users.any(2)))
                .containsExactly(
                        users.hash("a").orElseThrow(),
                        users.hash("b").orElseThrow(),
                        users.hash("c").orElseThrow());
    }

    @Test
    void a_new_hash_has_a_salt_of_its_own() {
        byte[] password = "kong".getBytes(UTF_8);
        BcryptHash one = BcryptHash.of(password, 4);
        BcryptHash other = BcryptHash.of(password, 4);

        assertThat(one.text()).isNotEqualTo(other.text());
        assertThat(BcryptHash.parse(one.text()).matches(password)).isTrue();
        assertThat(BcryptHash.parse(other.text()).matches("gnok".getBytes(UTF_8)))
                .isFalse();
    }
}
