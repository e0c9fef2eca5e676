package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.Scrape;
import io.konnectproxy.support.Scrape.Sample;
import io.konnectproxy.support.StandInS3;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Alerts, dashboard and the page for operators name the metrics and labels of a real proxy that has some of everything. */
@Timeout(120)
class MonitoringIT {
    private static final Path ALERTS = Path.of("..", "deploy", "prometheus", "alerts.yaml");
    private static final Path ALERTS_TEST = Path.of("..", "deploy", "prometheus", "alerts-test.yaml");
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "konnect-proxy.json");

    /** Of Prometheus itself, of a histogram, and of alerts. */
    private static final Set<String> LABELS_OF_ALL = Set.of("job", "instance", "le");

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    /** A name that neither a bracket nor a parenthesis nor a matcher follows can still be a label; a metric has a prefix. */
    private static final Pattern METRIC = Pattern.compile("\\b(?:konnect_proxy|process|jvm)_[a-z_]+");

    private static final Pattern MATCHERS = Pattern.compile("([a-z_]+)\\s*\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

    @TempDir
    static Path files;

    private static @Nullable Scrape scrape;
    /** The labels of each metric, by the name that queries use. */
    private static Map<String, Set<String>> metrics;

    /** The mirror, which nobody receives. */
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.mirror").expecting("The mirror ");

    /** Once, and not before the first test: until then nobody listens to the log. */
    @BeforeEach
    void scrape() throws Exception {
        if (scrape != null) {
            return;
        }
        command("certificate", "127.0.0.1", "--out", files.resolve("tls").toString());
        command("audit", "keygen", "--out", files.resolve("audit.pem").toString());
        try (StandInS3 s3 = StandInS3.start();
                Rig rig = new Rig(
                        Origin.tls(Rig.CA, Rig.HOST),
                        StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                        ", mirrors: [{url: \"syslog+tcp://127.0.0.1:9\"}], sign: {key: \"" + files.resolve("audit.pem")
                                + "\"}, archive: {url: \"s3://trails\", endpoint: \"" + s3.endpoint() + "\"}",
                        """
                    listen:
                      - address: "127.0.0.1:0"
                      - address: "127.0.0.1:0"
                        tls: {certificate: "%s", key: "%s"}
                    control-planes: [0646a7d680]
                    parents: [{url: "http://127.0.0.1:9", purposes: [api]}]
                    """.formatted(files.resolve("tls/tls.crt"), files.resolve("tls/tls.key")))) {
            assertThat(rig.served()).isEqualTo("served");
            try (RawClient client = rig.client()) {
                client.connect("www.example.com").answer();
            }
            rig.audit().await(line -> line.path("event").asString().equals("tunnel"));
            // The first checkpoint is archived at once.
            Await.value(() -> archives(Scrape.of(rig.proxy().admin())), true);
            scrape = Scrape.of(rig.proxy().admin());
        }
        metrics = new HashMap<>();
        for (Sample sample : scrape.samples()) {
            metrics.computeIfAbsent(sample.name(), first -> new TreeSet<>())
                    .addAll(sample.labels().keySet());
        }
    }

    private static boolean archives(Scrape now) {
        return now.samples().stream()
                .anyMatch(each -> each.name().equals("konnect_proxy_audit_archive_last_success_timestamp_seconds"));
    }

    private static void command(String... arguments) {
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(out), Map.of(), arguments);
        assertThat(code).as(out.toString()).isZero();
    }

    /** The expressions of alerts and of the dashboard's panels and variables. */
    static Stream<String> queries() throws Exception {
        List<String> queries = new ArrayList<>();
        alerts().forEach(alert -> queries.add(alert.path("expr").asString()));
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(DASHBOARD));
        dashboard.findValues("expr").forEach(query -> queries.add(query.asString()));
        dashboard.findValues("definition").forEach(query -> queries.add(query.asString()));
        assertThat(queries).hasSizeGreaterThan(40);
        return queries.stream();
    }

    private static List<JsonNode> alerts() throws Exception {
        JsonNode rules = new YAMLMapper()
                .readTree(Files.readString(ALERTS))
                .path("groups")
                .path(0)
                .path("rules");
        List<JsonNode> alerts = new ArrayList<>();
        rules.forEach(alerts::add);
        return alerts;
    }

    @ParameterizedTest
    @MethodSource("queries")
    void asks_for_what_there_is(String query) {
        String bare = QUOTED.matcher(query).replaceAll("\"\"");
        List<String> named = METRIC.matcher(bare)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(labels(name)).as(name).isNotNull());
        MATCHERS.matcher(bare)
                .results()
                .forEach(selector -> assertThat(keys(selector.group(2)))
                        .as(selector.group())
                        .allMatch(label -> has(selector.group(1), label)));
        GROUPING.matcher(bare)
                .results()
                .forEach(grouping -> assertThat(
                                Arrays.stream(grouping.group(1).split(",", -1)).map(String::strip))
                        .as(grouping.group())
                        .allMatch(label -> named.stream().anyMatch(name -> has(name, label))));
    }

    private static List<String> keys(String matchers) {
        return Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)")
                .matcher(matchers)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static boolean has(String metric, String label) {
        Set<String> labels = labels(metric);
        return LABELS_OF_ALL.contains(label) || (labels != null && labels.contains(label));
    }

    private static Set<String> labels(String metric) {
        return metrics.get(metric);
    }

    @Test
    void the_page_has_each_metric_with_its_type_and_labels_and_no_other() {
        List<List<String>> documented = MarkdownPage.of("docs/operate.md").section("## Metrics").rows().stream()
                .filter(cells -> cells.get(0).startsWith("`konnect_proxy_"))
                .map(cells -> List.of(
                        cells.get(0).replace("`", ""),
                        cells.get(1),
                        Stream.of(cells.get(2).replace("`", "").split(", ", -1))
                                .sorted()
                                .collect(Collectors.joining(", "))))
                .toList();
        Map<String, String> types = Pattern.compile("(?m)^# TYPE (konnect_proxy_\\S+) (\\S+)$")
                .matcher(scrape.text())
                .results()
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2)));
        List<List<String>> real = types.entrySet().stream()
                .map(type -> List.of(type.getKey(), type.getValue(), String.join(", ", labelsOf(type.getKey()))))
                .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(real);
    }

    private static Set<String> labelsOf(String family) {
        return metrics.containsKey(family) ? metrics.get(family) : metrics.get(family + "_sum");
    }

    @Test
    void the_page_has_each_alert_with_its_severity_and_no_other() throws Exception {
        assertThat(MarkdownPage.of("docs/operate.md").section("## Alerts").rows().stream()
                        .skip(2)
                        .map(cells -> List.of(cells.get(0).replace("`", ""), cells.get(1))))
                .containsExactlyElementsOf(alerts().stream()
                        .map(alert -> List.of(
                                alert.path("alert").asString(),
                                alert.path("labels").path("severity").asString()))
                        .toList());
    }

    @Test
    void each_alert_says_what_it_means_and_what_to_do_and_is_tested() throws Exception {
        String tests = Files.readString(ALERTS_TEST);
        assertThat(alerts()).hasSizeGreaterThan(12).allSatisfy(alert -> {
            assertThat(alert.path("annotations").propertyNames())
                    .containsExactlyInAnyOrder("summary", "description", "action");
            assertThat(tests).contains("alertname=\"" + alert.path("alert").asString() + "\"");
        });
    }

    @Test
    void no_label_has_what_a_client_sent() {
        assertThat(scrape.text()).doesNotContain("www.example.com", Rig.HOST);
    }

    @Test
    void promtool_finds_nothing_wrong_with_metrics() throws Exception {
        assumeTrue(Programs.onPath("promtool"), "promtool is not installed; .ci/metrics unpacks it");
        Path text = Files.writeString(files.resolve("metrics.txt"), scrape.text());
        assertThat(Programs.run("", "sh", "-c", "promtool check metrics < " + text + " && echo clean"))
                .isEqualTo("clean\n");
    }

    @Test
    void promtool_finds_nothing_wrong_with_alerts() throws Exception {
        assumeTrue(Programs.onPath("promtool"), "promtool is not installed; .ci/metrics unpacks it");
        assertThat(Programs.run("", "promtool", "check", "rules", ALERTS.toString()))
                .contains("SUCCESS");
        assertThat(Programs.run("", "promtool", "test", "rules", ALERTS_TEST.toString()))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }
}
