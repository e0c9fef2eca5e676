package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.StandInS3;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read trails read those of an archive, over HTTP. */
class AuditArchiveReadingTest {
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final String ONE = "audit/edge-1/00ab12cd34ef/000000000001.jsonl";
    private static final String CHECKPOINT = "audit/edge-1/00ab12cd34ef/checkpoints/000000000007.jsonl";
    private static final String OTHER = "audit/edge-2/ffffffffffff/000000000001.jsonl";

    @TempDir
    private Path directory = Path.of("");

    private StandInS3 s3;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        s3 = StandInS3.start();
        TrailBuilder trail = new TrailBuilder().start();
        put(ONE, used(trail).stop().take());
        List<String> unfinished =
                trail.configuration("segment").checkpoint(KEYS).take();
        put(CHECKPOINT, unfinished.subList(1, 2));
        put(
                OTHER,
                used(new TrailBuilder()
                                .of("ffffffffffff")
                                .later(Duration.ofHours(1))
                                .start())
                        .stop()
                        .take());
    }

    private static TrailBuilder used(TrailBuilder trail) {
        return trail.permitted("a1", "10.0.0.7", "cloud.konghq.com")
                .tunnel("a1", "cloud.konghq.com", "client_closed", 10, 20, 30)
                .refused("b1", "10.0.0.9", "example.com:443", "host_not_konnect");
    }

    private void put(String key, List<String> lines) {
        s3.objects.put(key, StandInS3.Stored.of((String.join("\n", lines) + "\n").getBytes(US_ASCII), Map.of()));
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    @Test
    void verify_names_the_lines_that_are_not_here() {
        Ended ended = run("audit", "verify");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines())
                .containsSubsequence(
                        "edge-1    00ab12cd34ef  2026-11-22  2026-11-22      5          -  INTACT, 2 more not here",
                        "edge-2    ffffffffffff  2026-11-22  2026-11-22      5          -  INTACT",
                        "  Lines 6 to 7 of trail 00ab12cd34ef (edge-1) were written after 2026-11-22T18:00:00.005000Z and until"
                                + " 2026-11-22T18:00:00.007000Z and are not here.",
                        "2 of 2 trails are intact, 10 lines in all.");
        assertThat(ended.code()).as("they should have come long ago").isEqualTo(1);

        s3.objects.remove(CHECKPOINT);
        assertThat(run("audit", "verify").code()).isZero();
    }

    @Test
    void verify_names_a_machine_that_was_lost() {
        s3.objects.remove(ONE);

        Ended ended = run("audit", "verify");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out().lines())
                .containsSubsequence(
                        "edge-1    00ab12cd34ef  -           -               0          -  NOT HERE",
                        "  Lines 1 to 7 of trail 00ab12cd34ef (edge-1) were written until 2026-11-22T18:00:00.007000Z and are not"
                                + " here.");
    }

    @Test
    void verify_says_why_a_store_cannot_be_read() {
        s3.fail("GET", 403, "AccessDenied");

        Ended ended = run("audit", "verify");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("s3://trails/audit cannot be listed: ")
                .hasLineCount(1);
    }

    @Test
    void tail_shows_each_record_with_its_instance_by_its_time() {
        Ended ended = run("audit", "tail", "--no-follow", "-n", "6");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines())
                .hasSize(6)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("edge-1  ").contains("stop"),
                        line -> assertThat(line).startsWith("edge-2  ").contains("start"),
                        line -> assertThat(line).startsWith("edge-2  ").contains("PERMITTED"),
                        line -> assertThat(line).startsWith("edge-2  ").contains("closed"),
                        line -> assertThat(line).startsWith("edge-2  ").contains("REFUSED"),
                        line -> assertThat(line).startsWith("edge-2  ").contains("stop"));
        assertThat(run("audit", "tail", "--no-follow", "--client", "10.0.0.9")
                        .out()
                        .lines())
                .hasSize(2);
    }

    @Test
    void tail_of_local_directories_is_the_same() throws IOException {
        for (String key : List.of(ONE, OTHER)) {
            Files.createDirectories(directory.resolve(key).getParent());
            Files.write(directory.resolve(key), s3.objects.get(key).bytes());
        }

        Ended ended = execute("audit", "tail", "--no-follow", directory.toString());

        assertThat(ended.out())
                .isEqualTo(run("audit", "tail", "--no-follow")
                        .out()
                        .replace("edge-1", "proxy-1")
                        .replace("edge-2", "proxy-1"));
    }

    @Test
    void suggest_adds_up_all_trails() {
        Ended ended = run("suggest");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).contains("  - platform  # 2 tunnels of 1 client");
    }

    private Ended run(String... arguments) {
        return execute(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--endpoint", s3.endpoint().toString(), "s3://" + StandInS3.BUCKET + "/audit"))
                .toArray(String[]::new));
    }

    private static Ended execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
