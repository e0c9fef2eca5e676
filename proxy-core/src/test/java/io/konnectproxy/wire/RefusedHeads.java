package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_CONNECT;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_HTTP;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.VERSION_NOT_SUPPORTED;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Request heads that bounce off, each cut behind the byte with which that is told. */
public final class RefusedHeads {
    private static final String HOST = "0646a7d680.us.cp0.konghq.com";
    private static final String LINE = "CONNECT " + HOST + ":443 HTTP/1.1\r\n";
    private static final String HOST_FIELD = "Host: " + HOST + ":443\r\n";
    private static final String NO_HOST_LINE = "CONNECT " + HOST + ":443 HTTP/1.0\r\n";

    private RefusedHeads() {}

    /** The arguments are a name, the bytes up to and with the one with which it is told, and the kind. */
    public static Stream<Arguments> all() {
        return Stream.of(requestLines(), otherProtocols(), targets(), hostFields(), headerLines(), bodies())
                .flatMap(s -> s);
    }

    private static Stream<Arguments> requestLines() {
        return Stream.of(
                arguments("another method", "GET /index.html HTTP/1.1\r\n", NOT_CONNECT),
                arguments("absolute-form", "GET http://cloud.konghq.com/ HTTP/1.1\r\n", NOT_CONNECT),
                arguments("asterisk-form", "OPTIONS * HTTP/1.0\r\n", NOT_CONNECT),
                arguments("a method nobody knows", "X-1!~ a HTTP/1.1\r\n", NOT_CONNECT),
                arguments("lower-case connect", "connect ", MALFORMED),
                arguments("mixed-case Connect", "Connect ", MALFORMED),
                arguments("a method with a colon", "CONNECT:", MALFORMED),
                arguments("a bracket in the method", "C[", MALFORMED),
                arguments("leading space", " ", MALFORMED),
                arguments("leading tab", "\t", MALFORMED),
                arguments("an empty line first", "\r", MALFORMED),
                arguments("a line feed first", "\n", MALFORMED),
                arguments("NUL first", "\0", MALFORMED),
                arguments("ESC first", "\u001b", MALFORMED),
                arguments("a method alone", "CONNECT\r", MALFORMED),
                arguments("two spaces before the target", "CONNECT  ", MALFORMED),
                arguments("tab before the target", "CONNECT\t", MALFORMED),
                arguments("two spaces before the version", "CONNECT " + HOST + ":443  HTTP/1.1\r\n", MALFORMED),
                arguments("tab before the version", "CONNECT " + HOST + ":443\tHTTP/1.1\r\n", MALFORMED),
                arguments("space behind the version", "CONNECT " + HOST + ":443 HTTP/1.1 \r\n", MALFORMED),
                arguments("no version, as in HTTP/0.9", "CONNECT " + HOST + ":443\r", MALFORMED),
                arguments("bare LF behind the target", "CONNECT " + HOST + ":443\n", MALFORMED),
                arguments("bare LF behind the version", "CONNECT " + HOST + ":443 HTTP/1.1\n", MALFORMED),
                arguments("bare CR behind the version", "CONNECT " + HOST + ":443 HTTP/1.1\rH", MALFORMED),
                arguments("two CRs", "CONNECT " + HOST + ":443 HTTP/1.1\r\r", MALFORMED),
                arguments("HTTP/0.9", "CONNECT " + HOST + ":443 HTTP/0.9\r\n", MALFORMED),
                arguments("HTTP/1.2", "CONNECT " + HOST + ":443 HTTP/1.2\r\n", MALFORMED),
                arguments("lower-case http", "CONNECT " + HOST + ":443 http/1.1\r\n", MALFORMED),
                arguments("HTTP without a slash", "CONNECT " + HOST + ":443 HTTP 1.1\n", MALFORMED),
                arguments("a version of three digits", "CONNECT " + HOST + ":443 HTTP/1.10\r\n", MALFORMED),
                arguments("a version without minor", "CONNECT " + HOST + ":443 HTTP/2\r\n", MALFORMED),
                arguments("HTTP/2.0", "CONNECT " + HOST + ":443 HTTP/2.0\r\n", VERSION_NOT_SUPPORTED),
                arguments("HTTP/3.0", "CONNECT " + HOST + ":443 HTTP/3.0\r\n", VERSION_NOT_SUPPORTED),
                arguments("HTTP/9.9", "CONNECT " + HOST + ":443 HTTP/9.9\r\n", VERSION_NOT_SUPPORTED),
                arguments("another method and version", "GET / HTTP/2.0\r\n", VERSION_NOT_SUPPORTED));
    }

    private static Stream<Arguments> otherProtocols() {
        return Stream.of(
                arguments("a ClientHello", "\u0016", NOT_HTTP),
                arguments("an SSLv2 hello", "\u0080", NOT_HTTP),
                arguments("Kong's WebSocket close frame", "\u0088", NOT_HTTP),
                arguments("a SOCKS 5 greeting", "\u0005", MALFORMED),
                arguments("an HTTP/2 preface", "PRI * HTTP/2.0\r\n", NOT_HTTP),
                arguments("the preface's method alone", "PRI * HTTP/1.1\r\n", NOT_CONNECT),
                arguments("the preface with another target", "PRI / HTTP/2.0\r\n", VERSION_NOT_SUPPORTED),
                arguments("the preface with another version", "PRI * HTTP/3.0\r\n", VERSION_NOT_SUPPORTED));
    }

    private static Stream<Arguments> targets() {
        return Stream.of(
                arguments("a target with a high byte", "CONNECT a\u00e9 HTTP/1.1\r\n", MALFORMED),
                arguments("a target with NUL", "CONNECT a\0\n", MALFORMED),
                arguments("a target with ESC", "CONNECT \u001b\r\r", MALFORMED),
                arguments("a target with DEL", "CONNECT a\u007f\rb", MALFORMED),
                arguments("another method's target with a high byte", "GET /\u0080", MALFORMED),
                arguments("no port", "CONNECT cloud.konghq.com HTTP/1.1\r\n", MALFORMED),
                arguments("port 0", "CONNECT cloud.konghq.com:0 HTTP/1.1\r\n", MALFORMED),
                arguments("user information", "CONNECT user:pw@cloud.konghq.com:443 HTTP/1.1\r\n", MALFORMED),
                arguments(
                        "absolute-form with CONNECT", "CONNECT https://cloud.konghq.com:443/ HTTP/1.1\r\n", MALFORMED),
                arguments("origin-form with CONNECT", "CONNECT / HTTP/1.1\r\n", MALFORMED),
                arguments("asterisk-form with CONNECT", "CONNECT * HTTP/1.1\r\n", MALFORMED),
                arguments("a path behind the port", "CONNECT cloud.konghq.com:443/ HTTP/1.1\r\n", MALFORMED),
                arguments("what Kong makes of an IPv6 target", "CONNECT [:443 HTTP/1.1\r\n", MALFORMED));
    }

    private static Stream<Arguments> hostFields() {
        return Stream.of(
                arguments("HTTP/1.1 without Host", LINE + "Accept: a\r\n\r\n", MALFORMED),
                arguments("Host twice", LINE + HOST_FIELD + "Host:", MALFORMED),
                arguments("Host twice in HTTP/1.0", NO_HOST_LINE + HOST_FIELD + "HOST:", MALFORMED),
                arguments("another Host", LINE + "Host: c", MALFORMED),
                arguments("another Host in HTTP/1.0", NO_HOST_LINE + "Host: c", MALFORMED),
                arguments("Host with another port", LINE + "Host: " + HOST + ":8", MALFORMED),
                arguments("Host with more behind the port", LINE + "Host: " + HOST + ":4433", MALFORMED),
                arguments("Host cut short", LINE + "Host: " + HOST.substring(0, 9) + "\r", MALFORMED),
                arguments("Host that ends in its colon", LINE + "Host: " + HOST + ":\r", MALFORMED),
                arguments("Host with two values", LINE + "Host: " + HOST + " x", MALFORMED),
                arguments("Host with white space inside", LINE + "Host: " + HOST + " :", MALFORMED),
                arguments("Host with white space behind its first character", LINE + "Host: 0 6", MALFORMED),
                arguments("an empty Host", LINE + "Host: \t\r", MALFORMED),
                arguments("Host with a trailing dot the target lacks", LINE + "Host: " + HOST + ".", MALFORMED));
    }

    private static Stream<Arguments> headerLines() {
        String before = LINE + HOST_FIELD;
        return Stream.of(
                arguments("a folded line", before + "A: b\r\n ", MALFORMED),
                arguments("a line folded with a tab", before + "\t", MALFORMED),
                arguments("a fold right behind the request line", LINE + " ", MALFORMED),
                arguments("space before the colon", before + "A ", MALFORMED),
                arguments("tab before the colon", before + "A\t", MALFORMED),
                arguments("an empty name", before + ":", MALFORMED),
                arguments("a name that is no token", before + "A(", MALFORMED),
                arguments("a name with a high byte", before + "\u00e4", MALFORMED),
                arguments("a name with NUL", before + "A\0", MALFORMED),
                arguments("a line without a colon", before + "Accept\r", MALFORMED),
                arguments("a name ended by LF", before + "Accept\n", MALFORMED),
                arguments("NUL in a value", before + "A: \0", MALFORMED),
                arguments("a control byte in a value", before + "A: \u001b", MALFORMED),
                arguments("DEL in a value", before + "A: \u007f", MALFORMED),
                arguments("a high byte in a value", before + "A: \u00ff", MALFORMED),
                arguments("CR in a value", before + "A: b\rc", MALFORMED),
                arguments("bare LF behind a value", before + "A: b\n", MALFORMED),
                arguments("bare LF as the empty line", before + "\n", MALFORMED),
                arguments("bare CR as the empty line", before + "\rA", MALFORMED),
                arguments("65 header fields", before + "A: b\r\n".repeat(63) + "A", MALFORMED));
    }

    private static Stream<Arguments> bodies() {
        String before = LINE + HOST_FIELD;
        return Stream.of(
                arguments("Content-Length of 5", before + "Content-Length: 5", MALFORMED),
                arguments("Content-Length of 00", before + "content-length: 00", MALFORMED),
                arguments("Content-Length of +0", before + "Content-Length: +", MALFORMED),
                arguments("Content-Length of 0, 0", before + "Content-Length: 0,", MALFORMED),
                arguments("an empty Content-Length", before + "Content-Length:\r", MALFORMED),
                arguments("Content-Length twice", before + "Content-Length: 0\r\nContent-Length:", MALFORMED),
                arguments("Transfer-Encoding", before + "Transfer-Encoding:", MALFORMED),
                arguments("transfer-encoding in HTTP/1.0", NO_HOST_LINE + "transfer-encoding:", MALFORMED),
                arguments(
                        "Content-Length and Transfer-Encoding",
                        before + "Content-Length: 0\r\nTransfer-Encoding:",
                        MALFORMED));
    }
}
