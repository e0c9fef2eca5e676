package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.doctor.Patience;
import io.konnectproxy.server.doctor.Surroundings;
import io.konnectproxy.server.tls.Authorities;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.server.upstream.Egress;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Rig;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor} before a stand-in for Konnect and a name server on loopback. {@link Rig#CA} counts as public. */
final class DoctorRig implements AutoCloseable {
    static final String API = "us.api.konghq.com";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Schema SCHEMA = schema();

    private final Path directory;
    private final int port;
    private final StandInDns dns;
    private final int adminPort = FreePort.number();
    private String more = "";
    private String permitted = "permit-addresses: [127.0.0.0/8, \"::1/128\"]\n";
    private String names = "dns: {servers: [\"DNS\"], timeout: 1s}\n";
    private String audit = "";
    private List<X509Certificate> trusted = List.of();
    private Duration clockAhead = Duration.ZERO;
    private Patience patience = Patience.OF_KONG;

    /** What was printed, and the exit code. */
    record Ended(int code, String out, String err) {
        JsonNode json() {
            return JSON.readTree(out);
        }

        /** The only report of a step. */
        JsonNode step(String step) {
            List<JsonNode> all = json().path("steps")
                    .valueStream()
                    .filter(each -> each.path("step").asString().equals(step))
                    .toList();
            assertThat(all).as(step + " in " + out).hasSize(1);
            return all.get(0);
        }

        String result(String step) {
            return step(step).path("result").asString();
        }

        String came(String step) {
            return step(step).path("came").asString();
        }

        String next(String step) {
            return step(step).path("next").asString();
        }

        /** Steps that are not well, but for the proxy, which does not run in most tests. */
        List<String> troubles() {
            return json().path("steps")
                    .valueStream()
                    .filter(each -> !each.path("result").asString().equals("ok"))
                    .map(each -> each.path("step").asString())
                    .filter(each -> !each.equals("proxy"))
                    .toList();
        }
    }

    /** With every name at 127.0.0.1. */
    DoctorRig(Path directory, int port) {
        this(directory, port, question -> known(question, "127.0.0.1"));
    }

    DoctorRig(Path directory, int port, Function<StandInDns.Question, StandInAnswer> answers) {
        this.directory = directory;
        this.port = port;
        this.dns = StandInDns.start(answers);
    }

    /** These addresses for what could exist. */
    static StandInAnswer known(StandInDns.Question question, String... addresses) {
        return question.name().endsWith(".invalid") ? StandInAnswer.noSuchName() : StandInAnswer.of(addresses);
    }

    /** A server of Konnect's that says the time. */
    static Origin konnect(ThrowawayCa ca, String... hosts) throws Exception {
        return Origin.secured(ca.serverContext(List.of(hosts)), client -> {
            client.setSoTimeout(5_000);
            if (client.getInputStream().read(new byte[4096]) > 0) {
                String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().atOffset(ZoneOffset.UTC));
                client.getOutputStream()
                        .write(("HTTP/1.1 401 Unauthorized\r\ndate: " + date + "\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(US_ASCII));
            }
        });
    }

    /** More of the configuration. */
    DoctorRig with(String configuration) {
        more += configuration + "\n";
        return this;
    }

    /** For parents that resolve names themselves. */
    DoctorRig withoutAddresses() {
        permitted = "";
        return this;
    }

    DoctorRig withNames(String servers) {
        names = "dns: {servers: [" + servers + "], timeout: 1s}\n";
        return this;
    }

    DoctorRig withAudit(String settings) {
        audit = settings;
        return this;
    }

    /** Waits a second at most, before peers that are silent anyway. */
    DoctorRig impatient() {
        patience = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(1));
        return this;
    }

    DoctorRig trusting(X509Certificate root) {
        trusted = List.of(root);
        return this;
    }

    DoctorRig withClockAhead(Duration time) {
        clockAhead = time;
        return this;
    }

    int adminPort() {
        return adminPort;
    }

    String dns() {
        return "\"" + NetUtil.toSocketAddressString(dns.address()) + "\"";
    }

    Path write() throws IOException {
        return Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                (more.contains("regions:") ? "" : "regions: [us]\n") + permitted
                        + (more.contains("purposes:") ? "" : "purposes: [api]\n")
                        + (more.contains("listen:")
                                ? ""
                                : "listen: [{address: \"127.0.0.1:" + FreePort.number() + "\"}]\n")
                        + (more.contains("limits:") ? "" : "limits: {tunnels: 20}\n")
                        + "admin: {address: \"127.0.0.1:" + adminPort + "\"}\n"
                        + names.replace("\"DNS\"", dns())
                        + "audit: {"
                        + (audit.contains("file:") ? "" : "file: \"" + directory.resolve("audit.jsonl") + "\", ")
                        + "stdout: false" + (audit.isEmpty() ? "" : ", " + audit) + "}\n" + more);
    }

    /** The proxy of this configuration. */
    ProxyServer proxy() throws Exception {
        return ProxyServer.startBeforeStandIn(
                ConfigurationLoader.load(write(), Map.of()).configuration(), port);
    }

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(Path.of("..", "config", "doctor.schema.json")), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it for its JSON, which is always as its schema says. */
    Ended run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--output", "json"));
        all.addAll(List.of(arguments));
        Ended ended = print(all.toArray(new String[0]));
        assertThat(ended.err()).isEmpty();
        assertThat(SCHEMA.validate(ended.out(), InputFormat.JSON)).isEmpty();
        JsonNode json = ended.json();
        assertThat(ended.code())
                .isEqualTo(
                        json.path("failures").asInt() > 0
                                ? 2
                                : json.path("warnings").asInt() > 0 ? 1 : 0);
        return ended;
    }

    /** Runs it as it is. */
    Ended print(String... arguments) throws IOException {
        Path file = write();
        List<String> all = new ArrayList<>(List.of("doctor", "-c", file.toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                ProxyServer::start,
                this::surroundings,
                new PrintWriter(out),
                new PrintWriter(err),
                Map.of(),
                all.toArray(new String[0]));
        return new Ended(code, out.toString(), err.toString());
    }

    private Surroundings surroundings() {
        return new Surroundings(
                Egress.standIn(port),
                Authorities.of(Rig.CA.certificate(), trusted),
                InstantSource.offset(InstantSource.system(), clockAhead),
                patience);
    }

    @Override
    public void close() {
        dns.close();
    }
}
