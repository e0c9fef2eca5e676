package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.DnsQuestions;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.OtherLittleProxy;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.Squid;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Through proxies that others wrote, each way in which they are spoken to. */
class RealParentsIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("The parent proxy ");

    /** The parent is LittleProxy, which complains of who does not trust it. */
    @RegisterExtension
    private final LogCapture ofParent =
            LogCapture.of("org.littleshoot", Level.ERROR).expecting("(AWAITING_INITIAL)");

    private static final String NAME = "proxy.corp.example";
    private static final ThrowawayCa CA = Rig.CA;
    private static final Map<Kind, AutoCloseable> RUNNING = new EnumMap<>(Kind.class);

    @TempDir
    private static Path directory;

    private static Path trust;

    private final DnsQuestions asked = new DnsQuestions(question -> StandInAnswer.of("127.0.0.1"));

    private enum Kind {
        SQUID,
        SQUID_WITH_CREDENTIALS,
        LITTLEPROXY,
        LITTLEPROXY_WITH_CREDENTIALS,
        LITTLEPROXY_WITH_TLS,
        LITTLEPROXY_WITH_TLS_AND_CREDENTIALS;

        boolean demandsCredentials() {
            return name().endsWith("_CREDENTIALS");
        }

        boolean isSquid() {
            return name().startsWith("SQUID");
        }

        boolean isTlsOnly() {
            return name().contains("TLS");
        }

        AutoCloseable start() throws Exception {
            return isSquid()
                    ? new Squid(NAME, Rig.HOST, demandsCredentials())
                    : OtherLittleProxy.start(new OtherLittleProxy.Demands(
                            isTlsOnly() ? Optional.of(CA.serverContext(List.of(NAME))) : Optional.empty(),
                            demandsCredentials() ? Optional.of(Squid.CREDENTIALS) : Optional.empty()));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        trust = Files.writeString(directory.resolve("ca.crt"), Pem.of(CA.certificate()));
        for (Kind kind : Kind.values()) {
            if (!kind.isSquid() || Squid.isHere()) {
                RUNNING.put(kind, kind.start());
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable parent : RUNNING.values()) {
            parent.close();
        }
    }

    private static int port(Kind kind, boolean tls) {
        AutoCloseable running = RUNNING.get(kind);
        return running instanceof Squid squid ? squid.port(tls) : ((OtherLittleProxy) running).port();
    }

    /** The proxy, with one parent that is known to DNS by its name. */
    private Rig rig(String parent) throws Exception {
        String addresses = parent.contains("dns: parent") ? "permit-addresses: []\n" : "";
        return new Rig(
                Origin.tls(CA, Rig.HOST),
                StandInDns.start(asked),
                "dns: {servers: [\"DNS\"]}\nparents: [" + parent + "]\n" + addresses);
    }

    private static String parent(Kind kind, boolean tls, String credentials, String more) {
        int colon = credentials.indexOf(':');
        String userinfo = credentials.isEmpty()
                ? ""
                : encoded(credentials.substring(0, colon)) + ":" + encoded(credentials.substring(colon + 1)) + "@";
        int port = port(kind, tls);
        Path trust = RUNNING.get(kind) instanceof Squid squid ? squid.certificate() : RealParentsIT.trust;
        return "{url: \"" + (tls ? "https" : "http") + "://" + userinfo + NAME + ":" + port + "\""
                + (tls ? ", trust: \"" + trust + "\"" : "") + more + "}";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                arguments(Kind.SQUID, false, "local"),
                arguments(Kind.SQUID, true, "parent"),
                arguments(Kind.SQUID_WITH_CREDENTIALS, false, "parent"),
                arguments(Kind.SQUID_WITH_CREDENTIALS, true, "local"),
                arguments(Kind.LITTLEPROXY, false, "parent"),
                arguments(Kind.LITTLEPROXY_WITH_CREDENTIALS, false, "local"),
                arguments(Kind.LITTLEPROXY_WITH_TLS, true, "local"),
                arguments(Kind.LITTLEPROXY_WITH_TLS_AND_CREDENTIALS, true, "parent"));
    }

    @ParameterizedTest(name = "{0}, TLS {1}, dns {2}")
    @MethodSource("ways")
    void a_tunnel_goes_through(Kind kind, boolean tls, String resolving) throws Exception {
        assumeTrue(RUNNING.containsKey(kind), "not on this machine");
        int port = port(kind, tls);
        String credentials = kind.demandsCredentials() ? Squid.CREDENTIALS : "";
        try (Rig rig = rig(parent(kind, tls, credentials, ", dns: " + resolving))) {
            assertThat(rig.served()).isEqualTo("served");
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            JsonNode upstream = end.path("upstream");
            assertThat(AuditLines.text(upstream, "via")).isEqualTo((tls ? "https://" : "http://") + NAME + ":" + port);
            assertThat(AuditLines.text(upstream, "address")).isEqualTo("127.0.0.1");
            assertThat(upstream.path("port").asInt(0)).isEqualTo(port);
            assertThat(AuditLines.text(upstream, "asked"))
                    .isEqualTo((resolving.equals("local") ? "127.0.0.1:" : Rig.HOST + ":")
                            + rig.origin().port());
            assertThat(upstream.has("status")).isFalse();
            assertThat(end.path("dns_ms").isNumber()).isEqualTo(resolving.equals("local"));
            assertThat(asked.times(Rig.HOST) > 0).isEqualTo(resolving.equals("local"));
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(Kind.SQUID_WITH_CREDENTIALS, Kind.LITTLEPROXY_WITH_TLS_AND_CREDENTIALS)
                .flatMap(kind -> Stream.of(
                        arguments(kind, "", "it demands credentials; give them in its url or credentials-file."),
                        arguments(
                                kind, "kong:wr0ng", "it does not accept the credentials that are configured for it.")));
    }

    @ParameterizedTest(name = "{0}, credentials {1}")
    @MethodSource("refusals")
    void credentials_that_the_parent_does_not_take_are_its_refusal(Kind kind, String credentials, String hint)
            throws Exception {
        assumeTrue(RUNNING.containsKey(kind), "not on this machine");
        try (Rig rig = rig(parent(kind, kind.isTlsOnly(), credentials, ""));
                RawClient client = rig.client()) {
            RawClient.Answer answer = client.connect(Rig.HOST).answer();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.reason()).isEqualTo("parent_refused");
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "outcome")).isEqualTo("parent_refused");
            assertThat(end.path("upstream").path("status").asInt(0)).isEqualTo(407);
            assertThat(AuditLines.text(end, "hint")).endsWith("answered with status 407: " + hint);
            assertThat(rig.audit().all().toString()).doesNotContain("wr0ng", "s3cret");
        }
    }

    static Stream<Arguments> certificates() {
        return Stream.of(
                arguments(
                        "the JVM's trust",
                        "",
                        NAME,
                        "has a certificate from an authority that is not trusted here; see its key trust."),
                arguments(
                        "another name",
                        ", trust: \"TRUST\"",
                        "other.example",
                        "has a certificate that is not for other.example."),
                arguments(
                        "an address",
                        ", trust: \"TRUST\"",
                        "127.0.0.1",
                        "has a certificate that is not for 127.0.0.1."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("certificates")
    void a_certificate_that_proves_nothing_ends_the_attempt_before_anything_is_said(
            String name, String more, String host, String hint) throws Exception {
        String url = "https://" + host + ":" + port(Kind.LITTLEPROXY_WITH_TLS, true);
        try (Rig rig = rig("{url: \"" + url + "\"" + more.replace("TRUST", trust.toString()) + "}");
                RawClient client = rig.client()) {
            RawClient.Answer answer = client.connect(Rig.HOST).answer();
            assertThat(answer.reason()).isEqualTo("connect_failed");
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "hint")).isEqualTo("The parent proxy " + url + " " + hint);
            assertThat(rig.origin().accepted()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("mixedUp")
    void tls_where_the_parent_speaks_none_and_the_other_way_round_are_told_apart(boolean tls, String hint)
            throws Exception {
        Kind kind = tls ? Kind.LITTLEPROXY : Kind.LITTLEPROXY_WITH_TLS;
        try (Rig rig = rig(parent(kind, tls, "", ""));
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("connect_failed");
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "hint")).contains(hint);
        }
    }

    static Stream<Arguments> mixedUp() {
        return Stream.of(
                arguments(true, "does not speak TLS on this port; is it an http one?"),
                arguments(false, "closed the connection without an answer."));
    }
}
