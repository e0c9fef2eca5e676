package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A template that loses one of its properties is noticed: each is taken away once. */
class HardeningTest {
    @TempDir
    private Path copy = Path.of("");

    @BeforeAll
    static void assumeHelm() {
        HelmChart.assumeHelm();
    }

    @ParameterizedTest(name = "{0}: {1} becomes {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        _helpers.tpl | runAsNonRoot: true | runAsNonRoot: false | the pod may run as root
        _helpers.tpl | runAsNonRoot: true | fsGroupChangePolicy: Always | the pod may run as root
        _helpers.tpl | runAsUser: {{ int . }} | runAsUser: 0 | the pod runs as root
        _helpers.tpl | type: RuntimeDefault | type: Unconfined | every system call is open
        _helpers.tpl | allowPrivilegeEscalation: false | allowPrivilegeEscalation: true | privileges can be gained
        _helpers.tpl | allowPrivilegeEscalation: false | privileged: true | privileges can be gained
        _helpers.tpl | readOnlyRootFilesystem: true | readOnlyRootFilesystem: false | the root file system is writable
        _helpers.tpl | readOnlyRootFilesystem: true | privileged: true | the container's own security context says more
        _helpers.tpl | drop: [ALL] | drop: [] | there are capabilities
        _helpers.tpl | drop: [ALL] | {drop: [ALL], add: [NET_BIND_SERVICE]} | there are capabilities
        _helpers.tpl | defaultMode: 288 | defaultMode: 292 | a Secret's files are writable, or others can read them
        _helpers.tpl | `{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}` | {{- $tag := "latest" -}} | the image is the latest one
        _helpers.tpl | :{{- $tag -}} | {{- "" -}} | the image has no version
        _helpers.tpl | readOnly: true | readOnly: false | /opt/konnect-proxy/config is writable
        _helpers.tpl | mountPath: /opt/konnect-proxy/config | subPath: a ~  mountPath: /opt/konnect-proxy/config | /opt/konnect-proxy/config never changes
        statefulset.yaml | automountServiceAccountToken: false | automountServiceAccountToken: true | the pod has a token
        statefulset.yaml | automountServiceAccountToken: false | hostNetwork: true | the pod has hostNetwork
        statefulset.yaml | enableServiceLinks: false | enableServiceLinks: true | the pod has variables of Services
        statefulset.yaml | emptyDir: | hostPath: | there is a volume of the kind hostPath
        statefulset.yaml | args: [run, --watch] | envFrom: [{secretRef: {name: a}}] | there are variables
        statefulset.yaml | name: AWS_ACCESS_KEY_ID | name: AWS_PROFILE | there are variables
        statefulset.yaml | secretKeyRef: | configMapKeyRef: | there are variables
        statefulset.yaml | valueFrom: | value: a ~              was: | there are variables
        statefulset.yaml | - name: admin | - hostPort: 9090 | a port of the node is taken
        statefulset.yaml | containers: | initContainers: [{name: a}] ~      containers: | there is another container
        statefulset.yaml | {{- toYaml .Values.resources | {{- toYaml (dict "limits" dict) | memory is not limited
        serviceaccount.yaml | automountServiceAccountToken: false | automountServiceAccountToken: true | the account hands its token out
        serviceaccount.yaml | kind: ServiceAccount | kind: Secret | there is a v1 Secret
        service.yaml | targetPort: {{ $port }} | targetPort: admin | a Service leads to the port admin
        service.yaml | targetPort: {{ $port }} | targetPort: 9090 | a Service leads to the port 9090
        service.yaml | targetPort: {{ $port }} | targetPort: connect | a Service leads to the port connect
        servicemonitor.yaml | clusterIP: None | type: ClusterIP | a Service leads to the port admin
        networkpolicy.yaml | policyTypes: [Ingress, Egress] | policyTypes: [Ingress] | the NetworkPolicy leaves a direction open
        networkpolicy.yaml | {{- toYaml .Values.networkPolicy.dataPlanes | {{- toYaml list | a rule of the NetworkPolicy is for everybody
        networkpolicy.yaml | {{- toYaml .Values.networkPolicy.dns.to | {{- toYaml list | a rule of the NetworkPolicy is for everybody
        networkpolicy.yaml | port: {{ int . }} | endPort: {{ int . }} | a rule of the NetworkPolicy is for all ports of a protocol
        networkpolicy.yaml | port: 443 | endPort: 443 | a rule of the NetworkPolicy is for all ports of a protocol
        configmap.yaml | konnect-proxy.yaml: | `key: "-----BEGIN PRIVATE KEY-----" ~  konnect-proxy.yaml:` | a ConfigMap holds a secret
        configmap.yaml | konnect-proxy.yaml: | `parent: "http://me:secret@proxy:3128" ~  konnect-proxy.yaml:` | a ConfigMap holds a secret
        """)
    void each_property_is_missed(String file, String from, String to, String fault) {
        HelmChart changed = HelmChart.SHIPPED.changed(copy, "templates/" + file, from, to.replace(" ~ ", "\n "));
        RenderedChart rendered = changed.rendered("""
                config: {audit: {mirrors: [{url: "syslog+tls://logs.corp:443"}], archive: {url: "s3://trails"}}}
                archiveCredentials: a
                persistence: {emptyDir: true}
                networkPolicy: {prometheus: [{namespaceSelector: {}}]}
                monitoring: {serviceMonitor: {enabled: true}}
                """);
        assertThat(Hardening.faults(rendered)).contains(fault);
    }
}
