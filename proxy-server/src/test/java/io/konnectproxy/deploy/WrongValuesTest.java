package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What Helm says of values that cannot be meant. */
class WrongValuesTest {
    /** Keys that may be missing: those that only add something, and those of config, where the proxy's own default holds. */
    private static final Set<String> OPTIONAL = Set.of(
            "config/control-planes",
            "config/purposes",
            "config/audit",
            "config/audit/rotate",
            "config/audit/rotate/size",
            "config/audit/rotate/keep-size",
            "config/admin/page",
            "monitoring/dashboard/labels/grafana_dashboard",
            "resources/requests",
            "resources/requests/cpu",
            "runAsUser",
            "fullnameOverride");

    @BeforeAll
    static void assumeHelm() {
        HelmChart.assumeHelm();
    }

    /** The schema's sentences: where, and what is wrong. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        replica: 3 | at '': additional properties 'replica' not allowed
        replicas: two | at '/replicas': got string, want integer
        config: {regoins: [us]} | at '/config': additional properties 'regoins' not allowed
        config: {limits: {tunnel: 5}} | at '/config/limits': additional properties 'tunnel' not allowed
        config: {listen: [{adress: '[::]:3129'}]} | at '/config/listen/0': missing property 'address'
        config: {audit: {rotate: {keepsize: 1GiB}}} | at '/config/audit/rotate': additional properties 'keepsize' not allowed
        config: {clients: [{name: a, user: b, region: [us]}]} | at '/config/clients/0': additional properties 'region' not allowed
        config: {regions: [usa]} | at '/config/regions/0': value must be one of 'au', 'eu', 'in', 'me', 'sg', 'us'
        config: {purposes: [apis]} | at '/config/purposes/0': value must be one of 'platform', 'api', 'kic', 'data-plane', 'portal', 'mesh', 'event-gateway', 'identity', 'privatelink', 'mcp'
        config: {clients: [{name: a, user: b, regions: [usa]}]} | at '/config/clients/0/regions/0': value must be one of 'au', 'eu', 'in', 'me', 'sg', 'us'
        config: {regions: []} | at '/config/regions': minItems: got 0, want 1
        config: {regions: null} | at '/config': missing property 'regions'
        config: {control-planes: [0123456789]} | at '/config/control-planes/0': got number, want string
        config: {clients: [{name: a, user: 17}]} | at '/config/clients/0/user': got number, want string
        config: {mode: report} | at '/config/mode': value must be one of 'enforce', 'report-only'
        config: {timeouts: {head: 5}} | at '/config/timeouts/head': got number, want string
        config: {listen: [{address: '[::]:3129', credentials: users.htpasswd}]} | at '/config/listen/0/credentials': 'users.htpasswd' does not match pattern '^/etc/konnect-proxy/[a-z0-9-]+/[A-Za-z0-9._-]+$'
        config: {audit: {sign: {key: /tmp/audit.pem}}} | at '/config/audit/sign/key': '/tmp/audit.pem' does not match pattern '^/etc/konnect-proxy/[a-z0-9-]+/[A-Za-z0-9._-]+$'
        config: {listen: [{address: '[::]:3129', tls: {certificate: "/etc/konnect-proxy/tls/../../passwd", key: /etc/konnect-proxy/tls/a}}]} | at '/config/listen/0/tls/certificate': '/etc/konnect-proxy/tls/../../passwd' does not match pattern '^/etc/konnect-proxy/[a-z0-9-]+/[A-Za-z0-9._-]+$'
        config: {audit: {rotate: {size: 1073741824}}} | at '/config/audit/rotate/size': 'oneOf' failed, none matched
        networkPolicy: {dataPlanes: []} | at '/networkPolicy/dataPlanes': minItems: got 0, want 1
        networkPolicy: {dataPlanes: [{}]} | at '/networkPolicy/dataPlanes/0': minProperties: got 0, want 1
        networkPolicy: {dataPlanes: [{namespace: kong}]} | at '/networkPolicy/dataPlanes/0': additional properties 'namespace' not allowed
        networkPolicy: {extraEgress: [{to: [], ports: [{port: 1}]}]} | at '/networkPolicy/extraEgress/0/to': minItems: got 0, want 1
        networkPolicy: {extraEgress: [{to: [{podSelector: {}}]}]} | at '/networkPolicy/extraEgress/0': missing property 'ports'
        networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{protocol: TCP}]}]} | at '/networkPolicy/extraEgress/0/ports/0': missing property 'port'
        networkPolicy: {dns: {to: null}} | at '/networkPolicy/dns': missing property 'to'
        runAsUser: 0 | at '/runAsUser': minimum: got 0, want 1
        resources: {limits: {memory: null}} | at '/resources/limits': missing property 'memory'
        image: {repository: "konnect-proxy:1.0"} | at '/image/repository': 'konnect-proxy:1.0' does not match pattern '^[a-z0-9][a-z0-9._/-]*(:[0-9]+/[a-z0-9._/-]+)?$'
        image: {digest: "sha256:1"} | at '/image/digest': 'sha256:1' does not match pattern '^(sha256:[0-9a-f]{64})?$'
        image: {tag: 1.2} | at '/image/tag': got number, want string
        secrets: {tls: null, Parent: x} | at '/secrets': additional properties 'Parent' not allowed
        persistence: {size: 10G} | at '/persistence/size': '10G' does not match pattern '^[1-9][0-9]{0,5}[MGT]i$'
        archiveCredentials: 7 | at '/archiveCredentials': got number, want string
        podLabels: {a: 1} | at '/podLabels/a': got number, want string
        podAnnotations: {a: true} | at '/podAnnotations/a': got boolean, want string
        affinity: {nodeAffinty: {}} | at '/affinity': additional properties 'nodeAffinty' not allowed
        monitoring: {serviceMonitor: {enabled: "yes"}} | at '/monitoring/serviceMonitor/enabled': got string, want boolean
        enabled: false | at '/enabled': value must be true
        resources: {requests: {cpu: 0}} | at '/resources/requests/cpu': 'anyOf' failed
        tests: {expectations: [{connect: "a:443", expects: permitted}]} | at '/tests/expectations/0': missing property 'expect'
        """)
    void the_schema_says_where_it_is(String values, String sentence) {
        assertThat(HelmChart.SHIPPED.refusal(values))
                .hasValueSatisfying(said -> assertThat(said).startsWith("""
                                values don't meet the specifications of the schema(s) in the following chart(s):
                                konnect-proxy:
                                """).contains("- " + sentence + "\n"));
    }

    /** The JVM takes a share of it: a thousandth of a byte, none, or one in which it does not start. */
    @ParameterizedTest
    @ValueSource(
            strings = {"512m", "0", "'0'", "0Mi", "0.01Gi", "63Mi", "1000k", "512", "'512'", "512MiB", "0512Mi", "-1Gi"
            })
    void a_limit_of_memory_that_is_no_number_of_bytes_is_refused(String memory) {
        assertThat(HelmChart.SHIPPED.refusal("resources: {limits: {memory: " + memory + "}}"))
                .hasValueSatisfying(said -> assertThat(said).contains("- at '/resources/limits/memory': "));
    }

    /** Its own sentences, for what a schema cannot say, or not in one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        config: {admin: {address: "127.0.0.1:9090"}} | config.admin.address is 127.0.0.1:9090, where the kubelet's probes cannot reach it; [::]:9090 is right
        config: {listen: [{address: "127.0.0.1:3128"}]} | config.listen[0].address is 127.0.0.1:3128, which nobody outside of the pod reaches; [::]:3128 is right
        config: {listen: [{address: "[::]:443"}]} | config.listen[0].address has port 443, which needs a right that the proxy does not have; take one from 1024 on
        config: {listen: [{address: "[::]:70000"}]} | config.listen[0].address has port 70000, which is none; take one from 1024 to 65535
        config: {admin: {address: "[::]:80"}} | config.admin.address has port 80, which needs a right that the proxy does not have; take one from 1024 on
        config: {admin: {address: "[::]:0"}} | config.admin.address has port 0, which needs a right that the proxy does not have; take one from 1024 on
        config: {admin: {address: "[::]:70000"}} | config.admin.address has port 70000, which is none; take one from 1024 to 65535
        config: {listen: [{address: "[::]:3128"}, {address: "0.0.0.0:3128"}]} | config.listen[1].address has port 3128, which another listener or the admin address has
        config: {listen: [{address: "[::]:9090"}]} | config.listen[0].address has port 9090, which another listener or the admin address has
        config: {parents: [{url: "http://me:secret@proxy:443"}]} | config.parents[0].url has a password, which would be in a ConfigMap; put user:password into a Secret, name that under secrets, and its file with credentials-file
        config: {parents: [{url: "http://me:se/cret@proxy:443"}]} | config.parents[0].url has a password, which would be in a ConfigMap; put user:password into a Secret, name that under secrets, and its file with credentials-file
        config: {parents: [{url: "http://proxy"}]} | config.parents[0].url is not http://HOST:PORT or https://HOST:PORT
        config: {control-planes: [a, 0646a7d6-80aa-4b1c-9c1d-0123456789ab]} | config.control-planes[1] is the id of a control plane; take the first label of its cluster_control_plane
        config: {clients: [{name: a, user: b, control-planes: [0646a7d6-80aa-4b1c-9c1d-0123456789ab]}]} | config.clients: control-planes[0] of a is the id of a control plane; take the first label of its cluster_control_plane
        config: {extra-hosts: [{name: a, host: 10.0.0.1}]} | config.extra-hosts: 10.0.0.1 of a ends like an IP address; only names are permitted
        config: {extra-hosts: [{name: a, host: a.corp, expected-sni: [b.0x1]}]} | config.extra-hosts: b.0x1 of a ends like an IP address; only names are permitted
        config: {instance: edge} | config.instance would give all proxies one name; leave it out, and each has the name of its pod
        config: {audit: {sign: {key: /etc/konnect-proxy/audit/audit.pem}}} | config names a file in /etc/konnect-proxy/audit; say with secrets.audit or configMaps.audit what is mounted there
        configMaps: {tls: a} | secrets.tls and configMaps.tls are both for /etc/konnect-proxy/tls; leave one out
        certManager: {enabled: true} | certManager.issuerRef.name is empty; name the issuer
        certManager: {enabled: true, issuerRef: {name: a}} ~ config: {listen: [{address: "[::]:3128"}]} | certManager is enabled, but no listener has the certificate /etc/konnect-proxy/tls/tls.crt with the key /etc/konnect-proxy/tls/tls.key
        certManager: {enabled: true, issuerRef: {name: a}} ~ config: {listen: [{address: "[::]:3128", tls: {certificate: /etc/konnect-proxy/tls/server.crt, key: /etc/konnect-proxy/tls/tls.key}}]} | certManager is enabled, but no listener has the certificate /etc/konnect-proxy/tls/tls.crt with the key /etc/konnect-proxy/tls/tls.key
        certManager: {enabled: true, issuerRef: {name: a}} ~ config: {listen: [{address: "[::]:3128", tls: {certificate: /etc/konnect-proxy/tls/tls.crt, key: /etc/konnect-proxy/tls/key.pem}}]} | certManager is enabled, but no listener has the certificate /etc/konnect-proxy/tls/tls.crt with the key /etc/konnect-proxy/tls/tls.key
        certManager: {enabled: true, issuerRef: {name: a}} ~ secrets: {other: b} ~ config: {listen: [{address: "[::]:3128", tls: {certificate: /etc/konnect-proxy/other/tls.crt, key: /etc/konnect-proxy/other/tls.key, client-ca: /etc/konnect-proxy/tls/ca.crt}}]} | certManager is enabled, but no listener has the certificate /etc/konnect-proxy/tls/tls.crt with the key /etc/konnect-proxy/tls/tls.key
        certManager: {enabled: true, issuerRef: {name: a}} ~ secrets: {tls: null} ~ configMaps: {tls: b} | certManager is enabled, but secrets.tls does not name the Secret that it makes
        config: {audit: {file: /tmp/trail.jsonl}} | config.audit.file is /tmp/trail.jsonl, which is not on the volume; leave it out, or take one in audit
        config: {audit: {file: audit/../trail.jsonl}} | config.audit.file is audit/../trail.jsonl, which is not on the volume; leave it out, or take one in audit
        config: {audit: {file: null, stdout: false}} | config.audit has neither a file nor standard output, so that there is no trail; leave one of them as it is by default
        persistence: {emptyDir: true} | persistence.emptyDir loses the audit trail with each pod, and nobody else has it; name a receiver in config.audit.mirrors, or leave emptyDir out
        persistence: {size: 8Gi} | persistence.size 8Gi is too small: config.audit.rotate keeps up to 8704 MiB with the files that grow, and the file system takes a twentieth; at a full disk everything is refused
        config: {audit: {rotate: {size: 1GiB}}} | persistence.size 10Gi is too small: config.audit.rotate keeps up to 10240 MiB with the files that grow, and the file system takes a twentieth; at a full disk everything is refused
        config: {timeouts: {drain: 5s}, audit: {rotate: {size: 09MiB, keep-size: 010GiB}}} | persistence.size 10Gi is too small: config.audit.rotate keeps up to 10258 MiB with the files that grow, and the file system takes a twentieth; at a full disk everything is refused
        config: {audit: {archive: {url: "s3://trails", parent: "http://proxy:443"}}} | config.audit.archive.parent is not the url of one of config.parents; name it there, too
        config: {parents: [{url: "http://other:443"}], audit: {archive: {url: "s3://trails", parent: "http://proxy:443"}}} | config.audit.archive.parent is not the url of one of config.parents; name it there, too
        config: {parents: [{url: "http://proxy:443"}], audit: {archive: {url: "s3://trails", parent: "http://me:secret@proxy:443"}}} | config.audit.archive.parent has a password, which would be in a ConfigMap; leave user:password out, as in the url of the parent
        archiveCredentials: a | archiveCredentials is for config.audit.archive, which has no url; leave it out
        config: {audit: {archive: {url: null}}} ~ archiveCredentials: a | archiveCredentials is for config.audit.archive, which has no url; leave it out
        image: {tag: latest} | image.tag is latest, which moves; name a version, or a digest
        podLabels: {app.kubernetes.io/name: a} | podLabels has app.kubernetes.io/name, by which the Service finds the proxies; leave it out
        podAnnotations: {prometheus.io/scrape: "false"} | podAnnotations has prometheus.io/scrape, which the chart writes; leave it out, or set monitoring.scrapeAnnotations to false
        podAnnotations: {helm.sh/hook: test} | podAnnotations has helm.sh/hook, which the chart writes; leave it out
        podAnnotations: {konnect-proxy/restart-only: a} | podAnnotations has konnect-proxy/restart-only, which the chart writes; leave it out
        monitoring: {dashboard: {labels: {app.kubernetes.io/version: a}}} | monitoring.dashboard.labels has app.kubernetes.io/version, which the chart writes; leave it out
        monitoring: {prometheusRule: {labels: {app.kubernetes.io/name: a}}} | monitoring.prometheusRule.labels has app.kubernetes.io/name, which the chart writes; leave it out
        monitoring: {serviceMonitor: {labels: {app.kubernetes.io/instance: a}}} | monitoring.serviceMonitor.labels has app.kubernetes.io/instance, which the chart writes; leave it out
        service: {ipFamilyPolicy: SingleStack, ipFamilies: [IPv4, IPv6]} | service.ipFamilies has two families, and service.ipFamilyPolicy is SingleStack; take PreferDualStack, or leave one out
        networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3}, {port: 2, endPort: 1}]}]} | networkPolicy.extraEgress[0].ports[1] has endPort 1, which is below port 2
        config: {dns: {servers: [10.0.0.2, "10.0.0.3:65536"]}} | config.dns.servers[1] has port 65536, which is none
        config: {dns: {servers: ["[fd00::53]:70000"]}} | config.dns.servers[0] has port 70000, which is none
        config: {parents: [{url: "http://proxy:70000"}]} ~ networkPolicy: {enabled: false} | config.parents[0].url has port 70000, which is none
        serviceAccount: {create: false, annotations: {a: b}} | serviceAccount.annotations are for an account that the chart makes; annotate the one that there is, or leave them out
        service: {externalTrafficPolicy: Local} | service.externalTrafficPolicy is for service.type NodePort and LoadBalancer only
        service: {loadBalancerSourceRanges: [10.0.0.0/8]} | service.loadBalancerClass and loadBalancerSourceRanges are for service.type LoadBalancer only
        monitoring: {serviceMonitor: {enabled: true}} | monitoring.serviceMonitor finds nothing while the NetworkPolicy keeps Prometheus out; name its namespace in networkPolicy.prometheus
        networkPolicy: {dataPlanes: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]} | networkPolicy.dataPlanes[0] has an ipBlock beside a selector; a peer is one or the other
        networkPolicy: {extraEgress: [{to: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 1}]}]} | networkPolicy.extraEgress[0].to[0] has an ipBlock beside a selector; a peer is one or the other
        config: {parents: [{url: "https://[fd00::1]:8443"}]} | config.parents[0] is at port 8443, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {audit: {mirrors: [{url: "otlp+http://logs.corp:4318/v1/logs"}]}} | config.audit.mirrors[0] is at port 4318, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {audit: {archive: {url: "s3://trails", endpoint: "https://s3.corp:9000"}}} | config.audit.archive.endpoint is at port 9000, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {audit: {archive: {url: "s3://trails", endpoint: "http://s3.corp/"}}} | config.audit.archive.endpoint is at port 80, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://proxy:3128"}]} ~ networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3129}]}]} | config.parents[0] is at port 3128, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://proxy:3128"}]} ~ networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3128, protocol: UDP}]}]} | config.parents[0] is at port 3128, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://proxy:3128"}]} ~ networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3000, endPort: 3127}]}]} | config.parents[0] is at port 3128, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://proxy:3128"}], audit: {mirrors: [{url: "syslog+tcp://logs:514"}]}} ~ networkPolicy: {extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3128}]}]} | config.audit.mirrors[0] is at port 514, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://10.0.0.9:443"}]} | config.parents[0] is at 10.0.0.9, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://172.31.0.1:443"}]} | config.parents[0] is at 172.31.0.1, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://192.168.0.1:443"}]} | config.parents[0] is at 192.168.0.1, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://127.0.0.1:443"}]} | config.parents[0] is at 127.0.0.1, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://169.254.1.1:443"}]} | config.parents[0] is at 169.254.1.1, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://100.127.0.1:443"}]} | config.parents[0] is at 100.127.0.1, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://[fd00::1]:443"}]} | config.parents[0] is at [fd00::1], where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://[fe80::1]:443"}]} | config.parents[0] is at [fe80::1], where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://[::1]:443"}]} | config.parents[0] is at [::1], where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {audit: {archive: {url: "s3://trails", endpoint: "https://10.0.0.7"}}} | config.audit.archive.endpoint is at 10.0.0.7, where the NetworkPolicy does not let the proxy reach port 443; add a rule to networkPolicy.extraEgress
        config: {parents: [{url: "http://proxy:3128"}], audit: {mirrors: [{url: "syslog+tls://logs:443"}]}} ~ networkPolicy: {konnect: [], extraEgress: [{to: [{podSelector: {}}], ports: [{port: 3128}]}]} | config.audit.mirrors[0] is at port 443, which the NetworkPolicy does not let the proxy reach; add a rule to networkPolicy.extraEgress
        networkPolicy: {konnect: []} | networkPolicy.konnect is empty, so that the proxy does not reach Konnect; that is for config.parents, permit-addresses, or a rule in networkPolicy.extraEgress
        """)
    void the_chart_says_in_a_sentence_what_a_schema_cannot(String values, String sentence) {
        assertThat(HelmChart.SHIPPED.refusal(values.replace(" ~ ", "\n")))
                .hasValueSatisfying(said -> assertThat(said)
                        .matches(
                                "execution error at \\(konnect-proxy/templates/validate.yaml:\\d+:\\d+\\): \n\n(?s:.*)")
                        .contains("\n\n" + sentence + ".\n"));
    }

    /** A rule with the port is enough: which addresses a name has, the chart cannot know. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        config: {parents: [{url: "http://proxy:3128"}]} | {to: [{podSelector: {}}], ports: [{port: 9}]}, {to: [{podSelector: {}}], ports: [{port: 8}, {port: 3128}]}
        config: {parents: [{url: "http://proxy:3128"}, {url: "http://proxy:3130"}]} | {to: [{podSelector: {}}], ports: [{port: 3000, endPort: 3130, protocol: TCP}]}
        config: {parents: [{url: "https://10.0.0.9:443"}]} | {to: [{podSelector: {}}], ports: [{port: 443}]}
        config: {parents: [{url: "https://proxy:443"}, {url: "https://34.1.2.3:443"}, {url: "https://172.32.0.1:443"}, {url: "https://[2600:1f18::1]:443"}]} |
        config: {permit-addresses: [10.0.0.0/24], parents: [{url: "https://10.0.0.9:443"}]} |
        config: {parents: [{url: "http://proxy:3128"}], audit: {archive: {url: "s3://trails", endpoint: "http://10.0.0.7:9000", parent: "http://proxy:3128"}}} | {to: [{podSelector: {}}], ports: [{port: 3128}]}
        config: {audit: {archive: {url: "s3://trails", endpoint: "https://s3.corp"}}} |
        """)
    void what_the_network_policy_lets_the_proxy_reach_is_rendered(String config, @Nullable String rules) {
        assertThat(HelmChart.SHIPPED.refusal(
                        config + "\nnetworkPolicy: {extraEgress: [" + Objects.requireNonNullElse(rules, "") + "]}"))
                .isEmpty();
    }

    /** Peers that others chose may be private. */
    @Test
    void other_peers_of_konnect_may_have_the_private_address() {
        assertThat(HelmChart.SHIPPED.refusal("""
                config: {parents: [{url: "https://10.0.0.9:443"}]}
                networkPolicy: {konnect: [{ipBlock: {cidr: 10.0.0.0/8}}]}
                """)).isEmpty();
    }

    /** Whoever forgets to encode a password is not shown it, either. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:s3cret/x@proxy:443",
                "http://me:4711/s3cret@proxy:443",
                "http://me:s3cret x@proxy:443",
                "http://me:s3cret@proxy",
                "me:s3cret@proxy:443",
                "http://me:s3cret"
            })
    void no_sentence_has_the_password_of_a_parent(String url) {
        assertThat(HelmChart.SHIPPED.refusal("config: {parents: [{url: \"" + url + "\"}]}"))
                .hasValueSatisfying(said ->
                        assertThat(said).contains("config.parents[0].url").doesNotContain("s3cret", "4711"));
        assertThat(HelmChart.SHIPPED.refusal(
                        "config: {audit: {archive: {url: \"s3://trails\", parent: \"" + url + "\"}}}"))
                .hasValueSatisfying(said ->
                        assertThat(said).contains("config.audit.archive.parent").doesNotContain("s3cret"));
    }

    /** A Service has one label of letters, digits and dashes; Helm takes more for a release. */
    @ParameterizedTest
    @CsvSource({"edge.eu, edge.eu-konnect-proxy", "1edge, 1edge-konnect-proxy", "konnect-proxy.2, konnect-proxy.2"})
    void a_release_whose_name_no_service_can_have_is_asked_for_another_one(String release, String name) {
        assertThat(HelmChart.SHIPPED.refusal(release, ""))
                .hasValueSatisfying(
                        said -> assertThat(said)
                                .contains(
                                        "the objects of this release would have the name " + name
                                                + ", which no Service can have; set fullnameOverride to one of letters, digits and dashes.\n"));
        assertThat(HelmChart.SHIPPED.refusal(release, "fullnameOverride: edge")).isEmpty();
    }

    /**
     * Kubernetes keeps the claims of a StatefulSet, and Helm finds that out after it has changed the ConfigMap. There is no
     * cluster here: what it would answer is in a file.
     */
    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource(delimiter = '|', textBlock = """
        {} | persistence: {size: 20Gi} | persistence.size
        persistence: {size: 20Gi} | {} | persistence.size
        {} | persistence: {storageClass: fast} | persistence.storageClass
        {} | persistence: {accessMode: ReadWriteOncePod} | persistence.accessMode
        {} | persistence: {annotations: {a: "1"}} | persistence.annotations
        persistence: {annotations: {a: "1"}} | persistence: {size: 11Gi, annotations: {a: "2"}} | persistence.size, persistence.annotations
        {} | config: {audit: {file: null}} | whether there is a volume (config.audit.file, persistence.emptyDir)
        config: {audit: {file: null}} | {} | whether there is a volume (config.audit.file, persistence.emptyDir)
        {} | {persistence: {emptyDir: true}, config: {audit: {mirrors: [{url: "syslog+tls://logs.corp:443"}]}}} | whether there is a volume (config.audit.file, persistence.emptyDir)
        """)
    void what_no_upgrade_can_change_is_said_before_anything_is_changed(
            String before, String after, String what, @TempDir Path copy) throws Exception {
        assertThat(afterInstallation(copy, before).refusal(after))
                .hasValueSatisfying(
                        said -> assertThat(said)
                                .contains(
                                        "\n\nan upgrade cannot change " + what
                                                + ": Kubernetes keeps the volume claims of StatefulSet konnect-proxy as they are; docs/install.md says what to do.\n"));
    }

    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource(delimiter = '|', textBlock = """
        {} | {replicas: 3, config: {regions: [eu]}}
        {} | persistence: {size: 10240Mi}
        persistence: {size: 1024Ti} | persistence: {size: 1024Ti}
        {} | persistence: {whenDeleted: Delete, whenScaled: Delete}
        config: {audit: {file: null}} | {config: {audit: {file: null}}, persistence: {size: 20Gi}}
        persistence: {storageClass: fast, annotations: {b: "1", a: "2"}} | persistence: {storageClass: fast, annotations: {a: "2", b: "1"}}
        """)
    void what_an_upgrade_can_change_is_rendered(String before, String after, @TempDir Path copy) throws Exception {
        assertThat(afterInstallation(copy, before).refusal(after)).isEmpty();
    }

    /** The chart, which finds the StatefulSet of these values where it looks for one, as the API server would have it. */
    private static HelmChart afterInstallation(Path copy, String values) throws Exception {
        HelmChart chart = HelmChart.SHIPPED.changed(
                copy,
                "templates/validate.yaml",
                "and .Release.IsUpgrade (lookup \"apps/v1\" \"StatefulSet\" .Release.Namespace $name)",
                ".Files.Get \"files/there.yaml\" | fromYaml");
        String there = chart.rendered(values)
                .the("StatefulSet")
                .toString()
                .replace("\"storage\":\"1024Ti\"", "\"storage\":\"1Pi\"")
                .replace(
                        "\"resources\":{\"requests\":{\"storage\"",
                        "\"volumeMode\":\"Filesystem\",\"resources\":{\"requests\":{\"storage\"");
        Files.writeString(copy.resolve("files/there.yaml"), there);
        return chart;
    }

    @Test
    void all_that_is_wrong_is_said_at_once_and_no_password() {
        assertThat(HelmChart.SHIPPED.refusal("""
                image: {tag: latest}
                config: {instance: edge, parents: [{url: "http://me:secret@proxy:443"}]}
                """)).hasValueSatisfying(said -> {
            assertThat(said).contains("\nimage.tag is", "\nconfig.instance would", "\nconfig.parents[0].url has");
            assertThat(said).doesNotContain("secret@");
        });
    }

    /** Helm takes a key that is null out of the defaults: what is missing then must not open anything. */
    @ParameterizedTest
    @MethodSource("keys")
    void a_key_that_is_taken_away_is_missed_or_leaves_nothing_open(String key) {
        String values = "null";
        for (String part : reversed(key)) {
            values = "{" + part + ": " + values + "}";
        }
        Optional<String> refusal = HelmChart.SHIPPED.refusal(values);
        if (refusal.isPresent()) {
            assertThat(refusal.get()).containsAnyOf("missing property", "templates/validate.yaml");
        } else {
            RenderedChart rendered = HelmChart.SHIPPED.rendered(values);
            assertThat(OPTIONAL).contains(key);
            assertThat(Hardening.faults(rendered)).isEmpty();
            assertThat(rendered.objects())
                    .allSatisfy(
                            object -> assertThat(KubernetesModel.faults(object)).isEmpty());
        }
    }

    private static List<String> reversed(String key) {
        List<String> parts = new ArrayList<>(List.of(key.split("/", -1)));
        Collections.reverse(parts);
        return parts;
    }

    static Stream<String> keys() throws Exception {
        List<String> keys = new ArrayList<>();
        collect(
                "",
                new YAMLMapper()
                        .readTree(Files.readString(HelmChart.SHIPPED.directory().resolve("values.yaml"))),
                keys);
        return keys.stream();
    }

    private static void collect(String path, JsonNode node, List<String> keys) {
        node.propertyStream().forEach(field -> {
            String key = path + field.getKey();
            keys.add(key);
            if (field.getValue().isObject()) {
                collect(key + "/", field.getValue(), keys);
            }
        });
    }
}
