package io.konnectproxy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.target.ConnectTarget.IpLiteral;
import io.konnectproxy.target.ConnectTarget.Malformed;
import io.konnectproxy.target.ConnectTarget.RootedName;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectTargetTest {
    private static final String LABEL_63 = "a".repeat(63);
    private static final String NAME_253 = (LABEL_63 + ".").repeat(3) + "a".repeat(61);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud.konghq.com:443",
                "0646a7d680.us.cp0.konghq.com:443",
                "a:1",
                "localhost:65535",
                "xn--knghq-jua.com:443",
                "a-b.c--d:443",
                "1.2.3.4.com:443",
                "0xg.com:443",
                "7f000001a:443",
                "1.2.3.4a:443"
            })
    void a_canonical_target_is_read_and_written_alike(String text) {
        assertThat(ConnectTarget.parse(text))
                .isInstanceOfSatisfying(
                        Authority.class, authority -> assertThat(authority).hasToString(text));
    }

    @Test
    void letter_case_is_folded_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(ConnectTarget.parse("IN.API.KongHQ.com:443"))
                    .isEqualTo(new Authority(HostName.of("in.api.konghq.com"), 443));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud.konghq.com.:443", "a.:1", "CLOUD.konghq.com.:443"})
    void a_trailing_dot_makes_a_rooted_name(String text) {
        assertThat(ConnectTarget.parse(text)).isInstanceOf(RootedName.class);
    }

    @Test
    void a_rooted_name_knows_its_canonical_form() {
        assertThat(ConnectTarget.parse("CLOUD.konghq.com.:8443"))
                .isEqualTo(new RootedName(HostName.of("cloud.konghq.com"), 8443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:443",
                "127.1:443",
                "2130706433:443",
                "0177.0.0.1:443",
                "017700000001:443",
                "0x7f000001:443",
                "0X7F.0.0.1:443",
                "0x7f.1:443",
                "1.2.3.0x4:443",
                "1.2.3.0x:443",
                "999.999.999.999:443",
                "127.0.0.1.:443",
                "evil.com.0:443",
                "cloud.konghq.com.0x1:443",
                "[::1]:443",
                "[::]:443",
                "[::ffff:127.0.0.1]:443",
                "[2001:db8:0:0:0:0:0:1]:443",
                "[1:2:3:4:5:6:1.2.3.4]:443",
                "[1:2:3:4:5:6:7::]:443",
                "[FE80::a]:443"
            })
    void an_address_in_any_spelling_is_no_name(String text) {
        assertThat(ConnectTarget.parse(text)).isEqualTo(new IpLiteral(443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1:443",
                "::1",
                "[fe80::1%25eth0]:443",
                "[fe80::1%eth0]:443",
                "[::1]",
                "[::1]443",
                "[::1]:",
                "[::1]:0",
                "[::1].:443",
                "[::1:443",
                "[:443",
                "[]:443",
                "[:]:443",
                "[:::]:443",
                "[1::2::3]:443",
                "[1:2:3:4:5:6:7:8:9]:443",
                "[1:2:3:4:5:6:7]:443",
                "[1:2:3:4:5:6:7:8::]:443",
                "[12345::]:443",
                "[::1.2.3]:443",
                "[::1.2.3.256]:443",
                "[1.2.3.4::]:443",
                "[1.2.3.4:1:2:3:4:5:6]:443",
                "[g::]:443",
                "[127.0.0.1]:443",
                "[cloud.konghq.com]:443",
                "[v1.a]:443"
            })
    void brackets_hold_an_ipv6_address_and_nothing_else(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud.konghq.com",
                "cloud.konghq.com:",
                "cloud.konghq.com:0",
                "cloud.konghq.com:65536",
                "cloud.konghq.com:99999",
                "cloud.konghq.com:100443",
                "cloud.konghq.com:4294967739",
                "cloud.konghq.com:0443",
                "cloud.konghq.com:00",
                "cloud.konghq.com:+443",
                "cloud.konghq.com:-443",
                "cloud.konghq.com:443 ",
                "cloud.konghq.com: 443",
                "cloud.konghq.com:\u0664\u0664\u0663",
                "cloud.konghq.com:\uff14\uff14\uff13",
                "cloud.konghq.com:0x1bb",
                "cloud.konghq.com:443:443",
                "cloud.konghq.com::443",
                "cloud.konghq.com:https"
            })
    void a_port_has_one_spelling(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":443",
                ".:443",
                "..:443",
                ".konghq.com:443",
                "cloud..konghq.com:443",
                "cloud.konghq.com..:443",
                "-cloud.konghq.com:443",
                "cloud-.konghq.com:443",
                "cloud.konghq.-:443",
                "-:443",
                "cloud_1.konghq.com:443",
                "*.konghq.com:443",
                "*",
                "*:443"
            })
    void labels_are_of_letters_digits_and_inner_hyphens(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@cloud.konghq.com:443",
                "user:password@cloud.konghq.com:443",
                "cloud.konghq.com%00.evil.com:443",
                "cloud%2ekonghq.com:443",
                "cloud\\.konghq.com:443",
                "cloud.konghq.com\\@evil.com:443",
                "cloud.konghq.com\0:443",
                "cloud.konghq.com\t:443",
                "cloud.konghq.com\r\n:443",
                "cloud.konghq.com\u007f:443",
                "cloud.konghq.com\u0080:443",
                "cl\u00f6ud.konghq.com:443",
                "cloud\u3002konghq.com:443",
                "cloud.\u212aonghq.com:443",
                "cloud.konghq\u2028.com:443",
                " cloud.konghq.com:443",
                "https://cloud.konghq.com:443",
                "https://cloud.konghq.com:443/",
                "//cloud.konghq.com:443",
                "/cloud.konghq.com:443",
                "cloud.konghq.com/:443",
                "cloud.konghq.com:443/",
                "cloud.konghq.com:443/path",
                "cloud.konghq.com:443?query",
                "cloud.konghq.com:443#fragment",
                "cloud.konghq.com:443;",
                "cloud.konghq.com,evil.com:443"
            })
    void nothing_but_host_and_port_may_stand(String text) {
        assertMalformed(text);
    }

    @Test
    void a_name_may_have_253_characters_and_a_label_63() {
        assertThat(ConnectTarget.parse(NAME_253 + ":443")).isInstanceOf(Authority.class);
        assertThat(ConnectTarget.parse(NAME_253 + ".:443")).isInstanceOf(RootedName.class);
        assertMalformed(NAME_253 + "a:443");
        assertMalformed("a" + LABEL_63 + ".com:443");
    }

    @Test
    void an_authority_has_a_real_port() {
        HostName host = HostName.of("cloud.konghq.com");
        assertThat(new Authority(host, 1)).hasToString("cloud.konghq.com:1");
        assertThatThrownBy(() -> new Authority(host, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Authority(host, 65536)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Texts from a small alphabet, so that a good part of them is accepted. */
    @Test
    void whatever_is_accepted_reads_back_as_itself() {
        Random random = new Random(4);
        String alphabet = "aZ09x-..::[]4_\u00e9";
        int accepted = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(9); length >= 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ConnectTarget target = ConnectTarget.parse(random.nextInt(4) > 0 ? text + ":443" : text.toString());
            if (target instanceof Authority authority) {
                accepted++;
                assertThat(authority.toString()).matches("[a-z0-9.-]+:[1-9][0-9]*");
                assertThat(ConnectTarget.parse(authority.toString())).isEqualTo(authority);
            }
        }
        assertThat(accepted).as("enough to mean something").isGreaterThan(1_000);
    }

    private static void assertMalformed(String text) {
        assertThat(ConnectTarget.parse(text))
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.problem()).matches("[A-Z][ -~]+\\."));
    }
}
