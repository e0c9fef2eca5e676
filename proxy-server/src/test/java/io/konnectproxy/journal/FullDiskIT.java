package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Phase;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The program on a disk of one megabyte that others fill. Only root may mount one. */
@EnabledOnOs(OS.LINUX)
class FullDiskIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()) == 0, "only root may");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", directory.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor();
    }

    @Test
    void refuses_while_it_is_full_keeps_open_tunnels_and_says_what_it_missed() throws Exception {
        try (Stage stage = new Stage();
                RunningProxy proxy = RunningProxy.start(
                        directory,
                        stage.dns(),
                        stage.origin().port(),
                        RunningProxy.quick(),
                        "dns: {servers: [\"DNS\"]}");
                RawClient open = stage.reach(Phase.RELAY, proxy.address(), new AuditLines(audit()))) {
            Path filler = fill();
            assertThat(untilUnavailable(proxy))
                    .as("lines that still found room")
                    .isLessThan(20);
            assertThat(answer(proxy, "evil.example.com").reason()).isEqualTo("audit_unavailable");
            assertThat(Files.readString(audit())).as("no torn line").endsWith("\"}\n");
            long received = stage.received();
            open.say("still there");
            Await.until("the open tunnel carried it", () -> stage.received() > received);

            Files.delete(filler);
            Await.value(() -> answer(proxy, "evil.example.com").status(), 403);
            JsonNode gap = new AuditLines(audit())
                    .await(line -> AuditLines.text(line, "event").equals("gap"));
            assertThat(gap.path("lost").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(AuditLines.text(gap, "reason")).isEqualTo("no space left on device");
            assertThat(AuditLines.text(gap, "until")).isGreaterThan(AuditLines.text(gap, "from"));
        }
        assertWhole();
    }

    private Path audit() {
        return directory.resolve("audit.jsonl");
    }

    private Path fill() throws IOException {
        Path filler = directory.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            return filler;
        }
    }

    private static int untilUnavailable(RunningProxy proxy) throws IOException {
        int answered = 0;
        while (answer(proxy, Rig.HOST).status() != 503) {
            answered++;
        }
        return answered;
    }

    private static Answer answer(RunningProxy proxy, String host) throws IOException {
        try (RawClient client = new RawClient(proxy.address())) {
            return client.connect(host).answer();
        }
    }

    /** All lines, one after the other. */
    private void assertWhole() {
        List<JsonNode> lines = new AuditLines(audit()).all();
        for (int i = 1; i < lines.size(); i++) {
            assertThat(AuditLines.text(lines.get(i), "prev")).isEqualTo(AuditLines.text(lines.get(i - 1), "hash"));
        }
    }
}
