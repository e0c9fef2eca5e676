package io.konnectproxy.deploy.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code .ci/kube} has started, spoken to by kubectl. It has no nodes: pods are made and admitted, but nothing runs, so a
 * test says in the kubelet's place what became of one.
 */
final class Cluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NAMESPACES = new AtomicInteger();
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final String kubectl = property("kube.kubectl");
    private final Path kubeConfig = Path.of(property("kube.config"));

    static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), () -> name + " is not set: run .ci/kube");
    }

    Path kubeConfig() {
        return kubeConfig;
    }

    /** Of the API server. */
    String version() throws Exception {
        return JsonMapper.shared()
                .readTree(kubectl("get", "--raw", "/version"))
                .get("gitVersion")
                .asString();
    }

    int minor() throws Exception {
        return Integer.parseInt(version().split("\\.", -1)[1]);
    }

    /** A namespace with the strictest pods and what the chart's defaults take for granted: two Secrets. */
    String namespace() throws Exception {
        String name = "trial-" + ProcessHandle.current().pid() + "-" + NAMESPACES.incrementAndGet();
        apply("default", """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                    pod-security.kubernetes.io/enforce-version: latest
                """.formatted(name));
        for (String secret : List.of("tls", "users")) {
            apply(name, """
                    apiVersion: v1
                    kind: Secret
                    metadata: { name: konnect-proxy-%s }
                    stringData: { file: "only its name matters here" }
                    """.formatted(secret));
        }
        await("the account of pods in " + name, () -> kubectl("-n", name, "get", "serviceaccount", "default"));
        return name;
    }

    /** Refuses what the server does not know, as well as what it refuses. */
    String apply(String namespace, String yaml) throws Exception {
        return apply(namespace, yaml, "apply");
    }

    String apply(String namespace, String yaml, String... command) throws Exception {
        Path file = Files.createTempFile("kube", ".yaml");
        try {
            Files.writeString(file, yaml);
            return kubectl(Stream.of(
                            List.of("-n", namespace),
                            List.of(command),
                            List.of("--validate=true", "-f", file.toString()))
                    .flatMap(List::stream)
                    .toArray(String[]::new));
        } finally {
            Files.delete(file);
        }
    }

    JsonNode get(String namespace, String... what) throws Exception {
        List<String> command = new ArrayList<>(List.of("-n", namespace, "get", "-o", "json"));
        command.addAll(List.of(what));
        return JsonMapper.shared().readTree(kubectl(command.toArray(String[]::new)));
    }

    /** KIND/NAME of each object of these kinds, in order. */
    List<String> names(String namespace, String kinds, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("-n", namespace, "get", kinds, "-o", "name"));
        command.addAll(List.of(options));
        return kubectl(command.toArray(String[]::new)).lines().sorted().toList();
    }

    List<JsonNode> pods(String namespace, String release) throws Exception {
        List<JsonNode> pods = new ArrayList<>();
        get(namespace, "pods", "-l", "app.kubernetes.io/name=konnect-proxy,app.kubernetes.io/instance=" + release)
                .get("items")
                .forEach(pods::add);
        return pods;
    }

    /** In the kubelet's place. */
    void status(String namespace, String pod, String status) throws Exception {
        JsonNode now = get(namespace, "pod", pod);
        ((ObjectNode) now).set("status", JsonMapper.shared().readTree(status));
        raw("replace", "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/status", now.toString());
    }

    void ready(String namespace, String pod) throws Exception {
        String address = "10.1.0." + ADDRESSES.incrementAndGet();
        status(namespace, pod, """
                {
                  "phase": "Running",
                  "podIP": "%1$s",
                  "podIPs": [{ "ip": "%1$s" }],
                  "conditions": [{ "type": "Ready", "status": "True" }, { "type": "ContainersReady", "status": "True" }]
                }""".formatted(address));
    }

    /** In the scheduler's place. From now on a deleted pod waits for a kubelet. */
    void bind(String namespace, String pod) throws Exception {
        raw("create", "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/binding", """
                {
                  "apiVersion": "v1", "kind": "Binding", "metadata": { "name": "%s" },
                  "target": { "apiVersion": "v1", "kind": "Node", "name": "trial" }
                }""".formatted(pod));
    }

    /** A request as it stands: {@code create} posts and {@code replace} puts. */
    String raw(String verb, String path, String body) throws Exception {
        Path file = Files.createTempFile("kube", ".json");
        try {
            Files.writeString(file, body);
            return kubectl(verb, "--raw", path, "-f", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** What it prints, or an exception with what it says on standard error. */
    String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                kubectl,
                "--kubeconfig",
                kubeConfig.toString(),
                "--cache-dir",
                kubeConfig.resolveSibling("discovery").toString()));
        command.addAll(List.of(arguments));
        File errors = File.createTempFile("kubectl", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", arguments) + " takes more than 30 s");
            }
            if (process.exitValue() != 0) {
                throw new Refused(Files.readString(errors.toPath()));
            }
            return output;
        } finally {
            Files.delete(errors.toPath());
        }
    }

    /** Until it returns something other than null or false. What is refused is tried again. */
    <T> T await(String what, Callable<T> question) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String last;
            try {
                T answer = question.call();
                if (answer != null && !Boolean.FALSE.equals(answer)) {
                    return answer;
                }
                last = "not yet";
            } catch (Refused e) {
                last = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(what + ": " + last + ". The last warnings of the cluster:\n" + warnings());
            }
            Thread.sleep(200);
        }
    }

    private String warnings() throws Exception {
        List<String> lines = kubectl(
                        "get",
                        "events",
                        "--all-namespaces",
                        "--field-selector=type=Warning",
                        "--sort-by=.lastTimestamp",
                        "-o=custom-columns=OBJECT:.involvedObject.name,MESSAGE:.message")
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /** By the API server, or by kubectl for it. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String sentence) {
            super(sentence);
        }
    }
}
