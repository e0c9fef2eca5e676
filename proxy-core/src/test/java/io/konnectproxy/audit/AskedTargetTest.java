package io.konnectproxy.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AskedTargetTest {
    static Stream<Arguments> asked() {
        return Stream.of(
                arguments("nothing", "", ""),
                arguments("a plain target", "cloud.konghq.com:443", "cloud.konghq.com:443"),
                arguments("letter case", "CLOUD.konghq.com:443", "CLOUD.konghq.com:443"),
                arguments("the first and the last printable character", "a ~", "a ~"),
                arguments("line ends", "a\r\nb", "a\\x0d\\x0ab"),
                arguments("a terminal's escape", "\u001b[31mred", "\\x1b[31mred"),
                arguments("NUL and DEL", "\0\u007f", "\\x00\\x7f"),
                arguments("a backslash, so that nobody can write an escape", "a\\x0d", "a\\x5cx0d"),
                arguments("a quotation mark, for JSON to escape", "a\"b", "a\"b"),
                arguments("user and password", "user:pa55@host:443", "***@host:443"),
                arguments("a user alone", "user@host:443", "***@host:443"),
                arguments("an at sign in the password", "user:p@ss@host:443", "***@host:443"),
                arguments("an at sign in front", "@host", "***@host"),
                arguments("an at sign behind all", "user:secret@", "***@"),
                arguments("a password in a URL", "http://user:secret@host/", "***@host/"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("asked")
    void makes_it_safe(String name, String asked, String safe) {
        assertThat(AskedTarget.of(asked.getBytes(ISO_8859_1))).isEqualTo(new AskedTarget(safe, false));
    }

    @Test
    void escapes_what_is_not_ascii_byte_by_byte() {
        assertThat(AskedTarget.of("a\u2028".getBytes(UTF_8)).text()).isEqualTo("a\\xe2\\x80\\xa8");
        assertThat(AskedTarget.of(new byte[] {(byte) 0xc3, '('}).text()).isEqualTo("\\xc3(");
    }

    @Test
    void cuts_behind_512_characters_and_says_so() {
        assertThat(AskedTarget.of("a".repeat(512).getBytes(UTF_8))).isEqualTo(new AskedTarget("a".repeat(512), false));
        assertThat(AskedTarget.of("a".repeat(513).getBytes(UTF_8))).isEqualTo(new AskedTarget("a".repeat(512), true));
        assertThat(AskedTarget.of(new byte[128]).truncated()).isFalse();
        assertThat(AskedTarget.of(new byte[129]).truncated()).isTrue();
    }

    @Test
    void no_password_survives_in_front_of_the_cut() {
        String asked = "user:" + "p".repeat(600) + "@host";
        assertThat(AskedTarget.of(asked.getBytes(UTF_8))).isEqualTo(new AskedTarget("***@host", false));
    }

    @Test
    void is_printable_and_bounded_whatever_comes() {
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(700)];
            random.nextBytes(noise);
            assertThat(AskedTarget.of(noise).text()).matches("[ -~]{0,512}");
        }
    }
}
