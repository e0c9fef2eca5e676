package io.konnectproxy.deploy.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What a release is to a real API server, from install to uninstall. Each test has a namespace of its own, which admits
 * restricted pods only. Run by {@code .ci/kube}.
 */
@Timeout(180)
class ChartOnKubernetes {
    private static final Path CHART = Path.of(Cluster.property("kube.chart"));
    private static final String KINDS =
            "configmaps,networkpolicies,poddisruptionbudgets,serviceaccounts,services,statefulsets";

    @TempDir
    private Path folder;

    private static Cluster cluster;
    private String namespace;

    @BeforeAll
    static void kinds_of_others() throws Exception {
        cluster = new Cluster();
        cluster.apply("default", """
                apiVersion: v1
                kind: Node
                metadata: { name: trial }
                """);
        for (String[] kind : new String[][] {
            {"monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors"},
            {"monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules"},
            {"cert-manager.io", "v1", "Certificate", "certificates"},
        }) {
            cluster.apply("default", """
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: { name: %4$s.%1$s }
                    spec:
                      group: %1$s
                      scope: Namespaced
                      names: { kind: %3$s, plural: %4$s }
                      versions:
                        - name: %2$s
                          served: true
                          storage: true
                          schema:
                            openAPIV3Schema:
                              type: object
                              properties:
                                spec: { type: object, x-kubernetes-preserve-unknown-fields: true }
                    """.formatted((Object[]) kind));
            cluster.await(kind[2], () -> cluster.kubectl("get", kind[3] + "." + kind[0]) != null);
        }
    }

    @BeforeEach
    void namespace() throws Exception {
        namespace = cluster.namespace();
    }

    private Release install(String name, String values) throws IOException {
        return install(CHART, name, values);
    }

    private Release install(Path chart, String name, String values) throws IOException {
        InstallCommand install = new Helm(chart)
                .install()
                .withName(name)
                .withNamespace(namespace)
                .withKubeConfig(cluster.kubeConfig());
        return install.withValuesFile(file(values)).call();
    }

    private Release upgrade(String name, String values) throws IOException {
        return upgrade(CHART, name, values);
    }

    private Release upgrade(Path chart, String name, String values) throws IOException {
        UpgradeCommand upgrade = new Helm(chart)
                .upgrade()
                .withName(name)
                .withNamespace(namespace)
                .withKubeConfig(cluster.kubeConfig());
        return upgrade.resetValues().withValuesFile(file(values)).call();
    }

    private Path file(String values) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values);
    }

    private String uninstall(String name) {
        return Helm.uninstall(name)
                .withNamespace(namespace)
                .withKubeConfig(cluster.kubeConfig())
                .call();
    }

    private List<Release> releases() {
        return Helm.list()
                .all()
                .withNamespace(namespace)
                .withKubeConfig(cluster.kubeConfig())
                .call();
    }

    /** By name, once there are as many as the StatefulSet wants. */
    private Map<String, String> pods(String release, int count) throws Exception {
        return cluster.await(count + " pods of " + release, () -> {
            Map<String, String> found = new TreeMap<>();
            for (JsonNode pod : cluster.pods(namespace, release)) {
                if (!pod.at("/metadata").has("deletionTimestamp")) {
                    found.put(
                            pod.at("/metadata/name").asString(),
                            pod.at("/metadata/uid").asString());
                }
            }
            return found.size() == count ? found : null;
        });
    }

    private JsonNode statefulSet(String name) throws Exception {
        return cluster.await("the controller has seen " + name, () -> {
            JsonNode set = cluster.get(namespace, "statefulset", name);
            return set.at("/status/observedGeneration").asInt()
                            == set.at("/metadata/generation").asInt()
                    ? set
                    : null;
        });
    }

    private JsonNode specification(String kind, String name) throws Exception {
        return cluster.get(namespace, kind, name).get("spec");
    }

    private String configuration(String name) throws Exception {
        return cluster.get(namespace, "configmap", name)
                .at("/data/konnect-proxy.yaml")
                .asString();
    }

    /** In the kubelet's place: all pods of a release are ready. */
    private void ready(String release, int count) throws Exception {
        for (String pod : pods(release, count).keySet()) {
            cluster.ready(namespace, pod);
        }
    }

    @Test
    void the_defaults_make_two_proxies_that_a_strict_namespace_admits() throws Exception {
        Release release = install("konnect-proxy", "{}");

        assertThat(release.getStatus()).isEqualTo("deployed");
        assertThat(pods("konnect-proxy", 2)).containsOnlyKeys("konnect-proxy-0", "konnect-proxy-1");
        assertThat(cluster.names(namespace, KINDS, "-l", "app.kubernetes.io/instance=konnect-proxy"))
                .containsExactly(
                        "configmap/konnect-proxy",
                        "networkpolicy.networking.k8s.io/konnect-proxy",
                        "poddisruptionbudget.policy/konnect-proxy",
                        "service/konnect-proxy",
                        "serviceaccount/konnect-proxy",
                        "statefulset.apps/konnect-proxy");
        assertThat(cluster.names(namespace, "persistentvolumeclaims"))
                .containsExactly(
                        "persistentvolumeclaim/audit-konnect-proxy-0", "persistentvolumeclaim/audit-konnect-proxy-1");
        assertThat(specification("service", "konnect-proxy").at("/ipFamilies").toString())
                .isEqualTo("[\"IPv4\",\"IPv6\"]");
        JsonNode template = specification("statefulset", "konnect-proxy").at("/template/spec");
        for (JsonNode pod : cluster.pods(namespace, "konnect-proxy")) {
            assertThat(restrictions(pod.get("spec")))
                    .isEqualTo(restrictions(template))
                    .hasSize(2);
        }
    }

    /** An admission may complete what is not said: here everything is said. */
    private static List<JsonNode> restrictions(JsonNode pod) {
        return List.of(pod.get("securityContext"), pod.at("/containers/0/securityContext"));
    }

    /** So that what the other tests show to be admitted is no accident. */
    @Test
    void a_pod_of_the_chart_that_would_be_root_is_refused() throws Exception {
        install("konnect-proxy", "{}");
        String pod = cluster.kubectl(
                "-n",
                namespace,
                "get",
                "pod",
                pods("konnect-proxy", 2).keySet().iterator().next(),
                "-o",
                "yaml");
        assertThat(pod).contains("runAsUser: 10001", "runAsNonRoot: true");

        for (Map.Entry<String, String> change : Map.of(
                        "runAsUser: 10001", "runAsUser: 0",
                        "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true",
                        "type: RuntimeDefault", "type: Unconfined",
                        "        drop:", "        add: [NET_ADMIN]\n        drop:",
                        "enableServiceLinks: false", "hostNetwork: true")
                .entrySet()) {
            String worse =
                    pod.replace(change.getKey(), change.getValue()).replace("name: konnect-proxy-0", "name: other");
            assertThat(worse).isNotEqualTo(pod.replace("name: konnect-proxy-0", "name: other"));
            assertThatThrownBy(() -> cluster.apply(namespace, worse, "create", "--dry-run=server"))
                    .as(change.getValue())
                    .isInstanceOf(Cluster.Refused.class)
                    .hasMessageMatching("(?s).*(violates PodSecurity|PodSecurityPolicy: unable to admit pod).*");
        }
    }

    static Stream<Path> values() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources/io/konnectproxy/deploy/kube"))) {
            return all.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void nothing_that_is_rendered_is_unknown_to_the_server(Path values) throws Exception {
        String rendered = new Helm(CHART)
                .template()
                .withName("konnect-proxy")
                .withNamespace(namespace)
                .withKubeVersion(cluster.version())
                .withValuesFile(values)
                .call();

        assertThat(cluster.apply(namespace, rendered, "create", "--dry-run=server")
                        .lines())
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.endsWith("created (server dry run)"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void every_option_is_admitted_and_gone_when_uninstalled(Path values) throws Exception {
        install("konnect-proxy", Files.readString(values));
        pods(
                "konnect-proxy",
                specification("statefulset", "konnect-proxy").get("replicas").asInt());

        uninstall("konnect-proxy");

        assertThat(cluster.names(
                        namespace,
                        KINDS + ",secrets,servicemonitors,prometheusrules,certificates",
                        "-l",
                        "app.kubernetes.io/instance=konnect-proxy"))
                .isEmpty();
        assertThat(releases()).isEmpty();
    }

    @Test
    void unknown_fields_are_refused() {
        assertThatThrownBy(() -> cluster.apply(namespace, """
                        apiVersion: v1
                        kind: Service
                        metadata: { name: typing-error }
                        spec: { ports: [{ port: 1 }], ipFamilyPolice: PreferDualStack }
                        """))
                .isInstanceOf(Cluster.Refused.class)
                .hasMessageContaining("ipFamilyPolice");
    }

    @Test
    void a_wrong_value_is_refused_before_anything_is_there() throws Exception {
        List<String> before = cluster.names(namespace, KINDS + ",secrets");

        for (String wrong : List.of(
                "config: { regions: [\"U S\"] }", "replica: 3", "config: { admin: { address: \"127.0.0.1:9090\" } }")) {
            assertThatThrownBy(() -> install("konnect-proxy", wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalStateException.class);
        }

        assertThat(releases()).isEmpty();
        assertThat(cluster.names(namespace, KINDS + ",secrets")).isEqualTo(before);
    }

    @Test
    void a_wrong_value_leaves_the_release_as_it_was() throws Exception {
        install("konnect-proxy", "{}");

        assertThatThrownBy(() -> upgrade("konnect-proxy", "config: { regions: [\"U S\"] }"))
                .isInstanceOf(IllegalStateException.class);

        assertThat(configuration("konnect-proxy")).contains("- us");
        assertThat(releases())
                .extracting(Release::getRevision, Release::getStatus)
                .containsExactly(tuple("1", "deployed"));
    }

    @Test
    void other_regions_reach_the_same_pods() throws Exception {
        install("konnect-proxy", "{}");
        Map<String, String> pods = pods("konnect-proxy", 2);
        String revision =
                statefulSet("konnect-proxy").at("/status/updateRevision").asString();

        upgrade("konnect-proxy", "config: { regions: [eu, au] }");

        assertThat(configuration("konnect-proxy")).contains("- eu", "- au").doesNotContain("- us");
        assertThat(statefulSet("konnect-proxy").at("/status/updateRevision").asString())
                .isEqualTo(revision);
        assertThat(pods("konnect-proxy", 2)).isEqualTo(pods);
    }

    @Test
    void what_only_a_restart_changes_replaces_one_pod_after_the_other() throws Exception {
        install("konnect-proxy", "{}");
        ready("konnect-proxy", 2);
        Map<String, String> pods = pods("konnect-proxy", 2);

        upgrade("konnect-proxy", "config: { admin: { address: \"[::]:9191\" } }");

        Map<String, String> half = cluster.await("the last pod is another one", () -> {
            Map<String, String> now = pods("konnect-proxy", 2);
            return now.get("konnect-proxy-1").equals(pods.get("konnect-proxy-1")) ? null : now;
        });
        assertThat(half.get("konnect-proxy-0")).isEqualTo(pods.get("konnect-proxy-0"));
        cluster.ready(namespace, "konnect-proxy-1");
        cluster.await(
                "the first pod is another one",
                () -> !pods("konnect-proxy", 2).get("konnect-proxy-0").equals(pods.get("konnect-proxy-0")));
    }

    @Test
    void a_later_version_of_the_chart_is_an_upgrade() throws Exception {
        install("konnect-proxy", "{}");
        ready("konnect-proxy", 2);
        Path later = folder.resolve("later");
        copy(CHART, later);
        Path chart = later.resolve("Chart.yaml");
        Files.writeString(chart, Files.readString(chart).replaceAll("(?m)^(version|appVersion): .*$", "$1: 99.0.0"));

        Release release = upgrade(later, "konnect-proxy", "{}");

        assertThat(release.getAppVersion()).isEqualTo("99.0.0");
        cluster.await(
                "the last pod has the later image",
                () -> cluster.get(namespace, "pod", "konnect-proxy-1")
                        .at("/spec/containers/0/image")
                        .asString()
                        .endsWith(":99.0.0"));
    }

    @Test
    void more_proxies_have_more_trails_and_fewer_keep_them() throws Exception {
        install("konnect-proxy", "{}");
        pods("konnect-proxy", 2);

        upgrade("konnect-proxy", "replicas: 3");
        pods("konnect-proxy", 3);
        upgrade("konnect-proxy", "replicas: 1");
        assertThat(pods("konnect-proxy", 1)).containsOnlyKeys("konnect-proxy-0");

        assertThat(cluster.names(namespace, "persistentvolumeclaims")).hasSize(3);
    }

    /** helm-java has no rollback: like it, an upgrade with the values that Helm keeps of the revision. */
    @Test
    void a_rollback_restores_the_objects() throws Exception {
        install("konnect-proxy", "config: { regions: [us, in] }");
        Map<String, JsonNode> first = specifications();
        String configuration = configuration("konnect-proxy");
        upgrade("konnect-proxy", """
                replicas: 4
                config: { regions: [eu] }
                resources: { limits: { memory: 1Gi } }
                podDisruptionBudget: { enabled: false }
                networkPolicy: { prometheus: [{ podSelector: {} }] }
                """);
        assertThat(cluster.names(namespace, "poddisruptionbudgets")).isEmpty();

        upgrade(
                "konnect-proxy",
                Helm.get("konnect-proxy")
                        .values()
                        .withRevision(1)
                        .withNamespace(namespace)
                        .withKubeConfig(cluster.kubeConfig())
                        .call());

        assertThat(specifications()).isEqualTo(first);
        assertThat(configuration("konnect-proxy")).isEqualTo(configuration);
        assertThat(releases()).singleElement().extracting(Release::getRevision).isEqualTo("3");
    }

    /** Kubernetes never changes the claims of a StatefulSet, and would say so when the ConfigMap is another one already. */
    @Test
    void another_volume_is_refused_before_anything_is_changed() throws Exception {
        install("konnect-proxy", "{}");
        Map<String, JsonNode> first = specifications();
        String configuration = configuration("konnect-proxy");

        assertThatThrownBy(() -> upgrade("konnect-proxy", """
                        persistence: { size: 20Gi }
                        config: { audit: { rotate: { keep-size: 16GiB } } }
                        """))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an upgrade cannot change persistence.size");

        assertThat(specifications()).isEqualTo(first);
        assertThat(configuration("konnect-proxy")).isEqualTo(configuration);
        assertThat(releases())
                .extracting(Release::getRevision, Release::getStatus)
                .containsExactly(tuple("1", "deployed"));
    }

    /** As docs/install.md says, but for the claims themselves: there is no class of volumes here that could be enlarged. */
    @Test
    void larger_volumes_take_another_stateful_set_and_the_same_pods() throws Exception {
        install("konnect-proxy", "{}");
        ready("konnect-proxy", 2);
        Map<String, String> pods = pods("konnect-proxy", 2);

        cluster.kubectl("-n", namespace, "delete", "statefulset", "konnect-proxy", "--cascade=orphan");
        upgrade("konnect-proxy", "persistence: { size: 20Gi }");

        assertThat(statefulSet("konnect-proxy")
                        .at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asString())
                .isEqualTo("20Gi");
        assertThat(pods("konnect-proxy", 2)).isEqualTo(pods);
    }

    private Map<String, JsonNode> specifications() throws Exception {
        Map<String, JsonNode> found = new TreeMap<>();
        for (String kind : List.of("networkpolicy", "poddisruptionbudget", "service", "statefulset")) {
            found.put(kind, specification(kind, "konnect-proxy"));
        }
        return found;
    }

    @Test
    void the_trails_outlive_the_release_and_the_next_one_has_them() throws Exception {
        assertThat(install("konnect-proxy", "{}").getOutput()).containsIgnoringCase("uninstall");
        pods("konnect-proxy", 2);
        Map<String, String> trails = trails();
        assertThat(trails).hasSize(2);

        uninstall("konnect-proxy");
        cluster.await(
                "no pod is left", () -> cluster.pods(namespace, "konnect-proxy").isEmpty());
        assertThat(trails()).isEqualTo(trails);

        install("konnect-proxy", "{}");
        pods("konnect-proxy", 2);
        assertThat(trails()).isEqualTo(trails);
        assertThat(cluster.get(namespace, "pod", "konnect-proxy-0")
                        .at("/spec/volumes")
                        .toString())
                .contains("audit-konnect-proxy-0");
    }

    @Test
    void trails_are_deleted_only_where_the_values_say_so() throws Exception {
        assumeTrue(cluster.minor() >= 27, "the older server cannot");
        Release release =
                install("konnect-proxy", "replicas: 3\npersistence: { whenDeleted: Delete, whenScaled: Delete }");
        assertThat(release.getOutput()).contains("!! helm uninstall deletes the audit trails");
        pods("konnect-proxy", 3);

        upgrade("konnect-proxy", "replicas: 2\npersistence: { whenDeleted: Delete, whenScaled: Delete }");
        cluster.await("two trails", () -> trails().size() == 2);
        uninstall("konnect-proxy");
        cluster.await("no trail", () -> trails().isEmpty());
    }

    /** The claims that nobody has deleted, each with what tells it from another one of that name. */
    private Map<String, String> trails() throws Exception {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode claim : cluster.get(namespace, "persistentvolumeclaims").get("items")) {
            if (!claim.at("/metadata").has("deletionTimestamp")) {
                found.put(
                        claim.at("/metadata/name").asString(),
                        claim.at("/metadata/uid").asString());
            }
        }
        return found;
    }

    @Test
    void two_releases_share_a_namespace_and_no_pod() throws Exception {
        install("konnect-proxy", "{}");
        install("second", "{}");
        for (String release : List.of("konnect-proxy", "second")) {
            for (String pod : pods(release, 2).keySet()) {
                cluster.bind(namespace, pod);
            }
        }
        ready("konnect-proxy", 2);
        ready("second", 2);

        assertThat(addresses("konnect-proxy", 2)).containsOnly("konnect-proxy-0", "konnect-proxy-1");
        assertThat(addresses("second-konnect-proxy", 2))
                .containsOnly("second-konnect-proxy-0", "second-konnect-proxy-1");
        uninstall("second");
        assertThat(pods("second", 0)).isEmpty();
        assertThat(addresses("konnect-proxy", 2)).hasSize(2);
    }

    /** Of the pods that a Service sends its connections to. */
    private List<String> addresses(String service, int count) throws Exception {
        return cluster.await("the endpoints of " + service, () -> {
            List<String> found = new ArrayList<>();
            for (JsonNode subset : cluster.get(namespace, "endpoints", service).path("subsets")) {
                subset.path("addresses")
                        .forEach(address ->
                                found.add(address.at("/targetRef/name").asString()));
            }
            return found.size() == count ? found : null;
        });
    }

    @Test
    void one_proxy_at_a_time_may_be_evicted() throws Exception {
        install("konnect-proxy", "{}");
        ready("konnect-proxy", 2);
        cluster.await(
                "one may be evicted",
                () -> cluster.get(namespace, "poddisruptionbudget", "konnect-proxy")
                                .at("/status/disruptionsAllowed")
                                .asInt()
                        == 1);

        evict("konnect-proxy-1");

        assertThatThrownBy(() -> evict("konnect-proxy-0"))
                .isInstanceOf(Cluster.Refused.class)
                .hasMessageContaining("disruption budget");
    }

    private void evict(String pod) throws Exception {
        String version = cluster.kubectl("api-versions").lines().anyMatch("policy/v1"::equals) ? "v1" : "v1beta1";
        cluster.raw("create", "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/eviction", """
                { "apiVersion": "policy/%s", "kind": "Eviction", "metadata": { "name": "%s", "namespace": "%s" } }
                """.formatted(
                        version, pod, namespace));
    }

    @Test
    void the_account_of_the_pods_has_no_token_and_no_right() throws Exception {
        install("konnect-proxy", "{}");
        pods("konnect-proxy", 2);

        JsonNode pod = cluster.get(namespace, "pod", "konnect-proxy-0");
        String account = "system:serviceaccount:" + namespace + ":"
                + pod.at("/spec/serviceAccountName").asString();
        assertThat(account).endsWith(":konnect-proxy");
        assertThat(pod.get("spec").toString()).doesNotContain("/var/run/secrets", "serviceAccountToken");
        for (String question : List.of("get secrets", "list pods", "get configmaps", "create pods")) {
            String[] words = question.split(" ", -1);
            assertThatThrownBy(() ->
                            cluster.kubectl("-n", namespace, "auth", "can-i", words[0], words[1], "--as", account))
                    .as(question)
                    .isInstanceOf(Cluster.Refused.class);
        }
    }

    /** The kubelet's answer is the test's: that the pod is admitted and waited for is real, what it would find is not. */
    @ParameterizedTest
    @MethodSource("outcomes")
    void helm_test_says_what_became_of_its_pod(String phase, boolean succeeds) throws Exception {
        install("konnect-proxy", "{}");
        CompletableFuture<@Nullable Throwable> test = CompletableFuture.supplyAsync(() -> {
            try {
                Helm.test("konnect-proxy")
                        .withTimeout(60)
                        .withNamespace(namespace)
                        .withKubeConfig(cluster.kubeConfig())
                        .call();
                return null;
            } catch (IllegalStateException e) {
                return e;
            }
        });
        JsonNode pod = cluster.await("the pod", () -> cluster.get(namespace, "pod", "konnect-proxy-test"));
        assertThat(pod.at("/spec/containers/0/args/0").asString()).isEqualTo("check");

        cluster.status(namespace, "konnect-proxy-test", "{ \"phase\": \"" + phase + "\" }");

        assertThat(test.get() == null).isEqualTo(succeeds);
    }

    static Stream<Object[]> outcomes() {
        return Stream.of(new Object[] {"Succeeded", true}, new Object[] {"Failed", false});
    }

    @Test
    void the_manifest_without_helm_is_accepted_and_applied_again_changes_nothing() throws Exception {
        String manifest = Files.readString(Path.of(Cluster.property("kube.manifest")));

        cluster.apply(namespace, manifest);

        cluster.await("two pods", () -> cluster.names(namespace, "pods").size() == 2);
        // kubectl says of these two that they are configured each time: it sends the server what the server has.
        assertThat(cluster.apply(namespace, manifest).lines())
                .hasSizeGreaterThan(4)
                .allMatch(line -> line.endsWith(" unchanged")
                        || line.startsWith("statefulset")
                        || line.startsWith("poddisruptionbudget"));
        for (String kind : List.of("statefulset", "poddisruptionbudget")) {
            assertThat(cluster.get(namespace, kind, "konnect-proxy")
                            .at("/metadata/generation")
                            .asInt())
                    .as(kind)
                    .isEqualTo(1);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }
}
