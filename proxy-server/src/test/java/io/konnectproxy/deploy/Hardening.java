package io.konnectproxy.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What must not be among the objects of a chart whose pods stand at the border of a network. */
final class Hardening {
    private static final Set<String> KINDS = Set.of(
            "v1 ConfigMap",
            "v1 Pod",
            "v1 Service",
            "v1 ServiceAccount",
            "apps/v1 StatefulSet",
            "networking.k8s.io/v1 NetworkPolicy",
            "policy/v1 PodDisruptionBudget",
            "cert-manager.io/v1 Certificate",
            "monitoring.coreos.com/v1 ServiceMonitor",
            "monitoring.coreos.com/v1 PrometheusRule");
    private static final Set<String> VOLUMES = Set.of("configMap", "secret", "emptyDir");
    /** A key, the hash of a password, a URL with a password. */
    private static final Pattern SECRET = Pattern.compile("PRIVATE KEY|\\$2[aby]\\$\\d|://[^/\\s'\"]*:[^/\\s'\"]*@");

    private final List<String> faults = new ArrayList<>();

    private Hardening() {}

    /** A sentence for each. */
    static List<String> faults(RenderedChart chart) {
        Hardening hardening = new Hardening();
        for (JsonNode object : chart.objects()) {
            hardening.must(KINDS.contains(KubernetesModel.kind(object)), "there is a " + KubernetesModel.kind(object));
        }
        chart.pods().forEach(hardening::pod);
        chart.all("ServiceAccount")
                .forEach(account -> hardening.must(
                        isFalse(account.path("automountServiceAccountToken")), "the account hands its token out"));
        chart.all("ConfigMap")
                .forEach(map -> hardening.must(
                        !SECRET.matcher(map.path("data").toString()).find(), "a ConfigMap holds a secret"));
        Set<Integer> listeners = listeners(chart);
        chart.all("Service").forEach(service -> hardening.service(service, listeners));
        chart.all("NetworkPolicy").forEach(hardening::networkPolicy);
        return hardening.faults;
    }

    private void must(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
        }
    }

    private static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.booleanValue();
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private void pod(JsonNode pod) {
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostAliases")) {
            must(!pod.has(shared), "the pod has " + shared);
        }
        must(isFalse(pod.path("automountServiceAccountToken")), "the pod has a token");
        must(isFalse(pod.path("enableServiceLinks")), "the pod has variables of Services");
        must(!pod.has("initContainers"), "there is another container");
        must(pod.path("containers").size() == 1, "there is another container");
        must(isTrue(pod.at("/securityContext/runAsNonRoot")), "the pod may run as root");
        must(
                !pod.at("/securityContext").has("runAsUser")
                        || pod.at("/securityContext/runAsUser").asInt() > 0,
                "the pod runs as root");
        must(
                pod.at("/securityContext/seccompProfile/type").asString().equals("RuntimeDefault"),
                "every system call is open");
        pod.path("containers").forEach(this::container);
        for (JsonNode volume : pod.path("volumes")) {
            volume.propertyNames().stream()
                    .filter(name -> !name.equals("name") && !VOLUMES.contains(name))
                    .forEach(name -> faults.add("there is a volume of the kind " + name));
            must(
                    !volume.has("secret") || volume.at("/secret/defaultMode").asInt(0777) == 0440,
                    "a Secret's files are writable, or others can read them");
        }
    }

    private void container(JsonNode container) {
        JsonNode security = container.path("securityContext");
        must(isFalse(security.path("allowPrivilegeEscalation")), "privileges can be gained");
        must(isTrue(security.path("readOnlyRootFilesystem")), "the root file system is writable");
        must(security.at("/capabilities/drop").toString().equals("[\"ALL\"]"), "there are capabilities");
        must(!security.at("/capabilities").has("add"), "there are capabilities");
        must(
                Set.of("allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities")
                        .containsAll(security.propertyNames()),
                "the container's own security context says more");
        must(container.at("/resources/limits").has("memory"), "memory is not limited");
        must(
                !container.has("envFrom") && container.path("env").valueStream().allMatch(Hardening::isKeyOfTheArchive),
                "there are variables");
        must(
                container.path("image").asString().matches(".*[a-z0-9]:[^/@]+(@sha256:[0-9a-f]{64})?"),
                "the image has no version");
        must(!container.path("image").asString().endsWith(":latest"), "the image is the latest one");
        for (JsonNode port : container.path("ports")) {
            must(!port.has("hostPort"), "a port of the node is taken");
        }
        for (JsonNode mount : container.path("volumeMounts")) {
            must(
                    isTrue(mount.path("readOnly"))
                            || mount.path("name").asString().equals("audit"),
                    mount.path("mountPath").asString() + " is writable");
            must(!mount.has("subPath"), mount.path("mountPath").asString() + " never changes");
        }
    }

    /** The only secrets that the proxy takes no file for: AWS's library reads them. */
    private static boolean isKeyOfTheArchive(JsonNode variable) {
        return Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
                        .contains(variable.path("name").asString())
                && Set.of("name", "valueFrom").containsAll(variable.propertyNames())
                && Set.of("secretKeyRef").containsAll(variable.path("valueFrom").propertyNames());
    }

    private static Set<Integer> listeners(RenderedChart chart) {
        return chart.all("StatefulSet")
                .flatMap(set -> set.at("/spec/template/spec/containers/0/ports").valueStream())
                .filter(port -> port.path("name").asString().startsWith("connect"))
                .map(port -> port.path("containerPort").asInt())
                .collect(Collectors.toSet());
    }

    /**
     * One with an address leads to listeners only; one without is how Prometheus finds the pods. By number: a name would lead
     * to what the old pods call so while they are replaced.
     */
    private void service(JsonNode service, Set<Integer> listeners) {
        boolean listing = service.at("/spec/clusterIP").asString("").equals("None");
        for (JsonNode port : service.at("/spec/ports")) {
            JsonNode target = port.path("targetPort");
            must(
                    listing || (target.isInt() && listeners.contains(target.asInt())),
                    "a Service leads to the port " + target.asString());
        }
    }

    /** An empty list of peers means everybody, and no list of ports means all of them. */
    private void networkPolicy(JsonNode policy) {
        must(
                policy.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]"),
                "the NetworkPolicy leaves a direction open");
        policy.at("/spec/ingress").forEach(rule -> rule(rule, "from"));
        policy.at("/spec/egress").forEach(rule -> rule(rule, "to"));
    }

    private void rule(JsonNode rule, String peers) {
        must(rule.path(peers).isArray() && !rule.path(peers).isEmpty(), "a rule of the NetworkPolicy is for everybody");
        must(rule.path("ports").isArray() && !rule.path("ports").isEmpty(), "a rule of the NetworkPolicy has no ports");
        rule.path("ports")
                .forEach(port -> must(port.has("port"), "a rule of the NetworkPolicy is for all ports of a protocol"));
    }
}
