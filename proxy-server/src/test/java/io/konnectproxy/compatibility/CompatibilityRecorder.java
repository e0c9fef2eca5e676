package io.konnectproxy.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.EveryLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes the samples of a version that is not released yet: lists, results, and a trail where there is none. What people write,
 * the configuration and the files that it names, is there before. The build runs no class of this name; {@link #command} does.
 */
class CompatibilityRecorder {
    @TempDir
    private Path directory = Path.of("");

    static String command(Samples samples) {
        return "./mvnw test -Dtest=CompatibilityRecorder -Dsurefire.failIfNoSpecifiedTests=false -Dcompatibility.record="
                + samples;
    }

    @Test
    void record() throws Exception {
        Samples samples = new Samples(Samples.ALL.resolve(System.getProperty("compatibility.record", "")));
        assertThat(samples.released())
                .as("samples of a released version never change")
                .isFalse();
        if (!Files.exists(samples.file("audit"))) {
            EveryLine.record(
                    samples.file("audit/konnect-proxy.jsonl"),
                    samples.file("files/audit.pem"),
                    samples.file("files/audit.password"));
            Files.deleteIfExists(samples.file("audit/konnect-proxy.jsonl.lock"));
        }
        Files.createDirectories(samples.file("lists"));
        for (Surface surface : Surface.values()) {
            write(samples, "lists/" + surface.file() + ".txt", String.join("\n", surface.now()) + "\n");
        }
        String configuration = Files.writeString(
                        directory.resolve("konnect-proxy.yaml"), samples.text("konnect-proxy.yaml"))
                .toString();
        write(samples, "check.json", Results.text(Results.ofConfiguration(samples, configuration)));
        String smallest = Files.writeString(directory.resolve("smallest.yaml"), "regions: [us]\n")
                .toString();
        write(
                samples,
                "defaults.json",
                Results.text(Results.ofDefaults(samples, smallest)
                        .path("configuration")
                        .path("settings")));
        for (String trail : new String[] {"audit", "audit-1"}) {
            if (Files.exists(samples.file(trail))) {
                write(samples, CompatibilityTest.report(trail), Results.text(Results.ofTrail(samples, trail)));
            }
        }
    }

    private static void write(Samples samples, String name, String text) throws IOException {
        Files.writeString(samples.file(name), text);
    }
}
