package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.address.Cidr;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a value changes in what is rendered. */
class ChartChoicesTest {
    @BeforeAll
    static void assumeHelm() {
        HelmChart.assumeHelm();
    }

    private static RenderedChart rendered(String values) {
        return HelmChart.SHIPPED.rendered(values);
    }

    private static String hash(String values) {
        return rendered(values)
                .the("StatefulSet")
                .at("/spec/template/metadata/annotations/konnect-proxy~1restart-only")
                .asString();
    }

    /** Where the running proxy would refuse the change, new pods are needed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{admin: {address: '0.0.0.0:9090'}}",
                "{audit: {file: audit/other.jsonl}}",
                "{audit: {stdout: json}}",
                "{audit: {on-failure: continue}}",
                "{audit: {durability: disk}}",
                "{audit: {sign: {every: 5}}}",
                "{listen: [{address: '0.0.0.0:3129'}]}"
            })
    void a_change_that_only_a_restart_can_make_replaces_the_pods(String config) {
        assertThat(hash("config: " + config)).isNotEqualTo(hash(""));
    }

    @Test
    void the_name_of_the_only_proxy_is_one_of_them() {
        assertThat(hash("{replicas: 1, config: {instance: edge}}")).isNotEqualTo(hash("replicas: 1"));
    }

    /** The list of the tests above is that of the page, which ReloadIT and its like hold. */
    @Test
    void the_page_names_the_same_settings() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "operate.md"));
        Matcher sentence = Pattern.compile(
                        "Only a restart can change (.*?), and\\s+a listener's address", Pattern.DOTALL)
                .matcher(page);
        assertThat(sentence.find()).isTrue();
        assertThat(Pattern.compile("`([^`]+)`")
                        .matcher(sentence.group(1))
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyInAnyOrder(
                        "admin.address",
                        "instance",
                        "audit.file",
                        "audit.stdout",
                        "audit.on-failure",
                        "audit.durability",
                        "audit.sign");
    }

    /** {@code --watch} puts these in force, and no tunnel ends that need not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "regions: [eu]",
                "control-planes: [a]",
                "mode: report-only",
                "limits: {tunnels: 5}",
                "timeouts: {idle: 5m}",
                "audit: {rotate: {keep: 5}}",
                "admin: {page: true}",
                "extra-hosts: [{name: a, host: a.corp}]"
            })
    void any_other_change_leaves_the_pods_as_they_are(String config) {
        assertThat(rendered("config: {" + config + "}").the("StatefulSet"))
                .isEqualTo(rendered("").the("StatefulSet"));
        assertThat(rendered("config: {" + config + "}").configuration())
                .isNotEqualTo(rendered("").configuration());
    }

    @Test
    void the_pods_follow_the_configuration() {
        assertThat(rendered("").container().path("args").toString()).isEqualTo("[\"run\",\"--watch\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {} | {"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack","internalTrafficPolicy":"Cluster","sessionAffinity":"None"}
        {sessionAffinity: ClientIP} | {"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack","internalTrafficPolicy":"Cluster","sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}}}
        {internalTrafficPolicy: Local} | {"type":"ClusterIP","ipFamilyPolicy":"PreferDualStack","internalTrafficPolicy":"Local","sessionAffinity":"None"}
        {ipFamilyPolicy: SingleStack, ipFamilies: [IPv6]} | {"type":"ClusterIP","ipFamilyPolicy":"SingleStack","ipFamilies":["IPv6"],"internalTrafficPolicy":"Cluster","sessionAffinity":"None"}
        """)
    void the_service_is_as_its_values_say(String service, String spec) {
        JsonNode rendered = rendered("service: " + service).the("Service").path("spec");
        assertThat(new JsonMapper().readTree(spec).propertyStream())
                .allSatisfy(field -> assertThat(rendered.path(field.getKey())).isEqualTo(field.getValue()));
        assertThat(rendered.propertyNames())
                .containsAll(new JsonMapper().readTree(spec).propertyNames())
                .hasSize(new JsonMapper().readTree(spec).size() + 2);
    }

    /** Where a NetworkPolicy lets the proxy go. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {config: {permit-addresses: [10.20.0.0/16]}, networkPolicy: {konnect: []}} | kube-system 53, 10.20.0.0/16 443
        {config: {parents: [{url: "http://proxy:3128"}]}, networkPolicy: {konnect: [], extraEgress: [{to: [{ipBlock: {cidr: 10.0.0.9/32}}], ports: [{port: 3128}]}]}} | kube-system 53, 10.0.0.9/32 3128
        config: {permit-addresses: [10.20.0.0/16]} | kube-system 53, 0.0.0.0/0 2000::/3 64:ff9b::/96 10.20.0.0/16 443
        config: {dns: {servers: [10.0.0.2, "10.0.0.3:5353", "[fd00::53]:54", "[fd00::54]"]}} | kube-system 53, 10.0.0.2/32 53, 10.0.0.3/32 5353, fd00::53/128 54, fd00::54/128 53, 0.0.0.0/0 2000::/3 64:ff9b::/96 443
        networkPolicy: {extraEgress: [{to: [{ipBlock: {cidr: 10.0.0.9/32}}], ports: [{port: 3128}]}]} | kube-system 53, 0.0.0.0/0 2000::/3 64:ff9b::/96 443, 10.0.0.9/32 3128
        """)
    void the_proxy_gets_where_it_must(String values, String ways) {
        assertThat(rendered(values)
                        .the("NetworkPolicy")
                        .at("/spec/egress")
                        .valueStream()
                        .map(rule -> Stream.concat(
                                        rule.path("to")
                                                .valueStream()
                                                .map(peer -> peer.has("ipBlock")
                                                        ? peer.at("/ipBlock/cidr")
                                                                .asString()
                                                        : peer.at(
                                                                        "/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                                                                .asString()),
                                        rule.path("ports")
                                                .valueStream()
                                                .map(port -> port.path("port").asString())
                                                .distinct())
                                .reduce((some, next) -> some + " " + next)
                                .orElseThrow()))
                .containsExactly(ways.split(", ", -1));
    }

    /** What the proxy itself would not dial, the policy does not let out, either. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.100.100.200",
                "127.0.0.1",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "192.0.0.192",
                "192.168.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "64:ff9b:1::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "3fff::1",
                "5f00::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void the_internet_has_no_address_that_is_not_public(String text) throws Exception {
        for (String form : text.contains(":") ? List.of(text) : List.of(text, "64:ff9b::" + text)) {
            InetAddress address = InetAddress.getByName(form);
            assertThat(new AddressCheck(List.of(), Set.of(), Set.of()).check(address, 443))
                    .as(form)
                    .isInstanceOf(AddressCheck.Forbidden.class);
            assertThat(internet()).as(form).noneMatch(block -> reaches(block, address));
        }
    }

    /** Behind NAT64 every address of IPv4 has one of IPv6. */
    @Test
    void the_internet_behind_nat64_has_no_more_than_that_of_ipv4() {
        Map<String, JsonNode> excepted = internet()
                .collect(Collectors.toMap(block -> block.path("cidr").asString(), block -> block.path("except")));
        assertThat(excepted.get("64:ff9b::/96").valueStream().map(block -> Cidr.parse(block.asString())))
                .containsExactlyElementsOf(excepted.get("0.0.0.0/0")
                        .valueStream()
                        .map(block -> block.asString().split("/", -1))
                        .map(block -> Cidr.parse("64:ff9b::" + block[0] + "/" + (96 + Integer.parseInt(block[1]))))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"34.1.2.3", "99.83.1.2", "2600:1f18::1", "2a05:d018::1", "64:ff9b::2201:203"})
    void the_internet_has_addresses_of_konnect(String text) throws Exception {
        InetAddress address = InetAddress.getByName(text);
        assertThat(new AddressCheck(List.of(), Set.of(), Set.of()).check(address, 443))
                .isInstanceOf(CheckedAddress.class);
        assertThat(internet()).anyMatch(block -> reaches(block, address));
    }

    private static Stream<JsonNode> internet() {
        return rendered("")
                .the("NetworkPolicy")
                .at("/spec/egress/1/to")
                .valueStream()
                .map(peer -> peer.path("ipBlock"));
    }

    private static boolean reaches(JsonNode block, InetAddress address) {
        return Cidr.parse(block.path("cidr").asString()).contains(address)
                && block.path("except")
                        .valueStream()
                        .noneMatch(except -> Cidr.parse(except.asString()).contains(address));
    }

    /** Leading zeros are no octal number: the reader of the configuration takes 090s for 90 s. */
    @ParameterizedTest
    @CsvSource({"30s, 55", "090s, 115", "0100s, 125", "1500ms, 27", "02m, 145"})
    void the_kubelet_waits_for_the_drain(String drain, int seconds) {
        assertThat(rendered("config: {timeouts: {drain: " + drain + "}}")
                        .the("StatefulSet")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(seconds);
    }

    @Test
    void half_a_core_may_be_a_number() {
        assertThat(rendered("resources: {requests: {cpu: 0.5}}").container().at("/resources/requests/cpu"))
                .hasToString("0.5");
    }

    /** Without a request of its own, which Kubernetes takes from the limit. */
    @ParameterizedTest
    @ValueSource(strings = {"64Mi", "256Mi", "1.5Gi", "0.5Gi", "1T", "100M", "80000Ki", "1073741824", "'1073741824'"})
    void the_limit_of_memory_is_a_quantity_of_bytes_and_the_only_one(String memory) {
        JsonNode resources = rendered("resources: {limits: {memory: " + memory + "}}")
                .container()
                .path("resources");
        assertThat(resources.at("/limits/memory").asString()).isEqualTo(memory.replace("'", ""));
        assertThat(resources.path("requests").toString()).isEqualTo("{\"cpu\":\"250m\"}");
    }

    /** The usual condition of a dependency is a value of the part itself. */
    @Test
    void a_chart_can_have_it_as_a_part_under_a_condition(@TempDir Path umbrella) throws Exception {
        Files.createDirectories(umbrella.resolve("charts"));
        Files.writeString(umbrella.resolve("Chart.yaml"), """
                apiVersion: v2
                name: edge
                version: 1.0.0
                dependencies:
                  - {name: konnect-proxy, version: ">=0.0.0-0", repository: "", condition: konnect-proxy.enabled}
                """);
        Files.writeString(umbrella.resolve("values.yaml"), "global: {a: b}\n");
        Files.createDirectories(umbrella.resolve("templates"));
        Files.writeString(umbrella.resolve("templates/own.yaml"), """
                {apiVersion: v1, kind: ConfigMap, metadata: {name: own}}
                """);
        HelmChart.SHIPPED.changed(
                umbrella.resolve("charts/konnect-proxy"), "Chart.yaml", "name: konnect-proxy", "name: konnect-proxy");
        HelmChart whole = new HelmChart(umbrella);
        assertThat(whole.rendered("konnect-proxy: {enabled: true, replicas: 3}")
                        .the("StatefulSet")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(3);
        assertThat(whole.rendered("konnect-proxy: {enabled: false}").objects()).hasSize(1);
    }

    @Test
    void prometheus_gets_to_the_admin_port_and_nobody_else() {
        JsonNode ingress = rendered("networkPolicy: {prometheus: [{podSelector: {matchLabels: {app: prometheus}}}]}")
                .the("NetworkPolicy")
                .at("/spec/ingress");
        assertThat(ingress).hasSize(2);
        assertThat(ingress.at("/1").toString())
                .isEqualTo("{\"from\":[{\"podSelector\":{\"matchLabels\":{\"app\":\"prometheus\"}}}],"
                        + "\"ports\":[{\"protocol\":\"TCP\",\"port\":9090}]}");
        assertThat(rendered("").the("NetworkPolicy").at("/spec/ingress")).hasSize(1);
    }

    /** No model of theirs is here, so what is rendered is written out. */
    @Test
    void the_objects_of_others_are_these() throws Exception {
        RenderedChart rendered = rendered("""
                certManager: {enabled: true, issuerRef: {name: ca}, dnsNames: [proxy.corp.example]}
                networkPolicy: {prometheus: [{namespaceSelector: {}}]}
                monitoring: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboard: {enabled: true}}
                """);
        assertThat(rendered.the("Certificate").path("spec")).isEqualTo(new YAMLMapper().readTree("""
                secretName: konnect-proxy-tls
                issuerRef: {group: cert-manager.io, kind: Issuer, name: ca}
                dnsNames:
                  - konnect-proxy.edge.svc.cluster.local
                  - konnect-proxy.edge.svc
                  - konnect-proxy.edge
                  - proxy.corp.example
                usages: [digital signature, server auth]
                duration: 2160h
                renewBefore: 720h
                privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}
                """));
        assertThat(rendered.the("ServiceMonitor").path("spec")).isEqualTo(new YAMLMapper().readTree("""
                jobLabel: app.kubernetes.io/instance
                selector:
                  matchLabels:
                    app.kubernetes.io/name: konnect-proxy
                    app.kubernetes.io/instance: konnect-proxy
                    app.kubernetes.io/component: metrics
                endpoints: [{port: admin, path: /metrics, interval: 30s}]
                """));
        assertThat(rendered.the("PrometheusRule").path("spec"))
                .isEqualTo(new YAMLMapper().readTree(Files.readString(Path.of("../deploy/prometheus/alerts.yaml"))));
        assertThat(rendered.all("ConfigMap")
                        .map(map -> map.at("/data/konnect-proxy.json"))
                        .filter(dashboard -> !dashboard.isMissingNode())
                        .map(dashboard -> new JsonMapper().readTree(dashboard.asString())))
                .containsExactly(
                        new JsonMapper().readTree(Files.readString(Path.of("../deploy/grafana/konnect-proxy.json"))));
    }

    /** A volume claim a proxy, which outlives both; or none at all. */
    @Test
    void the_trail_is_on_a_volume_that_stays_unless_that_was_not_wanted() {
        JsonNode claimed = rendered("").the("StatefulSet").path("spec");
        assertThat(claimed.at("/volumeClaimTemplates/0/metadata/name").asString())
                .isEqualTo("audit");
        // The API server adds both, and Argo CD would take that for a difference.
        assertThat(claimed.at("/volumeClaimTemplates/0/apiVersion").asString()).isEqualTo("v1");
        assertThat(claimed.at("/volumeClaimTemplates/0/kind").asString()).isEqualTo("PersistentVolumeClaim");
        assertThat(claimed.path("persistentVolumeClaimRetentionPolicy").toString())
                .isEqualTo("{\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}");
        JsonNode lost = rendered("""
                persistence: {emptyDir: true}
                config: {audit: {mirrors: [{url: "otlp+https://logs.corp:443"}]}}
                """).the("StatefulSet").path("spec");
        assertThat(lost.has("volumeClaimTemplates")).isFalse();
        assertThat(lost.at("/template/spec/volumes").toString())
                .contains("{\"name\":\"audit\",\"emptyDir\":{\"sizeLimit\":\"10Gi\"}}");
        JsonNode none = rendered("config: {audit: {file: null}}").the("StatefulSet");
        assertThat(none.toString()).doesNotContain("/opt/konnect-proxy/audit", "volumeClaimTemplates");
    }

    @Test
    void a_secret_that_the_configuration_does_not_name_is_not_mounted() {
        assertThat(rendered("{secrets: {other: other}, config: {listen: [{address: '[::]:3128'}]}}")
                        .text())
                .doesNotContain("konnect-proxy-tls", "konnect-proxy-users", "name: other");
    }

    /** AWS's library reads them from there, and the proxy no file of them. */
    @Test
    void the_keys_of_a_store_without_roles_are_variables_from_a_secret() throws Exception {
        RenderedChart rendered =
                rendered("{archiveCredentials: minio, config: {audit: {archive: {url: \"s3://trails\"}}}}");
        assertThat(rendered.container().path("env")).isEqualTo(new YAMLMapper().readTree("""
                - {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: minio, key: access-key-id}}}
                - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: minio, key: secret-access-key}}}
                """));
        assertThat(rendered("config: {audit: {archive: {url: \"s3://trails\"}}}")
                        .container()
                        .has("env"))
                .isFalse();
    }

    @Test
    void the_notes_say_what_to_set_in_kong_and_what_is_still_the_example() {
        assertThat(HelmChart.SHIPPED.notes(""))
                .contains(
                        """
                  env:
                    proxy_server: https://USER:PASSWORD@konnect-proxy.edge.svc.cluster.local:3129
                    proxy_server_ssl_verify: "on"
                    lua_ssl_trusted_certificate: system,/etc/secrets/konnect-proxy-ca/ca.crt
                    cluster_use_proxy: "on"
                """,
                        "!! 0646a7d680 is the example of the documentation.",
                        "helm -n edge test konnect-proxy --logs");
        String plain = HelmChart.SHIPPED.notes("""
                config: {listen: [{address: "[::]:3128"}], control-planes: ["1"], mode: report-only}
                networkPolicy: {enabled: false}
                """);
        assertThat(plain)
                .contains(
                        "proxy_server: http://konnect-proxy.edge.svc.cluster.local:3128\n",
                        "mode is report-only",
                        "Without a NetworkPolicy")
                .doesNotContain("ssl", "PASSWORD", "0646a7d680");
        assertThat(HelmChart.SHIPPED.notes("config: {control-planes: []}"))
                .contains("!! Control planes of all tenants can be reached.");
    }

    /** Kong shows its proxy no certificate, and wants the authority's with credentials and without. */
    @Test
    void the_notes_offer_kong_a_listener_that_it_can_come_to() {
        String listener = """
                - address: "[::]:%d"
                  tls:
                    certificate: /etc/konnect-proxy/tls/tls.crt
                    key: /etc/konnect-proxy/tls/tls.key
                    client-ca: %s
                """;
        String demanded =
                listener.formatted(3129, "/etc/konnect-proxy/tls/ca.crt").indent(4);
        assertThat(HelmChart.SHIPPED.notes("config:\n  listen:\n" + demanded
                        + listener.formatted(3130, "null").indent(4)))
                .contains(
                        "proxy_server: https://konnect-proxy.edge.svc.cluster.local:3130\n",
                        "The authority's certificate is ca.crt in the Secret konnect-proxy-ca")
                .doesNotContain("PASSWORD", "3129", "client certificate");
        assertThat(HelmChart.SHIPPED.notes("config:\n  listen:\n" + demanded))
                .contains("!! Every listener demands a client certificate, and Kong presents none to a proxy.")
                .contains("svc.cluster.local:3129\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        persistence: {whenScaled: Delete} | !! Fewer replicas delete the audit trails of the proxies that go: persistence.whenScaled is Delete.
        persistence: {whenDeleted: Delete} | !! helm uninstall deletes the audit trails: persistence.whenDeleted is Delete.
        {service: {type: LoadBalancer}, networkPolicy: {dataPlanes: [{ipBlock: {cidr: 10.0.0.0/8}}]}} | !! What comes from outside of the cluster may have the address of a node, which networkPolicy.dataPlanes does not know.
        {service: {type: NodePort, externalTrafficPolicy: Cluster}, networkPolicy: {dataPlanes: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}]}} | !! What comes from outside of the cluster may have the address of a node, which networkPolicy.dataPlanes does not know.
        """)
    void the_notes_warn_of_what_is_admitted_and_may_be_a_mistake(String values, String warning) {
        assertThat(HelmChart.SHIPPED.notes(values)).contains(warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{persistence: {whenScaled: Delete}, config: {audit: {file: null}}}",
                "{service: {type: LoadBalancer, externalTrafficPolicy: Local}, networkPolicy: {dataPlanes: [{ipBlock: {cidr: 10.0.0.0/8}}]}}",
                "{service: {type: LoadBalancer}, networkPolicy: {dataPlanes: [{podSelector: {}}]}}",
                "networkPolicy: {dataPlanes: [{ipBlock: {cidr: 10.0.0.0/8}}]}"
            })
    void the_notes_do_not_warn_of_what_is_as_it_should_be(String values) {
        assertThat(HelmChart.SHIPPED.notes(values)).doesNotContain("!! Fewer", "!! What comes");
    }

    /** {@code helm test} runs these, and nothing else does. */
    @Test
    void the_test_is_a_hook() throws Exception {
        String hook = Files.readString(HelmChart.SHIPPED.directory().resolve("templates/tests/check.yaml"));
        List<String> objects = List.of(hook.split("\n---\n", -1));
        assertThat(objects).hasSize(2).allSatisfy(object -> assertThat(object).contains("\n    helm.sh/hook: test\n"));
        assertThat(rendered("").text()).doesNotContain("helm.sh/hook");
    }
}
