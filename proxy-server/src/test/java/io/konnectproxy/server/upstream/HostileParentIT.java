package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A parent proxy that answers CONNECT in every wrong way. Later connections get correct answers. */
class HostileParentIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final String OK = "HTTP/1.1 200 Connection established\r\n\r\n";
    /** {@code user:s3cret}. */
    private static final String CREDENTIALS = "dXNlcjpzM2NyZXQ=";

    @RegisterExtension
    private final LogCapture log = LogCapture.of(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @RegisterExtension
    private final LogCapture littleProxy = LogCapture.of("org.littleshoot", Level.ERROR);

    private final AtomicBoolean met = new AtomicBoolean();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> behindTheRequest = new LinkedBlockingQueue<>();

    /** How it answers. */
    private interface Answer {
        void to(Socket proxy) throws Exception;
    }

    private static Answer saying(String bytes) {
        return proxy -> say(proxy, bytes);
    }

    private static void say(Socket proxy, String bytes) throws IOException {
        proxy.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    /** Writes until the peer takes no more. */
    private static Answer endlessly(String first, String each, long pauseNanos) {
        return proxy -> {
            say(proxy, first);
            while (!Thread.interrupted()) {
                say(proxy, each);
                LockSupport.parkNanos(pauseNanos);
            }
        };
    }

    private void converse(Socket proxy, Answer answer) throws Exception {
        requests.add(head(proxy.getInputStream()));
        if (met.getAndSet(true)) {
            say(proxy, OK);
            proxy.getInputStream().transferTo(proxy.getOutputStream());
            return;
        }
        try {
            answer.to(proxy);
            behindTheRequest.add(proxy.getInputStream().readAllBytes().length);
        } catch (IOException e) {
            behindTheRequest.add(0);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head + " and the end";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private Rig rig(Answer answer, String connect) throws Exception {
        Origin parent = Origin.plain(proxy -> converse(proxy, answer));
        return new Rig(
                parent,
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                "parents: [{url: \"http://user:s3cret@127.0.0.1:" + parent.port() + "\"}]\ntimeouts: {connect: "
                        + connect + "}\n");
    }

    private static JsonNode end(Rig rig) {
        return rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("nothing", saying(""), "connect_timeout", 0, "did not answer in time."),
                arguments(
                        "a slow drip of a field",
                        endlessly("HTTP/1.1 200 OK\r\nX: ", "x", 5_000_000),
                        "connect_timeout",
                        0,
                        "did not answer in time."),
                arguments("an end", (Answer) Socket::shutdownOutput, "connect_failed", 0, "closed the connection"),
                arguments("a close", (Answer) Socket::close, "connect_failed", 0, "closed the connection"),
                arguments(
                        "a reset",
                        (Answer) proxy -> {
                            proxy.setSoLinger(true, 0);
                            proxy.close();
                        },
                        "connect_failed",
                        0,
                        "closed the connection without an answer."),
                arguments(
                        "half a status line",
                        (Answer) proxy -> {
                            say(proxy, "HTTP/1.1 20");
                            proxy.shutdownOutput();
                        },
                        "connect_failed",
                        0,
                        "closed the connection without an answer."),
                arguments(
                        "a head without its end",
                        (Answer) proxy -> {
                            say(proxy, "HTTP/1.1 200 OK\r\nVia: 1.1 x\r\n");
                            proxy.shutdownOutput();
                        },
                        "connect_failed",
                        0,
                        "closed the connection without an answer."),
                arguments("another protocol", saying("SSH-2.0-x\r\n"), "connect_failed", 0, "does not begin with HTTP"),
                arguments(
                        "a TLS alert",
                        saying("\u0015\u0003\u0003\0\2\2\u0016"),
                        "connect_failed",
                        0,
                        "The answer is TLS"),
                arguments("bare line feeds", saying("HTTP/1.1 200 OK\n\n"), "connect_failed", 0, "an LF stands alone."),
                arguments(
                        "HTTP/2.0", saying("HTTP/2.0 200 OK\r\n\r\n"), "connect_failed", 0, "does not begin with HTTP"),
                arguments(
                        "an escape",
                        saying("HTTP/1.1 403 \u001b[2J\r\n\r\n"),
                        "connect_failed",
                        0,
                        "control character"),
                arguments(
                        "another protocol to switch to",
                        saying("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tls\r\n\r\n"),
                        "connect_failed",
                        0,
                        "switches to another protocol"),
                arguments(
                        "endless fields",
                        endlessly("HTTP/1.1 200 OK\r\n", "a: b\r\n".repeat(1000), 0),
                        "connect_failed",
                        0,
                        "more than 100 header fields."),
                arguments(
                        "an endless line",
                        endlessly("HTTP/1.1 200 OK\r\nX: ", "x".repeat(10_000), 0),
                        "connect_failed",
                        0,
                        "more than 16384 bytes"),
                arguments(
                        "endless interim answers",
                        endlessly("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100), 0),
                        "connect_failed",
                        0,
                        "More than 8 interim answers"),
                arguments(
                        "bytes behind its 200",
                        saying(OK + "x"),
                        "connect_failed",
                        0,
                        "said something behind its answer"),
                arguments(
                        "a body behind its 200",
                        saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                        "connect_failed",
                        0,
                        "said something behind its answer"),
                arguments("a second answer", saying(OK + OK), "connect_failed", 0, "said something behind its answer"),
                arguments(
                        "a redirection",
                        saying("HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n"),
                        "parent_refused",
                        302,
                        "status 302."),
                arguments(
                        "forbidden",
                        saying("HTTP/1.1 403 Forbidden\r\n\r\n<p>no</p>"),
                        "parent_refused",
                        403,
                        "status 403."),
                arguments(
                        "credentials",
                        saying("HTTP/1.1 407 \r\n\r\n"),
                        "parent_refused",
                        407,
                        "does not accept the credentials"),
                arguments("unavailable", saying("HTTP/1.1 503 \r\n\r\n"), "parent_refused", 503, "status 503."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void is_told_apart_and_gets_nothing_of_the_tunnel(
            String name, Answer answer, String outcome, int status, String hint) throws Exception {
        try (Rig rig = rig(answer, outcome.equals("connect_timeout") ? "2s" : "10s");
                RawClient client = rig.client()) {
            client.connect(Rig.HOST).say(HELLO);
            RawClient.Answer got = client.answer();
            assertThat(got.reason()).isEqualTo(outcome);
            assertThat(client.atEnd()).isTrue();

            JsonNode end = end(rig);
            assertThat(AuditLines.text(end, "outcome")).isEqualTo(outcome);
            String parent = "http://127.0.0.1:" + rig.origin().port();
            assertThat(AuditLines.text(end, "hint"))
                    .startsWith("The parent proxy " + parent + " ")
                    .contains(hint);
            assertThat(AuditLines.text(end.path("upstream"), "via")).isEqualTo(parent);
            assertThat(end.path("upstream").path("status").asInt(0)).isEqualTo(status);
            String asked = "127.0.0.1:" + rig.origin().port();
            assertThat(requests.poll(10, TimeUnit.SECONDS))
                    .matches("CONNECT " + asked + " HTTP/1\\.1\r\nHost: " + asked
                            + "\r\nVia: 1\\.1 konnect-proxy-[0-9a-f]{12}\r\nProxy-Authorization: Basic "
                            + CREDENTIALS + "\r\n\r\n");
            Stage.assertServes(rig.address());
            assertThat(behindTheRequest.poll(10, TimeUnit.SECONDS))
                    .as("bytes behind the request")
                    .isZero();
            assertThat(rig.audit().all().toString() + got).doesNotContain("s3cret", CREDENTIALS);
        }
    }

    static Stream<Arguments> oddButRight() {
        return Stream.of(
                arguments(
                        "framing that means nothing",
                        saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n")),
                arguments("another success", saying("HTTP/1.0 299 Fine\r\n\r\n")),
                arguments("no reason phrase", saying("HTTP/1.1 200\r\n\r\n")),
                arguments("interim answers first", saying("HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \r\na: b\r\n\r\n" + OK)),
                arguments("one byte at a time", (Answer) proxy -> {
                    proxy.setTcpNoDelay(true);
                    for (String each : OK.split("", -1)) {
                        say(proxy, each);
                        LockSupport.parkNanos(1_000_000);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddButRight")
    void is_taken_for_what_it_is(String name, Answer answer) throws Exception {
        Answer thenEcho = proxy -> {
            answer.to(proxy);
            proxy.getInputStream().transferTo(proxy.getOutputStream());
        };
        try (Rig rig = rig(thenEcho, "10s")) {
            Stage.assertServes(rig.address());
        }
    }

    /** Not even LittleProxy, which may be told to say all that it knows, gets to see them. */
    @ParameterizedTest
    @ValueSource(strings = {OK, "HTTP/1.1 407 \r\n\r\n", "garbage"})
    void credentials_of_a_parent_are_in_no_log(String answer) throws Exception {
        log.hear(Level.TRACE);
        littleProxy.hear(Level.TRACE);
        try (Rig rig = rig(saying(answer), "10s");
                RawClient client = rig.client()) {
            client.connect(Rig.HOST).answer();
            client.socket().close();
            end(rig);
        }
        assertThat(requests.poll(10, TimeUnit.SECONDS)).contains(CREDENTIALS);
        assertThat(littleProxy.events()).isNotEmpty();
        assertThat(Stream.of(log, littleProxy).flatMap(each -> each.events().stream()))
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .noneMatch(said -> said.contains("s3cret") || said.contains(CREDENTIALS));
    }

    /** After the client has left, the attempt ends, and it does not count as a failure of the parent. */
    @Test
    void a_client_that_leaves_takes_the_attempt_with_it() throws Exception {
        try (Rig rig = rig(proxy -> proxy.getInputStream().transferTo(OutputStream.nullOutputStream()), "60s");
                RawClient client = rig.client()) {
            client.connect(Rig.HOST);
            assertThat(requests.poll(10, TimeUnit.SECONDS)).startsWith("CONNECT ");
            client.socket().setSoLinger(true, 0);
            client.socket().close();
            assertThat(behindTheRequest.poll(10, TimeUnit.SECONDS)).isZero();
            assertThat(AuditLines.text(end(rig), "outcome")).isEqualTo("client_reset");
            assertThat(AuditLines.text(end(rig), "hint")).isEmpty();
        }
    }
}
