package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import io.konnectproxy.wire.Credentials.Basic;
import io.konnectproxy.wire.Credentials.Unreadable;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the head reader makes of {@code Proxy-Authorization}: never a fault of the head, and never a guess. */
final class CredentialsTest {
    private static final String HOST = "us.api.konghq.com:443";
    private static final String BEFORE = "CONNECT " + HOST + " HTTP/1.1\r\nHost: " + HOST + "\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.SentCredentials#readable")
    void reads(String name, String lines, String user, String password) {
        Basic basic = (Basic) credentials(lines);

        assertThat(basic.user()).isEqualTo(user);
        assertThat(basic.password()).isIn(password.getBytes(UTF_8), password.getBytes(ISO_8859_1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.SentCredentials#unreadable")
    void does_not_read(String name, String lines, String words) {
        assertThat(credentials(lines))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable ->
                                assertThat(unreadable.problem()).contains(words).matches("[A-Z][ -~]+\\."));
    }

    static Stream<Arguments> all() {
        return Stream.concat(SentCredentials.readable(), SentCredentials.unreadable());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void the_model_says_the_same(String name, String lines) {
        Optional<Basic> basic = HeadModel.basic(BEFORE + lines + "\r\n");

        assertThat(credentials(lines) instanceof Basic read ? Optional.of(read) : Optional.empty())
                .isEqualTo(basic);
    }

    /** Every value of up to four characters is what the JDK writes for what it reads, or is not read. */
    @Test
    void base64_has_one_spelling() {
        String alphabet = "ABQgZw09+/=- _";
        Random random = new Random(7);
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder("dTpw");
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String sent = BEFORE + "Proxy-Authorization: Basic " + text + "\r\n\r\n";
            HeadReading reading =
                    HeadRun.whole(sent.getBytes(ISO_8859_1), HeadRun.LIMIT).reading();
            if (reading instanceof ConnectHead head && head.credentials() instanceof Basic basic) {
                byte[] pair = ("u:" + new String(basic.password(), ISO_8859_1)).getBytes(ISO_8859_1);
                assertThat(Base64.getEncoder().encodeToString(pair))
                        .isEqualTo(text.toString().strip());
                read++;
            } else {
                assertThat(HeadModel.basic(sent)).as("%s", text).isEmpty();
            }
        }
        assertThat(read).isGreaterThan(5_000);
    }

    @Test
    void there_are_none_without_the_field() {
        assertThat(credentials("Authorization: Basic dTpw\r\nProxy-Authorization-: Basic dTpw\r\n"))
                .isEqualTo(Credentials.None.NONE);
    }

    @Test
    void what_no_header_may_have_is_a_fault_here_too() {
        assertThat(reading("Proxy-Authorization: Basic dTpw\0")).isInstanceOf(HeadFault.class);
        assertThat(reading("Proxy-Authorization: Basic dTpw\n")).isInstanceOf(HeadFault.class);
        assertThat(reading("Proxy-Authorization : Basic dTpw\r\n")).isInstanceOf(HeadFault.class);
        assertThat(reading("Proxy-Authorization: Basic dTpw\r\n dTpw\r\n")).isInstanceOf(HeadFault.class);
    }

    @Test
    void what_is_printed_has_neither_user_nor_password() {
        Credentials credentials = credentials("Proxy-Authorization: Basic c2VjcmV0OnNlY3JldA==\r\n");
        ConnectHead head = new ConnectHead(new Authority(HostName.of("a.b"), 443), credentials, ProxyChain.EMPTY);

        assertThat(((Basic) credentials).user()).isEqualTo("secret");
        assertThat(head.toString())
                .isEqualTo("ConnectHead[target=a.b:443, credentials=Basic, chain=ProxyChain[names=[]]]");
        assertThat(credentials.hashCode()).isEqualTo(new Basic("secret", new byte[0]).hashCode());
    }

    @Test
    void nobody_changes_a_password_afterwards() {
        byte[] password = {'p'};
        Basic basic = new Basic("u", password);
        password[0] = 'q';
        basic.password()[0] = 'r';

        assertThat(basic.password()).containsExactly('p');
    }

    @Test
    void pairs_are_equal_when_both_are() {
        Basic basic = new Basic("u", new byte[] {'p'});
        assertThat(basic)
                .isEqualTo(new Basic("u", new byte[] {'p'}))
                .isNotEqualTo(new Basic("u", new byte[] {'q'}))
                .isNotEqualTo(new Basic("v", new byte[] {'p'}))
                .isNotEqualTo(Credentials.None.NONE);
    }

    private static Credentials credentials(String lines) {
        return ((ConnectHead) reading(lines)).credentials();
    }

    /** Asserts that the cuts do not matter, and that nothing of the field counts as asked for. */
    private static HeadReading reading(String lines) {
        byte[] bytes = (BEFORE + lines + "\r\n").getBytes(ISO_8859_1);
        HeadRun whole = HeadRun.whole(bytes, HeadRun.LIMIT);
        assertThat(HeadRun.pieces(bytes, 1, HeadRun.LIMIT)).as("byte by byte").isEqualTo(whole);
        assertThat(HeadRun.pieces(bytes, 7, HeadRun.LIMIT))
                .as("seven bytes each")
                .isEqualTo(whole);
        for (int at = BEFORE.length(); at < Math.min(bytes.length, 200); at++) {
            assertThat(HeadRun.split(bytes, at, HeadRun.LIMIT))
                    .as("split at %d", at)
                    .isEqualTo(whole);
        }
        assertThat(whole.asked()).contains(new RequestTarget(HOST, true));
        return whole.reading();
    }
}
