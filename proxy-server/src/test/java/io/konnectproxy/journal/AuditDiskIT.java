package io.konnectproxy.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A disk that fails under a running proxy: no tunnel without its line, and whoever has one keeps it. */
@EnabledOnOs(OS.LINUX)
class AuditDiskIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting("The audit file ");

    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    /** How the file stops to take lines, and how it takes them again. */
    private enum Trouble {
        FULL {
            @Override
            void begin(Path file) throws Exception {
                Files.delete(file);
                // Every write there fails with "no space left on device".
                Files.createSymbolicLink(file, Path.of("/dev/full"));
            }

            @Override
            void end(Path file) throws Exception {
                Files.delete(file);
            }
        },
        GONE {
            @Override
            void begin(Path file) throws Exception {
                Files.delete(file);
                // A name that leads into no directory.
                Files.createSymbolicLink(file, file.resolveSibling("gone").resolve("audit.jsonl"));
            }

            @Override
            void end(Path file) throws Exception {
                Files.delete(file);
            }
        };

        abstract void begin(Path file) throws Exception;

        abstract void end(Path file) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void refuses_new_tunnels_keeps_open_ones_and_recovers(Trouble trouble) throws Exception {
        try (Rig rig = new Rig(
                        Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                        "");
                RawClient open = opened(rig)) {
            trouble.begin(rig.auditFile());
            rig.proxy().followFiles();
            for (String host : new String[] {Rig.HOST, "evil.example.com"}) {
                try (RawClient client = rig.client()) {
                    Answer answer = client.connect(host).answer();
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.reason()).isEqualTo("audit_unavailable");
                }
            }
            assertThat(rig.readiness()).isEqualTo(503);
            assertAlive(open);
            assertThat(rig.origin().accepted()).isEqualTo(1);

            trouble.end(rig.auditFile());
            try (RawClient client = opened(rig)) {
                assertAlive(client);
                assertAlive(open);
            }
            assertThat(rig.readiness()).isEqualTo(200);
            AuditLines found = new AuditLines(rig.auditFile());
            JsonNode gap = found.await(line -> AuditLines.text(line, "event").equals("gap"));
            assertThat(gap.path("lost").asInt()).isEqualTo(2);
            assertThat(AuditLines.text(gap, "on_failure")).isEqualTo("refuse");
            assertThat(AuditLines.text(found.all().get(0), "event"))
                    .as("a new file begins with what is permitted")
                    .isEqualTo("configuration");
        }
    }

    @Test
    void goes_on_where_the_configuration_says_so_and_says_afterwards_how_much_is_missing() throws Exception {
        try (Rig rig = new Rig(
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                ", on-failure: continue",
                "")) {
            Trouble.FULL.begin(rig.auditFile());
            rig.proxy().followFiles();
            try (RawClient open = opened(rig);
                    RawClient client = rig.client()) {
                assertAlive(open);
                assertThat(client.connect("evil.example.com").answer().reason()).isEqualTo("host_not_konnect");
            }
            assertThat(rig.readiness()).as("it serves").isEqualTo(200);

            Trouble.FULL.end(rig.auditFile());
            Await.until("the file is there again", () -> Files.exists(rig.auditFile()));
            JsonNode gap = new AuditLines(rig.auditFile())
                    .await(line -> AuditLines.text(line, "event").equals("gap"));
            assertThat(gap.path("lost").asInt()).isEqualTo(2);
            assertThat(AuditLines.text(gap, "on_failure")).isEqualTo("continue");
            assertThat(new AuditLines(rig.auditFile())
                            .await(line -> AuditLines.text(line, "event").equals("tunnel")))
                    .as("the end of the tunnel has waited")
                    .isNotNull();
        }
    }

    private static RawClient opened(Rig rig) throws Exception {
        RawClient client = rig.client().connect(Rig.HOST);
        assertThat(client.answer().status()).isEqualTo(200);
        client.say(HELLO);
        assertThat(client.socket().getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
        return client;
    }

    private static void assertAlive(RawClient client) throws Exception {
        client.say("ping");
        assertThat(new String(client.socket().getInputStream().readNBytes(4), US_ASCII))
                .isEqualTo("ping");
    }
}
