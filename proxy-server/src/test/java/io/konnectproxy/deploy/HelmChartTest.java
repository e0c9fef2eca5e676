package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.LoadedConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the chart renders is what Kubernetes and the proxy read, and is as closed as it can be. */
class HelmChartTest {
    /** The chart with the pod of {@code helm test} among the objects. */
    @TempDir
    private static Path copy;

    @TempDir
    private static Path mounted;

    private static HelmChart chart;
    private static MountedFiles files;
    private static final Map<ChartValues, RenderedChart> RENDERED = new HashMap<>();

    @BeforeAll
    static void prepare() throws Exception {
        HelmChart.assumeHelm();
        chart = HelmChart.SHIPPED.withTestsAsObjects(copy);
        files = MountedFiles.in(mounted);
    }

    static Stream<ChartValues> values() {
        return ChartValues.all();
    }

    private static RenderedChart rendered(ChartValues values) {
        return RENDERED.computeIfAbsent(values, each -> chart.rendered(each.yaml()));
    }

    @Test
    void lint_has_nothing_to_say_but_that_an_icon_is_recommended() {
        assertThat(HelmChart.SHIPPED.lint()).satisfies(result -> {
            assertThat(result.isFailed()).isFalse();
            assertThat(result.getMessages()).containsExactly("[INFO] Chart.yaml: icon is recommended");
        });
    }

    @ParameterizedTest
    @MethodSource("values")
    void is_what_kubernetes_reads(ChartValues values) {
        RenderedChart rendered = rendered(values);
        assertThat(rendered.objects())
                .filteredOn(KubernetesModel::knows)
                .hasSizeGreaterThan(5)
                .allSatisfy(object -> assertThat(KubernetesModel.faults(object))
                        .as(object.toString())
                        .isEmpty());
        assertThat(rendered.objects().stream()
                        .map(object -> object.path("kind").asString() + " "
                                + object.at("/metadata/name").asString()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("values")
    void has_nothing_that_must_not_be_there(ChartValues values) {
        assertThat(Hardening.faults(rendered(values))).isEmpty();
    }

    /** The proxy reads it, and {@code helm test} finds nothing wrong with it and with what it must refuse. */
    @ParameterizedTest
    @MethodSource("values")
    void is_a_configuration_that_holds_what_helm_test_expects(ChartValues values) throws Exception {
        RenderedChart rendered = rendered(values);
        files.load(rendered.configuration());
        JsonNode pod = rendered.the("Pod").at("/spec/containers/0");
        String expectations = rendered.all("ConfigMap")
                .flatMap(map -> map.path("data").propertyStream())
                .filter(entry -> entry.getKey().equals("expectations.yaml"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .asString();
        List<String> arguments = new ArrayList<>();
        for (JsonNode argument : pod.path("args")) {
            arguments.add(
                    argument.asString().startsWith("/opt/konnect-proxy/expectations/")
                            ? files.file("expectations.yaml", expectations).toString()
                            : argument.asString());
        }
        arguments.addAll(List.of("-c", mounted.resolve("konnect-proxy.yaml").toString()));
        StringWriter said = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(said), new PrintWriter(said), Map.of(), arguments.toArray(String[]::new));
        assertThat(code).as(said.toString()).isZero();
    }

    @ParameterizedTest
    @MethodSource("values")
    void fits_together(ChartValues values) throws Exception {
        RenderedChart rendered = rendered(values);
        JsonNode set = rendered.the("StatefulSet");
        JsonNode labels = set.at("/spec/template/metadata/labels");
        for (Optional<JsonNode> selector : List.of(
                Optional.of(set.at("/spec/selector/matchLabels")),
                Optional.of(rendered.the("Service").at("/spec/selector")),
                rendered.find("PodDisruptionBudget").map(budget -> budget.at("/spec/selector/matchLabels")),
                rendered.all("Service")
                        .skip(1)
                        .map(metrics -> metrics.at("/spec/selector"))
                        .findFirst(),
                rendered.find("NetworkPolicy").map(policy -> policy.at("/spec/podSelector/matchLabels")))) {
            selector.ifPresent(each -> assertThat(each.propertyStream())
                    .hasSize(2)
                    .allSatisfy(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue())));
        }
        rendered.find("ServiceMonitor")
                .map(monitor -> monitor.at("/spec/selector/matchLabels"))
                .ifPresent(wanted -> assertThat(rendered.all("Service"))
                        .filteredOn(service -> wanted.propertyStream()
                                .allMatch(label -> service.at("/metadata/labels")
                                        .path(label.getKey())
                                        .equals(label.getValue())))
                        .extracting(service -> service.at("/metadata/name").asString())
                        .singleElement()
                        .asString()
                        .endsWith("-metrics"));
        assertThat(rendered.the("Pod").at("/metadata/labels/app.kubernetes.io~1name"))
                .isNotEqualTo(labels.path("app.kubernetes.io/name"));

        Configuration configuration = files.load(rendered.configuration()).configuration();
        List<Integer> listeners = configuration.listen().stream()
                .map(ListenerSettings::address)
                .map(address -> address.getPort())
                .toList();
        int admin = configuration.admin().address().getPort();
        assertThat(containerPorts(rendered).values())
                .containsAll(listeners)
                .contains(admin)
                .hasSize(listeners.size() + 1);
        assertThat(containerPorts(rendered).get("admin")).isEqualTo(admin);
        assertThat(rendered.the("Service").at("/spec/ports").valueStream())
                .hasSize(listeners.size())
                .allSatisfy(port -> {
                    assertThat(port.path("targetPort")).isEqualTo(port.path("port"));
                    assertThat(containerPorts(rendered))
                            .containsEntry(
                                    port.path("name").asString(),
                                    port.path("port").asInt());
                });
        rendered.find("NetworkPolicy")
                .ifPresent(policy -> assertThat(policy.at("/spec/ingress/0/ports")
                                .valueStream()
                                .map(port -> port.path("port").asInt()))
                        .isEqualTo(listeners));
        assertThat(rendered.pods()).hasSize(2).allSatisfy(pod -> mountsFit(rendered.configuration(), pod));
        assertThat(set.at("/spec/template/spec/terminationGracePeriodSeconds").asLong())
                .isGreaterThan(configuration.timeouts().drain().toSeconds());
        rendered.find("ServiceAccount")
                .ifPresent(account -> assertThat(set.at("/spec/template/spec/serviceAccountName"))
                        .isEqualTo(account.at("/metadata/name")));
    }

    private static Map<String, Integer> containerPorts(RenderedChart rendered) {
        return rendered.container()
                .path("ports")
                .valueStream()
                .collect(Collectors.toMap(
                        port -> port.path("name").asString(),
                        port -> port.path("containerPort").asInt()));
    }

    private static void mountsFit(String configuration, JsonNode pod) {
        Map<String, String> mounts = pod.at("/containers/0/volumeMounts")
                .valueStream()
                .collect(Collectors.toMap(
                        mount -> mount.path("mountPath").asString(),
                        mount -> mount.path("name").asString()));
        Set<String> volumes = pod.path("volumes")
                .valueStream()
                .map(volume -> volume.path("name").asString())
                .collect(Collectors.toCollection(HashSet::new));
        mounts.values().stream().filter("audit"::equals).forEach(volumes::add);
        assertThat(mounts.values()).containsExactlyInAnyOrderElementsOf(volumes);
        Set<String> directories = Pattern.compile("(/etc/konnect-proxy/[^/\\s]+)/")
                .matcher(configuration)
                .results()
                .map(path -> path.group(1))
                .collect(Collectors.toSet());
        assertThat(mounts.keySet().stream().filter(path -> path.startsWith("/etc/")))
                .containsExactlyInAnyOrderElementsOf(directories);
    }

    /** What keeps a sidecar out keeps it out there, too: with one, the pod of {@code helm test} would never end. */
    @Test
    void the_pod_of_helm_test_has_the_labels_and_annotations_of_the_proxies() {
        JsonNode metadata = chart.rendered("""
                        podLabels: {sidecar.istio.io/inject: "false", version: "1"}
                        podAnnotations: {linkerd.io/inject: disabled}
                        """).the("Pod").path("metadata");
        assertThat(metadata.at("/labels/sidecar.istio.io~1inject").asString()).isEqualTo("false");
        assertThat(metadata.at("/labels/version").asString()).isEqualTo("1");
        assertThat(metadata.at("/annotations/linkerd.io~1inject").asString()).isEqualTo("disabled");
    }

    /** All objects of a release have its name, whatever that is, and as much of it as names of pods may have. */
    @ParameterizedTest
    @CsvSource({
        "konnect-proxy, konnect-proxy",
        "edge, edge-konnect-proxy",
        "123, the-name-of-our-own",
        "konnect-proxy-eu, konnect-proxy-eu",
        "a-release-with-a-name-of-the-most-characters-there-is, a-release-with-a-name-of-the-most-characters-there"
    })
    void is_named_by_the_release(String release, String name) {
        // No Service may begin with a digit.
        RenderedChart rendered =
                chart.rendered(release, release.equals("123") ? "fullnameOverride: the-name-of-our-own" : "");
        assertThat(rendered.objects())
                .allSatisfy(object -> assertThat(KubernetesModel.faults(object)).isEmpty());
        assertThat(rendered.objects())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/name").asString()).matches(Pattern.quote(name) + "(-test)?"));
        assertThat(rendered.the("StatefulSet")
                        .at("/spec/template/metadata/labels/app.kubernetes.io~1instance")
                        .asString())
                .isEqualTo(release);
    }

    /** Names that YAML takes for something else. */
    @ParameterizedTest
    @ValueSource(strings = {"on", "null", "true", "no"})
    void a_name_is_a_text_whatever_it_looks_like(String name) {
        RenderedChart rendered = chart.rendered("""
                fullnameOverride: "%s"
                serviceAccount: {create: false, name: "%1$s"}
                secrets: {tls: "%1$s", users: "%1$s"}
                certManager: {enabled: true, issuerRef: {name: ca}}
                networkPolicy: {prometheus: [{namespaceSelector: {}}]}
                monitoring: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboard: {enabled: true}}
                """.formatted(name));
        // The API server reads YAML 1.1, in which on and no are no texts, either.
        assertThat(rendered.text()).doesNotContainPattern("(?m)[nN]ame: " + name + "$");
        assertThat(rendered.objects())
                .hasSizeGreaterThan(9)
                .allSatisfy(object -> assertThat(object.at("/metadata/name").isString())
                        .as(object.toString())
                        .isTrue());
        assertThat(rendered.objects())
                .filteredOn(KubernetesModel::knows)
                .allSatisfy(object -> assertThat(KubernetesModel.faults(object)).isEmpty());
    }

    /** A file that others wrote stays what it is, and a number too. */
    @Test
    void values_arrive_as_they_were_written() throws Exception {
        RenderedChart rendered = chart.rendered("""
                config:
                  control-planes: ["0123456789", "1234567e89"]
                  limits: {tunnels: 1000000, memory: 134217728}
                """);
        LoadedConfiguration loaded = files.load(rendered.configuration());
        assertThat(loaded.configuration().limits().tunnels()).isEqualTo(1000000);
        assertThat(rendered.configuration())
                .contains("- \"0123456789\"\n", "- \"1234567e89\"\n", "memory: 134217728\n");
        assertThat(loaded.configuration().rules().pins().toString()).contains("0123456789", "1234567e89");
    }
}
