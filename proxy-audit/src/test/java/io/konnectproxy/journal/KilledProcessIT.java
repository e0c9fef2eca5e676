package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.StandInS3;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.VerifyResult;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A proxy that is killed while it begins, compresses, removes and signs files, and what a reader finds then and while it runs.
 * {@code -Dkills=200} kills it that often.
 */
@DisabledOnOs(OS.WINDOWS)
class KilledProcessIT {
    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final long SEED = 16;

    @TempDir
    private Path directory;

    @Test
    void leaves_a_trail_that_is_whole_and_goes_on() throws Exception {
        Path trail = Files.createDirectory(directory.resolve("trail"));
        Path file = trail.resolve("audit.jsonl");
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(file.toString(), key.toString());
            try (BufferedReader out = process.inputReader()) {
                assertThat(out.readLine()).isEqualTo("it writes");
                assertThat(verify(trail)).as("while it runs").satisfies(KilledProcessIT::isWhole);
                process.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(verify(trail)).as("after kill %d", kill).satisfies(KilledProcessIT::isWholeOrTorn);
        }
        Journal.open("proxy-1", RotatingProcess.settings(file.toString(), key.toString(), Optional.empty()))
                .close();
        assertThat(verify(trail)).isInstanceOf(VerifyResult.Intact.class);
        assertThat(Trails.named(trail, "audit"))
                .extracting(each -> each.getFileName().toString())
                .noneMatch(name -> name.endsWith(".part") || name.endsWith(".next"));
    }

    @Test
    void archives_each_line_once_and_removes_none_that_is_not_archived() throws Exception {
        Path trail = Files.createDirectory(directory.resolve("trail"));
        Path file = trail.resolve("audit.jsonl");
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        Random random = new Random(SEED);
        try (StandInS3 s3 = StandInS3.start()) {
            String store = s3.endpoint().toString();
            for (int kill = 0; kill < Math.max(2, KILLS / 5); kill++) {
                int before = s3.objects.size();
                Process process = start(file.toString(), key.toString(), store);
                try (BufferedReader out = process.inputReader()) {
                    assertThat(out.readLine()).isEqualTo("it writes");
                    Await.until("it archives", () -> s3.objects.size() > before + 3);
                    process.waitFor(random.nextInt(60), TimeUnit.MILLISECONDS);
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }
            try (Journal journal = Journal.open(
                    "proxy-1", RotatingProcess.settings(file.toString(), key.toString(), Optional.of(s3.endpoint())))) {
                Await.until(
                        "all is archived",
                        () -> journal.figures().archive().orElseThrow().pending() == 0);
            }
            Path copy = Files.createDirectory(directory.resolve("copy"));
            for (String each : s3.keys("")) {
                if (!each.contains("/checkpoints/")) {
                    Files.write(
                            copy.resolve(each.replace('/', '_')),
                            s3.objects.get(each).bytes());
                }
            }
            assertThat(s3.keys("").stream()
                            .filter(each -> !each.contains("/checkpoints/"))
                            .map(each -> each.substring(0, each.indexOf('.'))))
                    .doesNotHaveDuplicates();
            VerifyResult.Extent archived = intact(copy);
            assertThat(archived.first().orElseThrow().seq()).isEqualTo(1);
            assertThat(archived.last()).isEqualTo(intact(trail).last());
        }
    }

    private static VerifyResult.Extent intact(Path trail) throws Exception {
        VerifyResult result = verify(trail);
        assertThat(result).isInstanceOf(VerifyResult.Intact.class);
        return ((VerifyResult.Intact) result).extent();
    }

    private static void isWhole(VerifyResult result) {
        assertThat(result).isInstanceOf(VerifyResult.Intact.class);
    }

    /** A line in the middle of which it was killed has no end. */
    private static void isWholeOrTorn(VerifyResult result) {
        if (result instanceof VerifyResult.Broken broken) {
            assertThat(broken.expected()).as(broken.toString()).isEqualTo("a line feed at the end of the file");
        }
    }

    private static VerifyResult verify(Path trail) throws Exception {
        try (Segments segments = Segments.of(List.of(trail))) {
            return new TrailCheck(List.of(), new TreeMap<>()).run(segments, (bytes, lines) -> {});
        }
    }

    private Process start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Daws.accessKeyId=" + StandInS3.ACCESS_KEY,
                "-Daws.secretAccessKey=" + StandInS3.SECRET_KEY,
                "-cp",
                System.getProperty("java.class.path"),
                RotatingProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }
}
