package io.konnectproxy.wire;

import static io.konnectproxy.wire.ReplyReading.Connected.CONNECTED;
import static io.konnectproxy.wire.ReplyReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.wire.ReplyReading.Declined;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What parent proxies answer to CONNECT: real ones, and those that mean harm. */
class ConnectReplyReaderTest {
    private static final String OK = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final String EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n";

    private static ReplyReading read(String bytes) {
        ReplyRun whole = ReplyRun.whole(bytes.getBytes(ISO_8859_1));
        assertThat(ReplyRun.byteByByte(bytes.getBytes(ISO_8859_1)))
                .as("byte by byte")
                .isEqualTo(whole);
        return whole.reading();
    }

    static Stream<Arguments> connected() {
        return Stream.of(
                arguments("Squid, Privoxy", OK),
                arguments("tinyproxy", "HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n"),
                arguments(
                        "Apache", "HTTP/1.0 200 Connection Established\r\nProxy-agent: Apache/2.4.57 (Debian)\r\n\r\n"),
                arguments(
                        "LittleProxy",
                        "HTTP/1.1 200 Connection established\r\nconnection: keep-alive\r\nvia: 1.1 p\r\n\r\n"),
                arguments("no phrase", "HTTP/1.1 200 \r\n\r\n"),
                arguments("neither a phrase nor the space before it", "HTTP/1.1 200\r\n\r\n"),
                arguments("the same behind the same", "HTTP/1.1 100\r\n\r\nHTTP/1.0 200\r\nA: b\r\n\r\n"),
                arguments("another success", "HTTP/1.1 204 No Content\r\n\r\n"),
                arguments("a field without a value", "HTTP/1.1 200 OK\r\nX-Nothing:\r\n\r\n"),
                arguments("a phrase and a value beyond ASCII", "HTTP/1.1 200 \u00c9tabli\r\nX-A: \u00ff\t\r\n\r\n"),
                arguments(
                        "framing, which RFC 9110, 9.3.6, has ignored",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
                arguments("an interim answer before it", EARLY_HINTS + OK),
                arguments("as many interim answers as there may be", EARLY_HINTS.repeat(8) + OK),
                arguments("as many fields as there may be", "HTTP/1.1 200 OK\r\n" + "a:\r\n".repeat(100) + "\r\n"),
                arguments(
                        "as many bytes as there may be",
                        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(16 * 1024 - 24) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connected")
    void opens_the_tunnel(String name, String bytes) {
        assertThat(read(bytes)).isEqualTo(CONNECTED);
        ByteBuffer withMore = ByteBuffer.wrap((bytes + "more").getBytes(ISO_8859_1));
        assertThat(new ConnectReplyReader().read(withMore)).isEqualTo(CONNECTED);
        assertThat(withMore.remaining())
                .as("bytes left, which are the tunnel's")
                .isEqualTo(4);
    }

    static Stream<Arguments> declined() {
        return Stream.of(
                arguments("a redirection", "HTTP/1.1 302 Found\r\n", 302),
                arguments("forbidden", "HTTP/1.1 403 Forbidden\r\n", 403),
                arguments("credentials demanded", "HTTP/1.1 407 Proxy Authentication Required\r\n", 407),
                arguments("unavailable", "HTTP/1.0 503 Service Unavailable\r\n", 503),
                arguments("neither a phrase nor the space before it", "HTTP/1.1 403\r\n", 403),
                arguments("a status that nobody has registered", "HTTP/1.1 599 \r\n", 599),
                arguments("behind an interim answer", EARLY_HINTS + "HTTP/1.1 502 Bad Gateway\r\n", 502));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("declined")
    void is_declined_with_the_status_line(String name, String bytes, int status) {
        assertThat(read(bytes)).isEqualTo(new Declined(status));
        assertThat(read(bytes.substring(0, bytes.length() - 1))).isEqualTo(NEED_MORE);
    }

    /** Each is cut behind the byte that decides. */
    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        "a TLS alert", "\u0015", "The answer is TLS: the URL of this parent has to begin with https."),
                arguments(
                        "a ServerHello",
                        "\u0016",
                        "The answer is TLS: the URL of this parent has to begin with https."),
                arguments("another protocol", "S", "does not begin with HTTP"),
                arguments("an empty line first", "\r", "does not begin with HTTP"),
                arguments("lower case", "h", "does not begin with HTTP"),
                arguments("HTTP/2.0", "HTTP/2", "does not begin with HTTP"),
                arguments("HTTP/1.2", "HTTP/1.2", "does not begin with HTTP"),
                arguments("two spaces", "HTTP/1.1  ", "does not begin with HTTP"),
                arguments("a tab", "HTTP/1.1\t", "does not begin with HTTP"),
                arguments("a status of two digits", "HTTP/1.1 20 ", "does not begin with HTTP"),
                arguments("a status of four digits", "HTTP/1.1 2000", "does not begin with HTTP"),
                arguments("a status with a sign", "HTTP/1.1 +", "does not begin with HTTP"),
                arguments("a bare LF behind the status", "HTTP/1.1 200\n", "does not begin with HTTP"),
                arguments("a bare CR behind the status", "HTTP/1.1 200\rX", "a CR stands alone"),
                arguments("a CR within the status", "HTTP/1.1 20\r", "does not begin with HTTP"),
                arguments("a status below 100", "HTTP/1.1 099 \r\n", "a status that HTTP does not have"),
                arguments("a status above 599", "HTTP/1.1 600 \r\n", "a status that HTTP does not have"),
                arguments("a bare LF behind the phrase", "HTTP/1.1 200 OK\n", "an LF stands alone"),
                arguments("a bare CR behind the phrase", "HTTP/1.1 200 OK\rX", "a CR stands alone"),
                arguments("NUL in the phrase", "HTTP/1.1 200 \0", "control character"),
                arguments("ESC in the phrase", "HTTP/1.1 200 \u001b", "control character"),
                arguments("a folded line", "HTTP/1.1 200 OK\r\n ", "a name, a colon and a value"),
                arguments("a field without a name", "HTTP/1.1 200 OK\r\n:", "a name, a colon and a value"),
                arguments("a space before the colon", "HTTP/1.1 200 OK\r\nA ", "a name, a colon and a value"),
                arguments("a line without a colon", "HTTP/1.1 200 OK\r\nA\r", "a name, a colon and a value"),
                arguments("a bare LF behind a value", "HTTP/1.1 200 OK\r\nA: b\n", "an LF stands alone"),
                arguments("a bare CR behind a value", "HTTP/1.1 200 OK\r\nA: b\rc", "a CR stands alone"),
                arguments("a bare LF as the empty line", "HTTP/1.1 200 OK\r\n\n", "a name, a colon and a value"),
                arguments("a bare CR as the empty line", "HTTP/1.1 200 OK\r\n\rX", "a CR stands alone"),
                arguments("DEL in a value", "HTTP/1.1 200 OK\r\nA: \u007f", "control character"),
                arguments(
                        "a protocol switched", "HTTP/1.1 101 Switching Protocols\r\n", "switches to another protocol"),
                arguments(
                        "too many interim answers",
                        EARLY_HINTS.repeat(8) + "HTTP/1.1 100 \r\n",
                        "More than 8 interim answers"),
                arguments(
                        "too many fields", "HTTP/1.1 200 OK\r\n" + "a:\r\n".repeat(100) + "b", "more than 100 header"),
                arguments(
                        "too many fields in interim answers",
                        ("HTTP/1.1 100 \r\n" + "a:\r\n".repeat(60) + "\r\n")
                                + ("HTTP/1.1 100 \r\n" + "a:\r\n".repeat(40) + "b"),
                        "more than 100 header"),
                arguments("an endless phrase", "HTTP/1.1 200 " + "x".repeat(16 * 1024 - 12), "more than 16384 bytes"),
                arguments(
                        "an endless field",
                        "HTTP/1.1 200 OK\r\nA: " + "x".repeat(16 * 1024 - 19),
                        "more than 16384 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void is_no_answer(String name, String bytes, String problem) {
        assertThat(read(bytes))
                .isInstanceOfSatisfying(
                        ReplyFault.class, fault -> assertThat(fault.problem()).contains(problem));
        assertThat(read(bytes.substring(0, bytes.length() - 1))).isEqualTo(NEED_MORE);
    }

    @Test
    void nothing_is_read_behind_a_decision() {
        ConnectReplyReader reader = new ConnectReplyReader();
        reader.read(ByteBuffer.wrap(OK.getBytes(ISO_8859_1)));
        assertThatIllegalStateException().isThrownBy(() -> reader.read(ByteBuffer.allocate(1)));
    }
}
