package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.tls.ThrowawayCa;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The page on Kong and what lies in deploy/: every configuration is one, every printed setting is what is printed. */
class KongPageTest {
    private static final Path ROOT = Path.of("..");
    private static final String ETC = "/etc/konnect-proxy";

    /** Stands for {@link #ETC}, with all files that the recipes name. */
    @TempDir
    private static Path etc;

    private static String page;

    /** A fenced block, and the configuration that was shown last before it. */
    record Block(String kind, String text, String configuration) {
        @Override
        public String toString() {
            return text.lines().findFirst().orElse("");
        }
    }

    @BeforeAll
    static void prepare() throws Exception {
        page = Files.readString(ROOT.resolve("docs/kong.md"));
        ThrowawayCa ca = new ThrowawayCa();
        KeyStore store =
                ca.serverStore(List.of("konnect-proxy.corp.example", "konnect-proxy.konnect-proxy.svc.cluster.local"));
        Files.createDirectories(etc.resolve("tls"));
        Files.createDirectories(etc.resolve("users"));
        pem("tls/ca.crt", "CERTIFICATE", ca.certificate().getEncoded());
        pem("tls/tls.crt", "CERTIFICATE", store.getCertificate("server").getEncoded());
        pem("tls/tls.key", "PRIVATE KEY", store.getKey("server", new char[0]).getEncoded());
        pem("corp-ca.crt", "CERTIFICATE", ca.certificate().getEncoded());
        Files.writeString(etc.resolve("parent.password"), "proxy-user:p@ss\n");
        String hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
        String users = Stream.of("dp-payments", "dp-shop", "deck")
                .map(user -> user + ":" + hash + "\n")
                .reduce("", String::concat);
        Files.writeString(etc.resolve("users.htpasswd"), users);
        Files.writeString(etc.resolve("users/users.htpasswd"), users);
    }

    private static void pem(String name, String kind, byte[] content) throws IOException {
        Files.writeString(
                etc.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                        + "-----\n");
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        String configuration = "";
        Matcher fence =
                Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$").matcher(Files.readString(ROOT.resolve("docs/kong.md")));
        while (fence.find()) {
            configuration = fence.group(1).equals("yaml") ? fence.group(2) : configuration;
            blocks.add(new Block(fence.group(1), fence.group(2), configuration));
        }
        return blocks;
    }

    static Stream<Block> configurations() throws IOException {
        return blocks().stream().filter(block -> block.kind().equals("yaml"));
    }

    static Stream<Block> commands() throws IOException {
        return blocks().stream().filter(block -> block.text().startsWith("$ ./konnect-proxy kong-config"));
    }

    private static Path file(String configuration) throws IOException {
        return Files.writeString(etc.resolve("konnect-proxy.yaml"), configuration.replace(ETC, etc.toString()));
    }

    private static LoadedConfiguration load(String configuration) throws Exception {
        return ConfigurationLoader.load(file(configuration), Map.of());
    }

    @Test
    void it_has_a_recipe_for_each_shape() {
        assertThat(page)
                .contains(
                        "\n## One data plane\n",
                        "\n## A fleet behind a load balancer\n",
                        "\n## Kubernetes\n",
                        "\n## Through a corporate proxy\n",
                        "\n## PrivateLink\n");
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void its_configurations_are_some(Block block) throws Exception {
        assertThat(load(block.configuration()).warnings())
                .filteredOn(warning -> !warning.contains(" is valid until "))
                .filteredOn(warning -> !warning.contains("any tenant's control plane is reachable")
                        || !block.text().contains("privatelink"))
                .isEmpty();
    }

    /** What the charts and the Operator read, at the place where they read it. */
    @Test
    void its_recipes_for_kubernetes_say_what_kong_config_says() throws Exception {
        List<JsonNode> recipes = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.text().startsWith("# values.yaml of kong/")
                    || block.text().startsWith("apiVersion: gateway-op")) {
                recipes.add(new YAMLMapper().readTree(block.text()));
            }
        }
        String noProxy = page.lines()
                .filter(line -> line.startsWith("NO_PROXY="))
                .map(line -> line.substring("NO_PROXY=".length()))
                .findFirst()
                .orElseThrow();
        String gateway = "{\"proxy_server\":\"http://10.0.0.5:3128\",\"cluster_use_proxy\":\"on\"}";
        String controller = "{\"HTTPS_PROXY\":\"http://10.0.0.5:3128\",\"NO_PROXY\":\"" + noProxy + "\"}";
        assertThat(recipes).hasSize(3);
        assertThat(recipes.get(0).toString())
                .isEqualTo("{\"controller\":{\"ingressController\":{\"customEnv\":" + controller
                        + "}},\"gateway\":{\"env\":" + gateway + "}}");
        assertThat(recipes.get(1).toString()).isEqualTo("{\"customEnv\":" + controller + "}");
        JsonNode container = recipes.get(2).at("/spec/deployment/podTemplateSpec/spec/containers/0");
        assertThat(container.path("name").asString()).isEqualTo("proxy");
        // A rule of the custom resource demands it.
        assertThat(container.path("image").asString()).startsWith("kong/kong-gateway:");
        assertThat(container.path("env").toString())
                .isEqualTo("[{\"name\":\"KONG_PROXY_SERVER\",\"value\":\"http://10.0.0.5:3128\"},"
                        + "{\"name\":\"KONG_CLUSTER_USE_PROXY\",\"value\":\"on\"}]");
    }

    /** A page outlives the name of an option. */
    @Test
    void its_options_are_those_of_the_commands() {
        StringWriter usage = new StringWriter();
        for (String command : List.of("kong-config", "certificate", "user", "explain", "check")) {
            KonnectProxyCommand.execute(
                    new PrintWriter(usage), new PrintWriter(new StringWriter()), Map.of(), command, "--help");
        }
        assertThat(Pattern.compile("`(--[a-z-]+)|\\./konnect-proxy [^\n`#]*?(--[a-z-]+)")
                        .matcher(page)
                        .results()
                        .flatMap(match -> Stream.of(match.group(1), match.group(2)))
                        .filter(Objects::nonNull)
                        .distinct())
                .contains("--output", "--user", "--host", "--out", "--file")
                .allSatisfy(option -> assertThat(usage.toString()).containsPattern(option + "\\b"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void its_settings_are_those_of_kong_config(Block block) throws Exception {
        String[] lines = block.text().split("\n", 2);
        List<String> arguments = new ArrayList<>(
                List.of(lines[0].substring("$ ./konnect-proxy ".length()).split(" ", -1)));
        arguments.addAll(List.of("-c", file(block.configuration()).toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(err), Map.of(), arguments.toArray(new String[0]));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString().replace(etc.toString(), ETC)).isEqualTo(lines[1]);
    }

    @Test
    void its_commands_exist() {
        StringWriter usage = new StringWriter();
        KonnectProxyCommand.execute(new PrintWriter(usage), new PrintWriter(new StringWriter()), Map.of(), "--help");
        assertThat(Pattern.compile("\\./konnect-proxy ([a-z-]+)")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1))
                        .distinct())
                .contains("kong-config", "certificate", "user", "explain")
                .allSatisfy(command -> assertThat(usage.toString()).containsPattern("(?m)^  " + command + " "));
    }

    @Test
    void its_hosts_of_privatelink_are_permitted_by_their_recipe() throws Exception {
        Block settings = blocks().stream()
                .filter(block -> block.text().startsWith("cluster_control_plane"))
                .findFirst()
                .orElseThrow();
        List<String> hosts = Pattern.compile("= ([a-z.]+)")
                .matcher(settings.text())
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(hosts).hasSize(4);
        for (String host : hosts) {
            StringWriter out = new StringWriter();
            KonnectProxyCommand.execute(
                    new PrintWriter(out),
                    new PrintWriter(new StringWriter()),
                    Map.of(),
                    "explain",
                    host + ":443",
                    "-c",
                    file(settings.configuration()).toString());
            assertThat(out.toString()).startsWith("permitted: ").contains("purpose privatelink");
        }
    }

    private static Map<String, JsonNode> manifests() throws IOException {
        Map<String, JsonNode> byKind = new TreeMap<>();
        try (var documents = new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(Files.readString(ROOT.resolve("deploy/kubernetes.yaml")))) {
            documents.forEachRemaining(document -> {
                if (!document.isNull()) {
                    byKind.put(document.path("kind").asString(), document);
                }
            });
        }
        return byKind;
    }

    /** The kubelet turns a link when the ConfigMap has changed; ReloadRunIT does the same. */
    @Test
    void the_manifest_and_the_image_follow_the_configuration() throws Exception {
        assertThat(manifests()
                        .get("StatefulSet")
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .isEqualTo("[\"run\",\"--watch\"]");
        assertThat(Files.readString(ROOT.resolve("Dockerfile"))).contains("\nCMD [\"run\", \"--watch\"]\n");
    }

    @Test
    void the_manifests_fit_each_other() throws Exception {
        Map<String, JsonNode> manifests = manifests();
        assertThat(manifests)
                .containsOnlyKeys(
                        "ConfigMap",
                        "NetworkPolicy",
                        "PodDisruptionBudget",
                        "Service",
                        "ServiceAccount",
                        "StatefulSet");
        JsonNode pod = manifests.get("StatefulSet").at("/spec/template");
        for (JsonNode selector : List.of(
                manifests.get("Service").at("/spec/selector"),
                manifests.get("StatefulSet").at("/spec/selector/matchLabels"),
                manifests.get("PodDisruptionBudget").at("/spec/selector/matchLabels"),
                manifests.get("NetworkPolicy").at("/spec/podSelector/matchLabels"))) {
            assertThat(selector).isEqualTo(pod.at("/metadata/labels"));
        }
        assertThat(manifests.get("Service").at("/spec/ports/0/port").asInt())
                .isEqualTo(pod.at("/spec/containers/0/ports/0/containerPort").asInt())
                .isEqualTo(manifests
                        .get("NetworkPolicy")
                        .at("/spec/ingress/0/ports/0/port")
                        .asInt());
        assertThat(pod.at("/spec/volumes")
                        .valueStream()
                        .map(volume -> volume.path("name").asString()))
                .containsExactlyInAnyOrder("config", "files-tls", "files-users");
        assertThat(pod.at("/spec/containers/0/volumeMounts").valueStream())
                .allSatisfy(mount -> assertThat(mount.has("subPath")).isFalse());
        assertThat(page)
                .contains("secret tls "
                        + pod.at("/spec/volumes/1/secret/secretName").asString())
                .contains(
                        "generic " + pod.at("/spec/volumes/2/secret/secretName").asString());
    }

    @Test
    void the_configuration_in_the_manifests_is_one() throws Exception {
        Map<String, JsonNode> manifests = manifests();
        JsonNode container = manifests.get("StatefulSet").at("/spec/template/spec/containers/0");
        Configuration loaded = load(manifests
                        .get("ConfigMap")
                        .path("data")
                        .path("konnect-proxy.yaml")
                        .asString())
                .configuration();
        assertThat(loaded.listen().get(0).address().getPort())
                .isEqualTo(container.at("/ports/0/containerPort").asInt());
        assertThat(loaded.admin().address().getPort())
                .isEqualTo(container.at("/ports/1/containerPort").asInt());
        assertThat(loaded.listen().get(0).address().getAddress().isAnyLocalAddress())
                .isTrue();
        assertThat(manifests
                        .get("StatefulSet")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asLong())
                .isGreaterThan(loaded.timeouts().drain().toSeconds());
        List<String> mounted = container
                .path("volumeMounts")
                .valueStream()
                .map(mount -> mount.path("mountPath").asString())
                .toList();
        assertThat(loaded.listen().get(0).credentials().orElseThrow()).isEqualTo(etc + "/users/users.htpasswd");
        assertThat(mounted)
                .contains(ETC + "/users", ETC + "/tls", "/opt/konnect-proxy/config", "/opt/konnect-proxy/audit");
    }

    @Test
    void the_trail_fits_the_volume_and_a_flood_pushes_nothing_out_within_a_day() throws Exception {
        LoadedConfiguration loaded = load(manifests()
                .get("ConfigMap")
                .path("data")
                .path("konnect-proxy.yaml")
                .asString());
        Rotation rotate = loaded.configuration().audit().rotate();
        String volume = manifests()
                .get("StatefulSet")
                .at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                .asString();
        // The file that grows, and one that is finished and not counted yet; a twentieth is the file system's.
        long most = rotate.keepSize().orElseThrow() + 2 * rotate.size().orElseThrow();
        assertThat(most).isLessThan((Long.parseLong(volume.replace("Gi", "")) << 30) * 95 / 100);
        assertThat(loaded.warnings()).noneMatch(warning -> warning.contains("audit.rotate"));
    }

    /** What stood there would win over the operator's file, and could remove what that keeps. */
    @Test
    void the_unit_begins_with_the_shipped_file_and_sets_nothing_beside_it() throws Exception {
        String unit = Files.readString(ROOT.resolve("deploy/konnect-proxy.service"));
        assertThat(unit)
                .contains("config/konnect-proxy.yaml, which names your regions")
                .doesNotContain("Environment");
    }

    @Test
    void the_unit_gives_the_proxy_what_it_needs() throws Exception {
        Map<String, String> unit = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("deploy/konnect-proxy.service"))) {
            if (line.matches("[A-Za-z]+=.*")) {
                unit.put(line.split("=", 2)[0], line.split("=", 2)[1]);
            }
        }
        Configuration defaults = load("regions: [us]\n").configuration();
        assertThat(unit.get("ExecStart")).contains(" run -c " + ETC + "/konnect-proxy.yaml");
        assertThat(Long.parseLong(unit.get("TimeoutStopSec")))
                .isGreaterThan(defaults.timeouts().drain().toSeconds());
        assertThat(Integer.parseInt(unit.get("LimitNOFILE")))
                .isGreaterThan(2 * defaults.limits().tunnels());
        // It counts for ExecStart alone.
        assertThat(unit.get("RestartPreventExitStatus")).isEqualTo(ExitCode.USAGE + " " + ExitCode.CONFIGURATION);
        assertThat(unit).doesNotContainKey("ExecStartPre");
    }

    /** It takes the unit's command with the one word for the other. */
    @Test
    void the_trial_of_an_upgrade_gives_check_only_options_that_it_has() throws Exception {
        Set<String> onlyOfRun = new TreeSet<>(options(new RunCommand()));
        onlyOfRun.removeAll(options(new CheckCommand()));
        assertThat(onlyOfRun).containsExactly(RunCommand.WATCH);
        assertThat(Files.readString(ROOT.resolve("deploy/package/trial")))
                .contains("]run[", "\\1check\\2", "[[:space:]]" + RunCommand.WATCH + "(");
    }

    private static Set<String> options(Object command) {
        return new CommandLine(command).getCommandSpec().optionsMap().keySet();
    }
}
