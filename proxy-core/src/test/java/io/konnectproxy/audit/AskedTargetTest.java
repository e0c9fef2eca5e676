package io.konnectproxy.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AskedTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud.konghq.com:443",
                "CLOUD.konghq.com:443",
                "www.example.com:80",
                "cloud.konghq.com.:443",
                "a_b.us.cp0.konghq.com:443",
                "us..api.konghq.com:443",
                "-a.konghq.com:443",
                "10.0.0.1:443",
                "0x7f.1:443",
                "[::1]:443",
                "[::ffff:127.0.0.1]:443",
                "[:443",
                "cloud.konghq.com",
                "cloud.konghq.com:",
                "cloud.konghq.com:65536"
            })
    void shows_a_host_and_a_port_as_they_are(String asked) {
        assertThat(AskedTarget.of(asked, true)).isEqualTo(new AskedTarget(asked, false));
    }

    static Stream<Arguments> prefixes() {
        return Stream.of(
                arguments("a path", "cloud.konghq.com:443/v2?token=s3cret", "cloud.konghq.com:443"),
                arguments("a query", "cloud.konghq.com:443?token=s3cret", "cloud.konghq.com:443"),
                arguments("a fragment", "cloud.konghq.com#s3cret", "cloud.konghq.com"),
                arguments("parameters", "cloud.konghq.com:443;s3cret", "cloud.konghq.com:443"),
                arguments("percent-encoding", "us%2eapi.konghq.com:443", "us"),
                arguments("a backslash", "us.api.konghq.com\\s3cret", "us.api.konghq.com"),
                arguments("a star", "*.us.cp0.konghq.com:443", ""),
                arguments("a line end", "evil\r\ns3cret", "evil"),
                arguments("a terminal's escape", "evil\u001b[31m", "evil"),
                arguments("a letter beyond ASCII", "evil\u00fc.com:443", "evil"),
                arguments("origin-form", "/s3cret?token=s3cret", ""),
                arguments("a query alone", "?token=s3cret", ""),
                arguments("asterisk-form", "*", ""),
                arguments("absolute-form", "https://us.api.konghq.com/s3cret", "https:"),
                arguments("the form of a user and a password", "bob:s3cret", ""),
                arguments("the same with a path behind", "bob:s3cret/", ""),
                arguments("more digits than a port has", "bob:123456", ""),
                arguments("a port that is none", "cloud.konghq.com:1e3", ""),
                arguments("two colons", "bob:443:443", ""),
                arguments("IPv6 without brackets, which has the same form", "::1:443", ""),
                arguments("a name in brackets", "[s3cret]:443", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("prefixes")
    void shows_what_comes_before_what_neither_can_have(String name, String asked, String shown) {
        assertThat(AskedTarget.of(asked, true)).isEqualTo(new AskedTarget(shown, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob:s3cret@host:443",
                "bob@host:443",
                "bob",
                "bob:443",
                "bob:12\u00fc",
                "cloud.konghq.com:443",
                "[::1]:443",
                "/s3cret",
                "*",
                "s3cret",
                "s3cret.html",
                "http",
                "http:8080@host",
                "httpx:",
                "https:s3cret@host",
                "ftp://bob:s3cret@host/"
            })
    void shows_nothing_of_what_may_be_a_user_or_a_path(String asked) {
        assertThat(AskedTarget.of(asked, false)).isEqualTo(new AskedTarget("", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://bob:s3cret@host/", "http://h/?token=s3cret", "http:/", "http:\u00fc", "http:@host"})
    void shows_that_it_was_a_url(String asked) {
        assertThat(AskedTarget.of(asked, false)).isEqualTo(new AskedTarget("http:", true));
    }

    @Test
    void takes_no_letter_beyond_ascii_for_one_of_a_scheme() {
        assertThat(AskedTarget.of("http\u017f://host", false)).isEqualTo(new AskedTarget("", true));
    }

    @Test
    void cuts_behind_512_characters_and_says_so() {
        assertThat(AskedTarget.of("a".repeat(512), true)).isEqualTo(new AskedTarget("a".repeat(512), false));
        assertThat(AskedTarget.of("a".repeat(513), true)).isEqualTo(new AskedTarget("a".repeat(512), true));
        assertThat(AskedTarget.of("", true)).isEqualTo(new AskedTarget("", false));
    }

    @Test
    void can_hold_nothing_else() {
        for (String text : new String[] {"a b", "a@b", "a/b", "a?b", "\u00fc", "a\n", "a".repeat(513)}) {
            assertThatThrownBy(() -> new AskedTarget(text, false)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void is_a_beginning_of_what_was_asked_for_whatever_comes() {
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(700)];
            random.nextBytes(noise);
            String asked = new String(noise, ISO_8859_1);
            AskedTarget target = AskedTarget.of(asked, random.nextBoolean());
            assertThat(asked).startsWith(target.text());
            assertThat(target.truncated()).isEqualTo(!asked.equals(target.text()));
        }
    }
}
