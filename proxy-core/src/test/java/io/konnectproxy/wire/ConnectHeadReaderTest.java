package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.TOO_LARGE;
import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectHeadReaderTest {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final ConnectTarget CONTROL_PLANE = new Authority(HostName.of(HOST), 443);
    private static final String LINE = "CONNECT " + HOST + ":443 HTTP/1.1\r\n";
    private static final String HOST_FIELD = "Host: " + HOST + ":443\r\n";
    private static final String NO_HOST_LINE = "CONNECT " + HOST + ":443 HTTP/1.0\r\n";

    private static final String PRINTABLE =
            IntStream.range(' ', 0x7f).mapToObj(Character::toString).collect(Collectors.joining());

    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments(
                        "the bytes a Kong data plane sends",
                        LINE + HOST_FIELD
                                + "Proxy-Connection: Keep-Alive\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n",
                        CONTROL_PLANE),
                arguments(
                        "the bytes a Go client sends",
                        LINE + HOST_FIELD + "User-Agent: Go-http-client/1.1\r\n\r\n",
                        CONTROL_PLANE),
                arguments("Host without the port", LINE + "Host: " + HOST + "\r\n\r\n", CONTROL_PLANE),
                arguments(
                        "Host in other letter case",
                        LINE + "hOST: " + HOST.toUpperCase(java.util.Locale.ROOT) + "\r\n\r\n",
                        CONTROL_PLANE),
                arguments(
                        "a target in capitals is folded",
                        "CONNECT " + "CLOUD.KongHQ.com:443 HTTP/1.1\r\nHost: cloud.konghq.com\r\n\r\n",
                        new Authority(HostName.of("cloud.konghq.com"), 443)),
                arguments(
                        "letter case from A to Z",
                        "CONNECT az.AZ:443 HTTP/1.1\r\nHost: AZ.az\r\n\r\n",
                        new Authority(HostName.of("az.az"), 443)),
                arguments(
                        "every printable character in a value",
                        LINE + HOST_FIELD + "A: " + PRINTABLE + "\r\n\r\n",
                        CONTROL_PLANE),
                arguments("no white space before the value", LINE + "Host:" + HOST + "\r\n\r\n", CONTROL_PLANE),
                arguments(
                        "spaces and tabs around the value",
                        LINE + "Host: \t " + HOST + ":443 \t\r\n\r\n",
                        CONTROL_PLANE),
                arguments("HTTP/1.0 without Host", NO_HOST_LINE + "\r\n", CONTROL_PLANE),
                arguments("HTTP/1.0 with Host", NO_HOST_LINE + HOST_FIELD + "\r\n", CONTROL_PLANE),
                arguments("Content-Length of 0", LINE + HOST_FIELD + "Content-Length: 0\r\n\r\n", CONTROL_PLANE),
                arguments(
                        "Expect, Upgrade and TE, which are ignored",
                        LINE + "Expect: 100-continue\r\nUpgrade: h2c\r\nTE: trailers\r\n" + HOST_FIELD + "\r\n",
                        CONTROL_PLANE),
                arguments(
                        "an empty value, a tab in a value", LINE + HOST_FIELD + "A:\r\nB: x\ty\r\n\r\n", CONTROL_PLANE),
                arguments("64 header fields", LINE + HOST_FIELD + "A: b\r\n".repeat(63) + "\r\n", CONTROL_PLANE),
                arguments(
                        "another port",
                        "CONNECT " + HOST + ":8443 HTTP/1.1\r\nHost: " + HOST + ":8443\r\n\r\n",
                        new Authority(HostName.of(HOST), 8443)),
                arguments(
                        "a trailing dot, for the policy to refuse",
                        "CONNECT cloud.konghq.com.:443 HTTP/1.1\r\nHost: cloud.konghq.com.\r\n\r\n",
                        new ConnectTarget.RootedName(HostName.of("cloud.konghq.com"), 443)),
                arguments(
                        "an IPv4 address, for the policy to refuse",
                        "CONNECT 127.1:443 HTTP/1.1\r\nHost: 127.1:443\r\n\r\n",
                        new ConnectTarget.IpLiteral(443)),
                arguments(
                        "an IPv6 address, for the policy to refuse",
                        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]\r\n\r\n",
                        new ConnectTarget.IpLiteral(443)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void accepts(String name, String head, ConnectTarget target) {
        HeadRun run = atEverySegmentation(head + "\u0016\u0003\u0001early", HeadRun.LIMIT);

        assertThat(run.reading())
                .isInstanceOfSatisfying(
                        ConnectHead.class, read -> assertThat(read.target()).isEqualTo(target));
        assertThat(run.consumed()).as("early bytes stay where they are").isEqualTo(head.length());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.RefusedHeads#all")
    void refuses_with_the_byte_that_makes_it_certain(String name, String bytes, HeadFault.Kind kind) {
        HeadRun run = atEverySegmentation(bytes + "zz", HeadRun.LIMIT);

        assertThat(run.reading()).isInstanceOfSatisfying(HeadFault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
        });
        assertThat(run.consumed()).isEqualTo(bytes.length());
    }

    static Stream<Arguments> tooLarge() {
        String open = LINE + HOST_FIELD + "A: ";
        return Stream.of(
                arguments("a target of more than a line", "CONNECT ", 8192, 64 * 1024),
                arguments("a method of more than a line", "", 8192, 64 * 1024),
                arguments("a header line", open, open.length() - 3 + 8192, 64 * 1024),
                arguments("a head over the limit", LINE + HOST_FIELD + "A: ", 1024, 1024),
                arguments("a limit below the request line", "CONNECT ", 20, 20));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooLarge")
    void stops_with_the_first_byte_over_a_limit(String name, String begin, int allowed, int limit) {
        HeadRun run = atEverySegmentation(begin + "a".repeat(allowed + 100 - begin.length()), limit);

        assertThat(run.reading())
                .isInstanceOfSatisfying(
                        HeadFault.class, fault -> assertThat(fault.kind()).isEqualTo(TOO_LARGE));
        assertThat(run.consumed()).isEqualTo(allowed + 1);
    }

    static Stream<Arguments> chains() {
        String one = "konnect-proxy-0123456789ab";
        String two = "konnect-proxy-ba9876543210";
        return Stream.of(
                arguments("one", "Via: 1.1 " + one + "\r\n", List.of(one)),
                arguments(
                        "two fields", "via:" + one + "\r\nA: b\r\nVIA: 1.1 x, 1.1 " + two + "\r\n", List.of(one, two)),
                arguments("between others", "Via: 1.0 fred, 1.1 " + one + "\t(a), 1.1 p.example:80\r\n", List.of(one)),
                arguments("in a comment", "Via: 1.1 x (" + one + ")\r\n", List.of(one)),
                arguments("in another field", "Vla: 1.1 " + one + "\r\n", List.of()),
                arguments("longer", "Via: 1.1 " + one + "0, 1.1 0" + one + ", 1.1 " + one + ".a\r\n", List.of()),
                arguments(
                        "shorter, capitals, others",
                        "Via: 1.1 konnect-proxy-0123456789a, KONNECT-PROXY-0123456789AB\r\n",
                        List.of()),
                arguments("nothing", "Via:\r\n", List.of()),
                arguments("very long", "Via: " + "a".repeat(8000) + " " + one + "\r\n", List.of(one)),
                arguments("as many as are kept", ("Via: " + one + "\r\n").repeat(60), Collections.nCopies(16, one)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void finds_proxies_of_this_kind_in_via(String name, String fields, List<String> chain) {
        assertThat(atEverySegmentation(LINE + HOST_FIELD + fields + "\r\n", 64 * 1024)
                        .reading())
                .isEqualTo(new ConnectHead(
                        CONTROL_PLANE,
                        Credentials.None.NONE,
                        new ProxyChain(chain.stream().map(ViaName::new).toList())));
    }

    @Test
    void a_chain_is_a_loop_where_it_names_the_reader_or_has_no_end() {
        ViaName self = ViaName.of(0x123456789abcL);
        ViaName other = ViaName.of(-1);
        assertThat(self).hasToString("konnect-proxy-123456789abc");
        assertThat(ProxyChain.EMPTY.isLoop(self)).isFalse();
        assertThat(ProxyChain.EMPTY.via(self)).isEqualTo("1.1 " + self);
        assertThat(new ProxyChain(List.of(other)).isLoop(self)).isFalse();
        assertThat(new ProxyChain(List.of(other)).via(self)).isEqualTo("1.1 " + other + ", 1.1 " + self);
        assertThat(new ProxyChain(List.of(other, self)).isLoop(self)).isTrue();
        assertThat(new ProxyChain(Collections.nCopies(15, other)).isLoop(self)).isFalse();
        assertThat(new ProxyChain(Collections.nCopies(16, other)).isLoop(self)).isTrue();
    }

    @Test
    void accepts_a_line_and_a_head_that_just_fit() {
        String before = LINE + HOST_FIELD;
        String head = before + "A:" + "b".repeat(8190) + "\r\n\r\n";

        assertThat(HeadRun.whole(bytes(head), head.length()).reading())
                .isEqualTo(new ConnectHead(CONTROL_PLANE, Credentials.None.NONE, ProxyChain.EMPTY));
        assertThat(HeadRun.whole(bytes(head), head.length() - 1).reading())
                .isEqualTo(new HeadFault(
                        TOO_LARGE, "The request head has more than the " + (head.length() - 1) + " bytes allowed."));
    }

    static Stream<Arguments> asked() {
        String filler = "a".repeat(700);
        return Stream.of(
                arguments("the target of a whole head", LINE + HOST_FIELD + "\r\nearly", HOST + ":443", true),
                arguments("of a faulty head", LINE + "Cookie : secret", HOST + ":443", true),
                arguments("nothing of the credentials", LINE + "Proxy-Authorization: Basic dXNl", HOST + ":443", true),
                arguments("an at sign in another line", LINE + "From: a@b", HOST + ":443", true),
                arguments("a target that is none", "CONNECT a_b:443 HTTP/1.1\r\n", "a_b:443", true),
                arguments("a line that ends in LF alone", "CONNECT a:443 HTTP/1.1\n", "a:443", true),
                arguments("a wrong version", "CONNECT a:443 http/1.1\r\n", "a:443", true),
                arguments("no version, for the line ends in the target", "CONNECT a:443\r\n", "a:443", false),
                arguments("no version and no CR", "CONNECT a:443\nSecret: 1", "a:443", false),
                arguments("the byte that made it a fault", "CONNECT a\u001b[31m HTTP/1.1\r\n", "a\u001b", true),
                arguments("not more than is of use", "CONNECT " + filler + " x\n", filler.substring(0, 600), true),
                arguments("a target that may go on", "CONNECT cloud.k", "cloud.k", false),
                arguments("a line that may go on", "CONNECT a:443 HT", "a:443", false),
                arguments("a line that may go on behind a fault", "CONNECT a:443 x", "a:443", false),
                arguments("a CR that ends no line", "CONNECT a:443 HTTP/1.1\rb@c", "a:443", false),
                arguments("a CR that ends no line behind a fault", "CONNECT a:1\u00e9\rb@c", "a:1\u00e9", false),
                arguments("an at sign in the target", "CONNECT u:p@a:443 HTTP/1.1\r\n", "u:p@a:443", false),
                arguments("one that is encoded", "CONNECT u:1%40a:443 HTTP/1.1\r\n", "u:1%40a:443", false),
                arguments("one behind a blank", "CONNECT u:1 2@a:443 HTTP/1.1\r\n", "u:1", false),
                arguments("one behind a byte of no host", "CONNECT u:1\u00fc@a HTTP/1.1\r\n", "u:1\u00fc", false),
                arguments("one in place of the version", "CONNECT u:1 @\r\n", "u:1", false),
                arguments("one behind the version", "CONNECT u:1 HTTP/1.1@\r\n", "u:1", false),
                arguments("another method's", "GET cloud.konghq.com:443 HTTP/1.1\r\n", "cloud.konghq.com:443", false),
                arguments("another method's path", "GET /index.html HTTP/1.1\r\n", "/index.html", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("asked")
    void says_what_was_asked_for(String name, String bytes, String text, boolean withoutUser) {
        assertThat(atEverySegmentation(bytes, HeadRun.LIMIT).asked()).contains(new RequestTarget(text, withoutUser));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "CONN", "CONNECT ", "CONNECT  a", "CONNECT\r\nSecret: 1", "CONNECT\nSecret: 1", "s3cret@a b"
            })
    void nothing_was_asked_for_before_there_is_a_target(String bytes) {
        assertThat(atEverySegmentation(bytes, HeadRun.LIMIT).asked()).isEmpty();
    }

    @Test
    void a_fault_that_waits_for_the_end_of_its_line_is_told_where_that_never_comes() {
        var reader = new ConnectHeadReader(HeadRun.LIMIT);

        assertThat(reader.read(ByteBuffer.wrap(bytes("CONNECT cloud.konghq.com HTTP"))))
                .isEqualTo(NEED_MORE);
        assertThat(reader.end()).isEqualTo(new HeadFault(MALFORMED, "The target has no port: write host:443."));
    }

    @Test
    void problems_hold_nothing_of_the_request() {
        String words = RefusedHeads.all()
                .map(row -> HeadRun.whole(bytes((String) row.get()[1]), HeadRun.LIMIT)
                        .reading())
                .map(reading -> ((HeadFault) reading).problem())
                .collect(Collectors.joining("\n"));

        assertThat(words).doesNotContain("0646a7d680", "cloud.konghq.com", "user:pw", "index.html", "Connect ");
    }

    @Test
    void is_untouched_until_the_first_byte() {
        var reader = new ConnectHeadReader(HeadRun.LIMIT);

        assertThat(reader.read(ByteBuffer.allocate(0))).isEqualTo(NEED_MORE);
        assertThat(reader.untouched()).isTrue();
        assertThat(reader.read(ByteBuffer.wrap(bytes("C")))).isEqualTo(NEED_MORE);
        assertThat(reader.untouched()).isFalse();
    }

    @Test
    void an_end_before_the_empty_line_is_malformed_wherever_it_comes() {
        String head = LINE + HOST_FIELD + "\r\n";
        for (int length = 0; length < head.length(); length++) {
            var reader = new ConnectHeadReader(HeadRun.LIMIT);
            assertThat(reader.read(ByteBuffer.wrap(bytes(head.substring(0, length)))))
                    .isEqualTo(NEED_MORE);
            assertThat(reader.end())
                    .isInstanceOfSatisfying(
                            HeadFault.class, fault -> assertThat(fault.kind()).isEqualTo(MALFORMED));
        }
    }

    @Test
    void reads_nothing_after_it_has_decided() {
        for (String decided : new String[] {LINE + HOST_FIELD + "\r\n", "connect "}) {
            var reader = new ConnectHeadReader(HeadRun.LIMIT);
            assertThat(reader.read(ByteBuffer.wrap(bytes(decided)))).isNotEqualTo(NEED_MORE);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(0))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(reader::end).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_limit_that_admits_nothing_is_a_programming_error() {
        assertThat(new ConnectHeadReader(1).untouched()).isTrue();
        assertThatThrownBy(() -> new ConnectHeadReader(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void is_decided_by_every_single_first_byte_that_is_no_token() {
        String tokens = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~";
        IntStream.range(0, 256).forEach(octet -> {
            HeadReading reading =
                    HeadRun.whole(new byte[] {(byte) octet}, HeadRun.LIMIT).reading();
            boolean token = tokens.indexOf(octet) >= 0;
            assertThat(reading == NEED_MORE).as("octet %d", octet).isEqualTo(token);
        });
    }

    /** Asserts that the cuts do not matter, and gives the result. */
    private static HeadRun atEverySegmentation(String text, int limit) {
        byte[] bytes = bytes(text);
        HeadRun whole = HeadRun.whole(bytes, limit);
        assertThat(HeadRun.pieces(bytes, 1, limit)).as("byte by byte").isEqualTo(whole);
        assertThat(HeadRun.pieces(bytes, 7, limit)).as("seven bytes each").isEqualTo(whole);
        for (int at = 0; at < Math.min(bytes.length, 300); at++) {
            assertThat(HeadRun.split(bytes, at, limit)).as("split at %d", at).isEqualTo(whole);
        }
        return whole;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
