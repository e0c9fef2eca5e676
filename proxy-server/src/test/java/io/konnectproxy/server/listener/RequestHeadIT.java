package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.wire.HeadReading.HeadFault.Kind;
import io.konnectproxy.wire.RefusedHeads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Request heads that must bounce off, over real sockets: each gets its reply and its one audit line, the connection is
 * closed, no byte reaches any upstream, and the next honest client is served.
 */
class RequestHeadIT {
    private static final String HOST = Rig.HOST;
    private static final String HOST_LINE = "Host: " + HOST + ":443\r\n";

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.standard();
    }

    static Stream<Arguments> refused() {
        List<Arguments> rows = new ArrayList<>();
        target(rows, "a dot at the end", 403, "host_not_konnect", HOST + ".:443");
        target(rows, "a byte of 0x80", 400, "malformed_request", "us.api.konghq.com\u0080:443");
        target(rows, "UTF-8 letters", 400, "malformed_request", "us.\u00c3\u00a4pi.konghq.com:443");
        target(rows, "percent-encoding", 400, "malformed_request", "us%2eapi.konghq.com:443");
        target(rows, "user information", 400, "malformed_request", "user@us.api.konghq.com:443");
        target(rows, "a permitted host as user information", 400, "malformed_request", HOST + "@evil.com:443");
        target(rows, "a backslash", 400, "malformed_request", "us.api.konghq.com\\evil.com:443");
        target(rows, "a name in brackets", 400, "malformed_request", "[us.api.konghq.com]:443");
        target(rows, "a NUL", 400, "malformed_request", "us.api.konghq.com\0.evil.com:443");
        target(rows, "a control character", 400, "malformed_request", "us.api.konghq.com\u0001:443");
        target(rows, "DEL", 400, "malformed_request", "us.api.konghq.com\u007f:443");
        target(rows, "a tab in the target", 400, "malformed_request", "us.api.konghq.com\t:443");
        target(rows, "a space in the target", 400, "malformed_request", "us.api konghq.com:443");
        target(rows, "an A-label in front", 403, "host_not_konnect", "xn--80ak6aa92e.us.cp0.konghq.com:443");
        target(rows, "an A-label behind", 403, "host_not_konnect", "us.api.xn--konghq-9ua.com:443");
        for (String ip : List.of(
                "127.0.0.1",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "127.1",
                "0x7f.1",
                "1.2.3",
                "169.254.169.254",
                "us.api.konghq.com.1",
                "foo.0x1",
                "0x",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[fd00:ec2::254]")) {
            target(rows, "the address " + ip, 403, "ip_literal", ip + ":443");
        }
        target(rows, "IPv6 without brackets", 400, "malformed_request", "::1:443");
        target(rows, "IPv6 with a zone", 400, "malformed_request", "[fe80::1%25eth0]:443");
        target(rows, "Kong's broken IPv6 target", 400, "malformed_request", "[:443");
        target(rows, "no port", 400, "malformed_request", "us.api.konghq.com");
        target(rows, "an empty port", 400, "malformed_request", "us.api.konghq.com:");
        for (String port : List.of(
                "0", "65536", "0443", "+443", "-443", "4 43", "\u0664\u0664\u0663", "443:443", "1e3", "99999999999")) {
            target(rows, "the port " + port, 400, "malformed_request", "us.api.konghq.com:" + port);
        }
        for (String port : List.of("80", "8443", "22", "8071", "20010", "65535", "1")) {
            target(rows, "the port " + port, 403, "port_not_allowed", "us.api.konghq.com:" + port);
        }
        target(rows, "a label of 64", 400, "malformed_request", "a".repeat(64) + ".us.cp0.konghq.com:443");
        target(rows, "a name of 254", 400, "malformed_request", "a.".repeat(119) + "us.cp0.konghq.com:443");
        target(rows, "an empty label", 400, "malformed_request", "us..api.konghq.com:443");
        target(rows, "a dot in front", 400, "malformed_request", ".us.api.konghq.com:443");
        target(rows, "a leading hyphen", 400, "malformed_request", "-a.us.cp0.konghq.com:443");
        target(rows, "a trailing hyphen", 400, "malformed_request", "a-.us.cp0.konghq.com:443");
        target(rows, "an underscore", 400, "malformed_request", "a_b.us.cp0.konghq.com:443");
        target(rows, "a star", 400, "malformed_request", "*.us.cp0.konghq.com:443");
        target(rows, "a look-alike", 403, "host_not_konnect", "evilkonghq.com:443");
        target(rows, "a Konnect name in front of another", 403, "host_not_konnect", "us.api.konghq.com.evil.com:443");
        target(rows, "two labels where one is open", 403, "host_not_konnect", "a.b.us.cp0.konghq.com:443");
        target(rows, "the apex of a wildcard", 403, "host_not_konnect", "us.cp0.konghq.com:443");
        target(rows, "Kong's public echo host", 403, "host_not_konnect", "httpbin.konghq.com:443");
        target(rows, "a region that is off", 403, "region_not_enabled", "0646a7d680.au.cp0.konghq.com:443");
        target(rows, "a purpose that is off", 403, "purpose_not_enabled", "us.mesh.sync.konghq.com:443");
        target(rows, "absolute-form", 400, "malformed_request", "https://us.api.konghq.com:443");
        target(rows, "origin-form", 400, "malformed_request", "/us.api.konghq.com:443");
        target(rows, "asterisk-form", 400, "malformed_request", "*");
        target(rows, "a path behind the port", 400, "malformed_request", "us.api.konghq.com:443/");
        target(rows, "a query behind the port", 400, "malformed_request", "us.api.konghq.com:443?a");
        target(rows, "a fragment behind the port", 400, "malformed_request", "us.api.konghq.com:443#a");

        String connect = "CONNECT " + HOST + ":443 HTTP/1.1\r\n";
        head(rows, "GET", 405, "not_connect", "GET http://" + HOST + "/ HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
        head(rows, "OPTIONS", 405, "not_connect", "OPTIONS * HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
        head(
                rows,
                "lower-case connect",
                400,
                "malformed_request",
                connect.replace("CONNECT", "connect") + HOST_LINE + "\r\n");
        head(rows, "a method that is no token", 400, "malformed_request", "CON(ECT " + HOST + ":443 HTTP/1.1\r\n\r\n");
        head(rows, "HTTP/0.9", 400, "malformed_request", "CONNECT " + HOST + ":443 HTTP/0.9\r\n\r\n");
        head(rows, "no version", 400, "malformed_request", "CONNECT " + HOST + ":443\r\n\r\n");
        head(rows, "HTTP/1.2", 400, "malformed_request", "CONNECT " + HOST + ":443 HTTP/1.2\r\n" + HOST_LINE + "\r\n");
        head(
                rows,
                "http in lower case",
                400,
                "malformed_request",
                "CONNECT " + HOST + ":443 http/1.1\r\n" + HOST_LINE + "\r\n");
        head(
                rows,
                "HTTP/2.0",
                505,
                "version_not_supported",
                "CONNECT " + HOST + ":443 HTTP/2.0\r\n" + HOST_LINE + "\r\n");
        head(
                rows,
                "HTTP/3.0",
                505,
                "version_not_supported",
                "CONNECT " + HOST + ":443 HTTP/3.0\r\n" + HOST_LINE + "\r\n");
        head(
                rows,
                "two spaces",
                400,
                "malformed_request",
                connect.replace("CONNECT ", "CONNECT  ") + HOST_LINE + "\r\n");
        head(rows, "a leading space", 400, "malformed_request", " " + connect + HOST_LINE + "\r\n");
        head(rows, "a trailing space", 400, "malformed_request", connect.replace("\r\n", " \r\n") + HOST_LINE + "\r\n");
        head(rows, "tabs for spaces", 400, "malformed_request", connect.replace(' ', '\t') + HOST_LINE + "\r\n");
        head(rows, "bare LF", 400, "malformed_request", (connect + HOST_LINE + "\r\n").replace("\r\n", "\n"));
        head(rows, "bare CR", 400, "malformed_request", (connect + HOST_LINE + "\r\n").replace("\r\n", "\r"));
        head(rows, "an empty line in front", 400, "malformed_request", "\r\n" + connect + HOST_LINE + "\r\n");
        head(rows, "control bytes in front", 400, "malformed_request", "\0\1" + connect + HOST_LINE + "\r\n");
        head(rows, "no Host", 400, "malformed_request", connect + "\r\n");
        head(rows, "Host twice", 400, "malformed_request", connect + HOST_LINE + HOST_LINE + "\r\n");
        head(rows, "another Host", 400, "malformed_request", connect + "Host: us.api.konghq.com:443\r\n\r\n");
        head(rows, "another port in Host", 400, "malformed_request", connect + "Host: " + HOST + ":80\r\n\r\n");
        head(rows, "a folded line", 400, "malformed_request", connect + HOST_LINE + "X-A: a\r\n b\r\n\r\n");
        head(rows, "a space before the colon", 400, "malformed_request", connect + "Host : " + HOST + ":443\r\n\r\n");
        head(rows, "an empty field name", 400, "malformed_request", connect + HOST_LINE + ": a\r\n\r\n");
        head(rows, "no colon", 400, "malformed_request", connect + HOST_LINE + "nonsense\r\n\r\n");
        head(rows, "NUL in a value", 400, "malformed_request", connect + HOST_LINE + "X-A: a\0b\r\n\r\n");
        head(rows, "CR in a value", 400, "malformed_request", connect + HOST_LINE + "X-A: a\rb\r\n\r\n");
        head(rows, "65 fields", 400, "malformed_request", connect + HOST_LINE + "X-A: a\r\n".repeat(64) + "\r\n");
        head(
                rows,
                "a line over the limit",
                431,
                "head_too_large",
                connect + HOST_LINE + "X-A: " + "a".repeat(9_000) + "\r\n\r\n");
        head(
                rows,
                "a target over the limit",
                431,
                "head_too_large",
                "CONNECT " + "a".repeat(20_000) + ":443 HTTP/1.1\r\n\r\n");
        head(
                rows,
                "a head over the limit",
                431,
                "head_too_large",
                connect + HOST_LINE + ("X-A: " + "a".repeat(1_000) + "\r\n").repeat(17) + "\r\n");
        head(rows, "a body", 400, "malformed_request", connect + HOST_LINE + "Content-Length: 5\r\n\r\nhello");
        head(
                rows,
                "chunks",
                400,
                "malformed_request",
                connect + HOST_LINE + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        head(
                rows,
                "a length and chunks",
                400,
                "malformed_request",
                connect + HOST_LINE + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n");
        head(
                rows,
                "a second request behind a refused one",
                403,
                "host_not_konnect",
                "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n" + connect + HOST_LINE + "\r\n");
        RefusedHeads.all().forEach(row -> {
            Object[] columns = row.get();
            reader(rows, (String) columns[0], (String) columns[1], (Kind) columns[2]);
        });
        return rows.stream();
    }

    /**
     * The cases of the reader's own table. A client that does not speak HTTP gets no answer, which another test covers.
     */
    private static void reader(List<Arguments> rows, String name, String bytes, Kind kind) {
        switch (kind) {
            case MALFORMED -> head(rows, "reader: " + name, 400, "malformed_request", bytes);
            case NOT_CONNECT -> head(rows, "reader: " + name, 405, "not_connect", bytes);
            case VERSION_NOT_SUPPORTED -> head(rows, "reader: " + name, 505, "version_not_supported", bytes);
            case TOO_LARGE -> head(rows, "reader: " + name, 431, "head_too_large", bytes);
            case NOT_HTTP -> {}
        }
    }

    private static void target(List<Arguments> rows, String name, int status, String token, String target) {
        int colon = target.lastIndexOf(':');
        String host = colon > 0 && !target.endsWith("]") ? target : target + ":443";
        head(rows, name, status, token, "CONNECT " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    private static void head(List<Arguments> rows, String name, int status, String token, String bytes) {
        rows.add(arguments(name, status, token, bytes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String name, int status, String token, String bytes) throws Exception {
        int upstreams = rig.origin().accepted();
        int decisions = rig.audit().decisions().size();
        Answer answer;
        try (RawClient client = rig.client()) {
            sayAll(client, bytes);
            answer = client.answer();
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.reason()).isEqualTo(token);
        assertThat(answer.header("Connection")).contains("close");
        assertThat(answer.header("Allow").isPresent()).isEqualTo(status == 405);
        assertThat(answer.header("Proxy-Status").orElse(""))
                .startsWith("konnect-proxy; error=")
                .endsWith("details=\"" + token + "\"");
        String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
        assertThat(answer.body()).contains(id);
        JsonNode line = rig.audit().decisionOf(id);
        assertThat(AuditLines.text(line, "verdict")).isEqualTo("refused");
        assertThat(AuditLines.text(line, "reason")).isEqualTo(token);
        assertThat(rig.audit().decisions()).hasSize(decisions + 1);
        assertThat(rig.origin().accepted()).isEqualTo(upstreams);
        assertThat(rig.served()).isEqualTo("served");
    }

    /** The proxy may answer and stop listening before all is said. */
    private static void sayAll(RawClient client, String bytes) {
        try {
            client.say(bytes);
        } catch (IOException e) {
            // Then the answer tells.
        }
    }

    @Test
    void echoes_nothing_of_a_request() throws Exception {
        for (String canary :
                List.of("canary-host.example.com:443", "canary:443\r\nX-Evil: canary", "canary_canary:443")) {
            try (RawClient client = rig.client()) {
                Answer answer = client.say("CONNECT " + canary + " HTTP/1.1\r\nHost: canary\r\n\r\n")
                        .answer();
                assertThat(answer.head() + answer.body()).doesNotContain("canary");
            }
        }
    }
}
