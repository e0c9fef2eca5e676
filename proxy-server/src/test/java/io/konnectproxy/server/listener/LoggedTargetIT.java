package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Of what a client asks for, a host and a port stand in audit lines, and its secrets nowhere. */
class LoggedTargetIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.standard();
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                arguments("a host that is not permitted", "www.example.com:443", "www.example.com:443"),
                arguments("another port", "www.example.com:80", "www.example.com:80"),
                arguments("an IPv4 address", "10.0.0.1:443", "10.0.0.1:443"),
                arguments("an IPv6 address", "[::1]:443", "[::1]:443"),
                arguments("an underscore", "a_b.us.cp0.konghq.com:443", "a_b.us.cp0.konghq.com:443"),
                arguments("no port", "us.api.konghq.com", "us.api.konghq.com"),
                arguments("a path", "us.api.konghq.com:443/s3cret", "us.api.konghq.com:443"),
                arguments("a CR", "evil\r.com:443", ""),
                arguments("a LF", "evil\n{\"event\":\"decision\"}.com:443", ""),
                arguments("ESC", "evil\u001b[2J.com:443", "evil"),
                arguments("U+2028", "evil\u00e2\u0080\u00a8.com:443", "evil"),
                arguments("UTF-8 that is none", "evil\u00ff\u00c0\u0080.com:443", "evil"),
                arguments("a quote and a backslash", "evil\"\\.com:443", "evil"),
                arguments("a NUL", "evil\0.com:443", "evil"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void holds_what_is_a_host_and_a_port(String name, String target, String logged) throws Exception {
        JsonNode line = logged("CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(AuditLines.text(line, "target")).isEqualTo(logged);
        assertThat(line.path("truncated").asBoolean(false)).isEqualTo(!logged.equals(target));
    }

    private static JsonNode logged(String request) throws Exception {
        int lines = rig.audit().all().size();
        refused(request);
        List<JsonNode> all = rig.audit().all();
        assertThat(all).hasSize(lines + 1);
        return all.get(lines);
    }

    /** Requests in which the user is bob and the secret begins with s3cret. */
    static Stream<Arguments> secrets() {
        String rest = " HTTP/1.1\r\nHost: x\r\n\r\n";
        return Stream.of(
                arguments("a user and a password", "CONNECT bob:s3cret@h:443" + rest, ""),
                arguments("an at sign in the password", "CONNECT bob:s3cret@s3cret@h:443" + rest, ""),
                arguments("an encoded at sign", "CONNECT bob%3As3cret%40h:443" + rest, ""),
                arguments("a blank in the password", "CONNECT bob:s3cret s3cret@h:443" + rest, ""),
                arguments("a blank behind the user", "CONNECT bob :s3cret@h:443" + rest, ""),
                arguments("a tab in the password", "CONNECT bob:s3cret\ts3cret@h:443" + rest, ""),
                arguments("a letter beyond ASCII", "CONNECT bob:s3cret\u00c3\u00bc@h:443" + rest, ""),
                arguments("the same in Latin-1", "CONNECT bob:s3cret\u00fc@h:443" + rest, ""),
                arguments("a NUL in the password", "CONNECT bob:s3cret\0@h:443" + rest, ""),
                arguments("a line feed behind the password", "CONNECT bob:s3cret\n@h:443" + rest, ""),
                arguments("a line end behind the user", "CONNECT bob\r\n:s3cret@h:443" + rest, ""),
                arguments("a CR in the password", "CONNECT bob:s3cret\r@h:443" + rest, ""),
                arguments("a slash in the password", "CONNECT bob:s3cret/s3cret@h:443" + rest, ""),
                arguments("a slash, and no at sign any more", "CONNECT bob:s3cret" + rest, ""),
                arguments("a long password", "CONNECT bob:s3cret" + "x".repeat(700) + "@h:443" + rest, ""),
                arguments("a line over the limit", "CONNECT bob:s3cret" + "x".repeat(9_000) + "@h:443" + rest, ""),
                arguments("a head cut before the at sign", "CONNECT bob:s3cret", ""),
                arguments("a head cut in the user", "CONNECT bob", ""),
                arguments("a head cut behind a blank", "CONNECT bob:s3cret s3", ""),
                arguments("a URL with a password", "GET http://bob:s3cret@h/" + rest, "http:"),
                arguments("a URL with a letter beyond ASCII", "GET http://bob:s3cret\u00c3\u00bc@h/" + rest, "http:"),
                arguments("a URL with a blank", "GET http://bob:s3cret s3cret@h/" + rest, "http:"),
                arguments("a URL cut before the at sign", "GET https://bob:s3cret", "https:"),
                arguments("a URL with a query", "GET http://h/?token=s3cret" + rest, "http:"),
                arguments("a URL with parameters", "GET http://h/a;jsessionid=s3cret" + rest, "http:"),
                arguments("a URL of another scheme", "GET ftp://bob:s3cret@h/" + rest, ""),
                arguments("a URL behind CONNECT", "CONNECT https://bob:s3cret@h/" + rest, "https:"),
                arguments("a path", "GET /s3cret/x" + rest, ""),
                arguments("a path without a slash", "GET s3cret" + rest, ""),
                arguments("a path that looks like a host", "GET s3cret.html" + rest, ""),
                arguments("a query", "GET /?token=s3cret" + rest, ""),
                arguments("a query behind CONNECT", "CONNECT h:443?token=s3cret" + rest, "h:443"),
                arguments("in place of the asterisk", "OPTIONS s3cret" + rest, ""),
                arguments("an e-mail address in the path", "GET /bob@h?s3cret" + rest, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("secrets")
    void holds_no_secret(String name, String request, String logged) throws Exception {
        JsonNode line = logged(request);
        assertThat(line.toString()).doesNotContain("s3", "bob", "html");
        assertThat(AuditLines.text(line, "target")).isEqualTo(logged);
        assertThat(line.path("truncated").asBoolean(false)).isTrue();
    }

    /** What stands in front of a target, or in its place, is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret",
                "s3cret@x CONNECT us.api.konghq.com:443 HTTP/1.1\r\n\r\n",
                "Proxy-Authorization: Basic s3cret\r\n\r\n",
                "s3cret\r\n\r\n",
                "CONNECT  s3cret\r\n\r\n"
            })
    void holds_nothing_of_who_asked_for_nothing(String request) throws Exception {
        JsonNode line = logged(request);
        assertThat(line.path("target").isNull()).isTrue();
        assertThat(line.toString()).doesNotContain("s3cret");
    }

    @Test
    void cuts_what_is_long() throws Exception {
        int lines = rig.audit().all().size();
        refused("CONNECT " + "a".repeat(5_000) + ":443 HTTP/1.1\r\n\r\n");
        JsonNode line = rig.audit().all().get(lines);
        assertThat(AuditLines.text(line, "target")).hasSize(512);
        assertThat(line.path("truncated").asBoolean(false)).isTrue();
    }

    @Test
    void keeps_secrets_out_of_audit_trail_and_log() throws Exception {
        for (Object[] row : secrets().map(Arguments::get).toList()) {
            refused((String) row[1]);
        }
        refused("CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\nProxy-Authorization: Basic s3cret\r\n\r\n");
        refused("CONNECT evil.com:443 HTTP/1.1\r\nProxy-Authorization: Basic s3cret\0\r\n\r\n");
        assertThat(rig.audit().all().toString()).doesNotContain("s3cret");
        assertThat(log.said()).noneMatch(said -> said.contains("s3cret"));
    }

    private static void refused(String request) throws Exception {
        try (RawClient client = rig.client()) {
            client.say(request);
            client.socket().shutdownOutput();
            client.answer();
            assertThat(client.atEnd()).isTrue();
        }
    }
}
