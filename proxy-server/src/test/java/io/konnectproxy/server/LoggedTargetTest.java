package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What a client writes stands in audit lines only escaped and cut, and its secrets nowhere. */
class LoggedTargetTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = Rig.standard();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                arguments("CR", "evil\r.com:443"),
                arguments("LF", "evil\n{\"event\":\"decision\"}.com:443"),
                arguments("ESC", "evil\u001b[2J.com:443"),
                arguments("U+2028", "evil\u00e2\u0080\u00a8.com:443"),
                arguments("UTF-8 that is none", "evil\u00ff\u00c0\u0080.com:443"),
                arguments("a quote and a backslash", "evil\"\\.com:443"),
                arguments("a NUL", "evil\0.com:443"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void escapes(String name, String target) throws Exception {
        int lines = rig.audit().all().size();
        refused("CONNECT " + target + " HTTP/1.1\r\n\r\n");
        List<JsonNode> all = rig.audit().all();
        assertThat(all).hasSize(lines + 1);
        String logged = AuditLines.text(all.get(lines), "target");
        assertThat(logged).startsWith("evil").matches("[ -~]*");
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
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            refused("CONNECT user:s3cret@us.api.konghq.com:443 HTTP/1.1\r\n\r\n");
            refused("CONNECT user:s3cret@us.api.konghq.com:443");
            refused("s3cret@x CONNECT us.api.konghq.com:443 HTTP/1.1\r\n\r\n");
            refused("CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\nProxy-Authorization: Basic s3cret\r\n\r\n");
            refused("CONNECT evil.com:443 HTTP/1.1\r\nProxy-Authorization: Basic s3cret\0\r\n\r\n");
            refused("GET http://u:s3cret@x/ HTTP/1.1\r\nAuthorization: s3cret\r\n\r\n");
            refused("Proxy-Authorization: Basic s3cret\r\n\r\n");
        } finally {
            root.detachAppender(log);
        }
        assertThat(rig.audit().all().toString()).doesNotContain("s3cret");
        assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains("s3cret"));
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
