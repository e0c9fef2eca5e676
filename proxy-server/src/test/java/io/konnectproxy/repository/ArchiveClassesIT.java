package io.konnectproxy.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged jar loads the SDK of AWS where an archive is configured, and nowhere else. */
class ArchiveClassesIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"'', false", "'archive: {url: \"s3://trails\", endpoint: \"http://127.0.0.1:9\"}', true"})
    void loads_the_sdk_only_for_an_archive(String archive, boolean sdk) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:0"}]
                regions: [us]
                limits: {tunnels: 20}
                admin: {address: "127.0.0.1:0"}
                audit: {file: "%s", rotate: {size: 1MiB}, %s}
                """.formatted(directory.resolve("audit.jsonl"), archive));
        // A file that was finished before: it is looked at at once.
        Files.writeString(directory.resolve("audit-20261122-000000000001.jsonl"), "no line\n");
        Path classes = directory.resolve("classes");
        Path out = directory.resolve("out");
        Process proxy = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xlog:class+load:file=" + classes,
                        "-jar",
                        "target/konnect-proxy.jar",
                        "run",
                        "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            Await.until("it has started", () -> read(out).contains("\"event\":\"start\""));
            if (sdk) {
                // At the stop the last file is archived.
                proxy.destroy();
                assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(read(classes).contains(" software.amazon.awssdk.")).isEqualTo(sdk);
            assertThat(read(classes).contains(" org.apache.hc.")).isEqualTo(sdk);
        } finally {
            proxy.destroyForcibly().waitFor();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
