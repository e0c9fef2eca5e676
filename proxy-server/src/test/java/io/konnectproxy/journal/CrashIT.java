package io.konnectproxy.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.AuditSchema;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.Stage;
import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program killed with SIGKILL at random moments under load, again and again on one trail: what a client was answered has
 * its line, and the trail stays one chain. A kill takes nothing from the system's memory; what a power failure would take is
 * played by tearing the file.
 */
class CrashIT {
    /** Of each durability; each run has other moments, and {@code -Dcrash.kills=200} has more of them. */
    private static final int KILLS = Integer.getInteger("crash.kills", 6);

    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int MOST_ANSWERS = 400;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private Link checked = Link.NONE;
    private int torn;

    @ParameterizedTest
    @EnumSource
    @Timeout(600)
    void every_answer_has_its_line_and_the_trail_is_one_chain(Durability durability) throws Exception {
        int tears = 0;
        int answers = 0;
        try (Stage stage = new Stage()) {
            for (int kill = 0; kill < KILLS; kill++) {
                CrashLoad load;
                try (RunningProxy proxy = start(stage, durability)) {
                    load = CrashLoad.on(proxy.address());
                    load.awaitAnswers(1 + random.nextInt(MOST_ANSWERS));
                    proxy.kill();
                    load.awaitEnd();
                }
                answers += load.answers();
                if (kill % 3 == 1) {
                    tears += tear() ? 1 : 0;
                }
                assertThat(missing(load.answered()))
                        .as("answered without a line, seed " + SEED)
                        .isEmpty();
            }
            try (RunningProxy proxy = start(stage, durability)) {
                proxy.signal();
                proxy.rest();
            }
        }
        missing(Map.of());
        assertThat(answers).isGreaterThan(KILLS);
        assertThat(torn).as("torn lines that the trail tells of, seed " + SEED).isGreaterThanOrEqualTo(tears);
        assertThat(asides()).hasSize(torn);
    }

    private RunningProxy start(Stage stage, Durability durability) throws IOException {
        String audit =
                ", rotate: {size: 1MiB}, durability: " + durability.name().toLowerCase(Locale.ROOT);
        return RunningProxy.start(
                directory,
                stage.dns(),
                stage.origin().port(),
                RunningProxy.quick(),
                audit,
                "dns: {servers: [\"DNS\"]}\nlimits: {tunnels: 1000, refusals-per-minute: 500}");
    }

    /** Leaves a line without an end, as a power failure does. */
    private boolean tear() throws IOException {
        Path file = directory.resolve("audit.jsonl");
        if (Files.notExists(file)) {
            return false;
        }
        String line = "{\"v\":2,\"trail\":\"00ab12cd34ef\",\"seq\":" + (checked.seq() + 1_000_000)
                + ",\"time\":\"2026-11-22T18:00:00.123456Z\"";
        Files.writeString(file, line.substring(0, 1 + random.nextInt(line.length() - 1)), StandardOpenOption.APPEND);
        return true;
    }

    /**
     * Reads on from where the last look ended; every whole line must be bound to the one before it.
     *
     * @param answered how often each client port was given an answer
     * @return ports with fewer lines than answers
     */
    private List<Integer> missing(Map<Integer, Integer> answered) throws IOException {
        Map<Integer, Integer> left = new HashMap<>(answered);
        TrailLine line = new TrailLine();
        for (Path file : segments()) {
            try (LineReader lines = LineReader.open(file)) {
                while (lines.next()) {
                    assertThat(line.read(lines.bytes(), lines.from(), lines.end()))
                            .as(() -> file + " " + line.fault())
                            .isTrue();
                    if (line.seq() > checked.seq()) {
                        assertThat(line.seq()).isEqualTo(checked.seq() + 1);
                        assertThat(line.prev()).isEqualTo(checked.hash());
                        assertThat(line.hashFits()).isTrue();
                        checked = line.link();
                        count(line.text(), left);
                    }
                }
            }
        }
        left.values().removeIf(count -> count <= 0);
        return List.copyOf(left.keySet());
    }

    private void count(String line, Map<Integer, Integer> left) {
        assertThat(AuditSchema.problems(line)).isEmpty();
        JsonNode json = JSON.readTree(line.getBytes(US_ASCII));
        switch (AuditLines.text(json, "event")) {
            case "decision" -> left.merge(json.path("client").path("port").asInt(), -1, Integer::sum);
            case "torn" -> torn++;
            default -> {
                // About tunnels' ends, or the proxy.
            }
        }
    }

    /** The finished ones by their names, then the current one. */
    private List<Path> segments() throws IOException {
        List<Path> segments = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(path -> path.getFileName().toString().matches("audit-.*\\.jsonl"))
                    .sorted()
                    .forEach(segments::add);
        }
        if (Files.exists(directory.resolve("audit.jsonl"))) {
            segments.add(directory.resolve("audit.jsonl"));
        }
        return segments;
    }

    private List<Path> asides() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> path.getFileName().toString().contains(".torn-"))
                    .toList();
        }
    }
}
