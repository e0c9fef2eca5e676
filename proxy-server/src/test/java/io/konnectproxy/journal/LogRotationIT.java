package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The program whose file others move away. */
@DisabledOnOs(OS.WINDOWS)
class LogRotationIT {
    private static final Path LOGROTATE = Path.of("/usr/sbin/logrotate");

    @TempDir
    private Path directory;

    private Stage stage;
    private RunningProxy proxy;

    static boolean logrotate() {
        return Files.isExecutable(LOGROTATE);
    }

    @BeforeEach
    void start() throws IOException {
        stage = new Stage();
        proxy = RunningProxy.start(
                directory, stage.dns(), stage.origin().port(), RunningProxy.quick(), "dns: {servers: [\"DNS\"]}");
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        stage.close();
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private void ask(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (RawClient client = new RawClient(proxy.address())) {
                assertThat(client.connect("www.example.com").answer().status()).isEqualTo(403);
            }
        }
    }

    @Test
    void sighup_begins_the_file_anew_at_once_and_ends_nothing() throws Exception {
        ask(1);
        Path moved = Files.move(file(), directory.resolve("audit.jsonl.1"));
        run("kill", "-HUP", Long.toString(proxy.pid()));
        Await.until("the file is begun anew", () -> Files.exists(file()));
        ask(1);
        assertOneChain(List.of(moved, file()), 2);
        assertThat(AuditLines.text(new AuditLines(file()).all().get(0), "occasion"))
                .isEqualTo("segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nocreate", "create 0640"})
    @EnabledIf("logrotate")
    void logrotate_itself_moves_the_file_and_nothing_is_lost(String create) throws Exception {
        Path rules = Files.writeString(directory.resolve("logrotate.conf"), """
                "%s" {
                    size 1
                    rotate 5
                    %s
                    missingok
                    postrotate
                        kill -HUP %d
                    endscript
                }
                """.formatted(file(), create, proxy.pid()));
        Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
        for (int round = 0; round < 3; round++) {
            ask(5);
            run(LOGROTATE.toString(), "--state", directory.resolve("state").toString(), "--force", rules.toString());
            ask(5);
        }
        assertOneChain(
                List.of(
                        directory.resolve("audit.jsonl.3"),
                        directory.resolve("audit.jsonl.2"),
                        directory.resolve("audit.jsonl.1"),
                        file()),
                30);
    }

    private static void assertOneChain(List<Path> files, int decisions) {
        List<JsonNode> all = new ArrayList<>();
        for (Path each : files) {
            all.addAll(new AuditLines(each).all());
        }
        for (int i = 1; i < all.size(); i++) {
            assertThat(AuditLines.text(all.get(i), "prev")).isEqualTo(AuditLines.text(all.get(i - 1), "hash"));
        }
        assertThat(all.stream().filter(line -> AuditLines.text(line, "event").equals("decision")))
                .hasSize(decisions);
        assertThat(all.get(0).path("seq").asInt()).isEqualTo(1);
    }
}
