package io.konnectproxy.server.credentials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes by bcrypt, held against the published vectors of Openwall's crypt_blowfish 1.3. */
class BcryptHashTest {
    private static final String SEVENTY_TWO =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /** A character of a password is a byte. */
    static Stream<Arguments> vectors() {
        return Stream.of(
                arguments("2a", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
                arguments("2a, a byte more", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
                arguments("2a, another salt", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U"),
                arguments("2a, 72 bytes", "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui", SEVENTY_TWO),
                arguments("2a, no UTF-8", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\u00a3"),
                arguments("2b, no UTF-8", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\u00a3"),
                arguments("2y, no UTF-8", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\u00a3"),
                arguments(
                        "2b, bytes with signs",
                        "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e",
                        "\u00ff\u00ff\u00a3"),
                arguments(
                        "2y, bytes with signs",
                        "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e",
                        "\u00ff\u00ff\u00a3"),
                arguments(
                        "2y, bytes with signs among others",
                        "$2y$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi",
                        "\u00ff\u00a334\u00ff\u00ff\u00ff\u00a3345"),
                arguments(
                        "2y, a sign in front",
                        "$2y$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e",
                        "\u00ff\u00a3345"),
                arguments(
                        "2y, a sign behind",
                        "$2y$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS",
                        "\u00a3ab"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void knows_the_password_of_a_vector(String name, String text, String password) {
        BcryptHash hash = BcryptHash.parse(text);
        byte[] bytes = password.getBytes(ISO_8859_1);

        assertThat(hash.matches(bytes)).isTrue();
        assertThat(bytes).as("the caller's own").isEqualTo(password.getBytes(ISO_8859_1));
        assertThat(hash.matches((password.substring(1) + "x").getBytes(ISO_8859_1)))
                .isFalse();
        assertThat(hash.matches("".getBytes(ISO_8859_1))).isFalse();
        assertThat(hash.cost()).isEqualTo(5);
    }

    /** All that one wrote with a faulty bcrypt has a version of its own; the other's safeguard is no part of bcrypt. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nqd1wy.pTMdcvrRWxyiGL2eMz.2a85.",
                "$2a$05$/OK.fbVrR/bpIqNJ5ianF.ZC1JEJ8Z4gPfpe1JOr/oyPXTWl9EFd."
            })
    void knows_no_hash_that_only_the_safeguard_of_crypt_blowfish_makes(String text) {
        for (String password : List.of("\u00ff\u00ff\u00a3", "\u00ff\u00a334\u00ff\u00ff\u00ff\u00a3345")) {
            assertThat(BcryptHash.parse(text).matches(password.getBytes(ISO_8859_1)))
                    .isFalse();
        }
    }

    @Test
    void takes_a_password_in_utf_8_byte_by_byte() {
        BcryptHash hash = BcryptHash.of("p\u00e4ssw\u00f6rd \ud83d\udd11".getBytes(UTF_8), BcryptHash.MIN_COST);

        assertThat(hash.matches("p\u00e4ssw\u00f6rd \ud83d\udd11".getBytes(UTF_8)))
                .isTrue();
        assertThat(hash.matches("p\u00e4ssw\u00f6rd \ud83d\udd11".getBytes(ISO_8859_1)))
                .isFalse();
    }

    @Test
    void tells_a_zero_byte_from_an_end() {
        BcryptHash hash = BcryptHash.of("a\0b".getBytes(UTF_8), BcryptHash.MIN_COST);

        assertThat(hash.matches("a\0b".getBytes(UTF_8))).isTrue();
        assertThat(hash.matches("a".getBytes(UTF_8))).isFalse();
        assertThat(hash.matches("a\0c".getBytes(UTF_8))).isFalse();
    }

    @Test
    void refuses_to_hash_more_than_bcrypt_looks_at() {
        byte[] long73 = (SEVENTY_TWO + "x").getBytes(UTF_8);
        BcryptHash hash = BcryptHash.of(SEVENTY_TWO.getBytes(UTF_8), BcryptHash.MIN_COST);

        assertThat(hash.matches(SEVENTY_TWO.getBytes(UTF_8))).isTrue();
        assertThatThrownBy(() -> hash.matches(long73)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BcryptHash.of(long73, BcryptHash.MIN_COST))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Salt and hash end within a character: of the 64 characters only 4 and 16 have no bits there that count for nothing. */
    @Test
    void takes_a_character_at_the_end_of_salt_and_hash_only_where_all_its_bits_count() {
        String alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        assertThat(alphabet.chars()
                        .filter(c -> isTaken("$2b$05$/OK.fbVrR/bpIqNJ5ianF%sCE5elHaaO4EbggVDjb8P19RukzXSM3e", c)))
                .map(c -> (char) (int) c)
                .containsExactly('.', 'O', 'e', 'u');
        assertThat(alphabet.chars()
                        .filter(c -> isTaken("$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3%s", c)))
                .map(c -> (char) (int) c)
                .containsExactly('.', 'C', 'G', 'K', 'O', 'S', 'W', 'a', 'e', 'i', 'm', 'q', 'u', 'y', '2', '6');
    }

    private static boolean isTaken(String text, int character) {
        try {
            BcryptHash.parse(text.formatted(Character.toString(character)));
            return true;
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("a bcrypt hash with a wrong character at the end of salt or hash");
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 11})
    void writes_what_it_reads(int cost) {
        BcryptHash hash = BcryptHash.of("kong".getBytes(UTF_8), cost);

        assertThat(hash.text())
                .startsWith(String.format(Locale.ROOT, "$2y$%02d$", cost))
                .hasSize(60);
        assertThat(BcryptHash.parse(hash.text()).text()).isEqualTo(hash.text());
        assertThat(BcryptHash.parse(hash.text()).cost()).isEqualTo(cost);
        assertThat(BcryptHash.parse(hash.text()).matches("kong".getBytes(UTF_8)))
                .isTrue();
    }
}
