package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RunningProxy;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A running process takes another configuration: on SIGHUP, and by itself with {@code --watch}. */
@Timeout(60)
class ReloadRunIT {
    private static final String EU = "0646a7d680.eu.cp0.konghq.com";

    @TempDir
    private Path directory;

    private Path mounted;
    private int versions;
    private Process process;
    private BufferedReader said;
    private InetSocketAddress proxy;
    private final int admin = FreePort.number();

    /** The directory as the kubelet mounts a ConfigMap: the file is a link through a link that is turned. */
    @BeforeEach
    void mount() throws Exception {
        mounted = Files.createDirectory(directory.resolve("config"));
        writeKey();
        put("regions: [us]\n");
        Files.createSymbolicLink(mounted.resolve("konnect-proxy.yaml"), Path.of("..data", "konnect-proxy.yaml"));
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly();
        said.close();
    }

    /** A new directory, and a link to it that replaces the one before in one step. */
    private void put(String rules) throws Exception {
        Path version = Files.createDirectory(mounted.resolve("..version" + versions++));
        Files.writeString(
                version.resolve("konnect-proxy.yaml"),
                """
                listen: [{address: "127.0.0.1:0"}]
                dns: {servers: ["127.0.0.1:9"]}
                audit: {file: "%s", stdout: false, sign: {key: "%s"}}
                admin: {address: "127.0.0.1:%d"}
                """.formatted(directory.resolve("audit.jsonl"), directory.resolve("audit.pem"), admin) + rules);
        Path link = Files.createSymbolicLink(mounted.resolve("..data_tmp"), version.getFileName());
        Files.move(link, mounted.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void writeKey() throws Exception {
        Files.writeString(directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
    }

    private void run(String... more) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(RunningProxy.quick());
        command.addAll(List.of(Main.class.getName(), "run", "-c"));
        command.add(mounted.resolve("konnect-proxy.yaml").toString());
        command.addAll(List.of(more));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = awaitLine("listening on 127.0.0.1:");
        proxy = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1")));
    }

    private String awaitLine(String containing) throws Exception {
        List<String> before = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.contains(containing)) {
                return line;
            }
            before.add(line);
        }
        throw new AssertionError("it never said '" + containing + "' but: " + before);
    }

    private String reason() throws Exception {
        try (RawClient client = new RawClient(proxy)) {
            return client.connect(EU).answer().reason();
        }
    }

    private String ready() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void hangUp() throws Exception {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void a_turned_link_is_in_force_within_seconds_and_a_broken_file_changes_nothing() throws Exception {
        run("--watch");
        assertThat(reason()).isEqualTo("region_not_enabled");
        String before = ready();
        assertThat(before).matches("ready\n\nconfiguration [0-9a-f]{12} in force since \\S+Z\n");
        put("regions: [us, eu]\n");
        assertThat(awaitLine("reloaded in ")).matches(".* INFO  reloaded in \\d+ ms: regions \\+eu");
        assertThat(reason()).startsWith("dns_");
        assertThat(ready()).startsWith("ready\n\nconfiguration ").isNotEqualTo(before);
        put("regions: [us, eu]\nmoed: enforce\n");
        awaitLine("refused as a whole");
        assertThat(awaitLine("moed")).contains("konnect-proxy.yaml:6", "mode");
        assertThat(reason()).startsWith("dns_");
        assertThat(ready()).contains("a changed configuration is refused");
        put("regions: [us]\n");
        awaitLine("reloaded in ");
        assertThat(reason()).isEqualTo("region_not_enabled");
        assertThat(occasions()).containsExactly("start", "reload", "refused", "reload");
    }

    @Test
    void a_hangup_reads_everything_anew_and_says_what_came_of_it() throws Exception {
        run();
        hangUp();
        assertThat(awaitLine("reloaded in ")).endsWith("its settings are as before");
        put("regions: [us]\ninstance: another\n");
        hangUp();
        awaitLine("refused as a whole");
        assertThat(awaitLine("instance")).contains("konnect-proxy.yaml:6: instance: only a restart can change this");
        put("regions: [us]\ntimeouts: {idle: 1h}\n");
        hangUp();
        assertThat(awaitLine("reloaded in ")).endsWith("timeouts.idle +1h -15m");
        assertThat(occasions()).containsExactly("start", "reload", "refused", "reload");
        put("regions: [us]\nlimits: {tunnels: 77}\n");
        // Nobody watches the file here.
        assertThat(ready()).isEqualTo(ready());
    }

    @Test
    void another_signing_key_under_the_same_name_is_noticed_and_needs_a_restart() throws Exception {
        run("--watch");
        writeKey();
        awaitLine("refused as a whole");
        assertThat(awaitLine("audit.sign.key")).contains("konnect-proxy.yaml:3: ", "only a restart can change");
        assertThat(ready()).contains("a changed configuration is refused");
        assertThat(occasions()).containsExactly("start", "refused");
    }

    @Test
    void a_signing_key_that_is_gone_is_told_with_the_line_that_names_it() throws Exception {
        run("--watch");
        Files.delete(directory.resolve("audit.pem"));
        awaitLine("refused as a whole");
        assertThat(awaitLine("audit.sign.key"))
                .contains("konnect-proxy.yaml:3: audit.sign.key: '" + directory.resolve("audit.pem")
                        + "' does not exist");
        new AuditLines(directory.resolve("audit.jsonl"))
                .await(line -> AuditLines.text(line, "event").equals("reload_refused"));
        assertThat(occasions()).containsExactly("start", "refused");
    }

    private List<String> occasions() {
        List<String> occasions = new ArrayList<>();
        for (JsonNode line : new AuditLines(directory.resolve("audit.jsonl")).all()) {
            switch (AuditLines.text(line, "event")) {
                case "configuration" -> occasions.add(AuditLines.text(line, "occasion"));
                case "reload_refused" -> occasions.add("refused");
                default -> {}
            }
        }
        return occasions;
    }
}
