package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JVM's flags stand in one file, and all that start a JVM name it. */
class JvmOptionsIT {
    private static final Path ROOT = Path.of("..");

    @Test
    void this_jvm_takes_each_of_them_without_a_word() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + ROOT.resolve("config/jvm.options"),
                        "-XX:+PrintFlagsFinal",
                        "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said)
                .doesNotContainIgnoringCase("warning:")
                .containsPattern("ExitOnOutOfMemoryError +:?= true")
                .containsPattern("UseSerialGC +:?= true")
                .containsPattern("InitialHeapSize +:?= 16777216");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "konnect-proxy, @$home/config/jvm.options",
        "deploy/package/konnect-proxy, @$share/jvm.options",
        "Dockerfile, '\"java\", \"@/opt/konnect-proxy/jvm.options\"'"
    })
    void is_where_every_start_takes_its_flags_from(String file, String words) throws Exception {
        for (String line : Files.readAllLines(ROOT.resolve(file))) {
            if (line.matches("exec .*|Exec(Start|StartPre)=.*| *CMD \\[\"java.*|ENTRYPOINT.*")) {
                assertThat(line).contains(words);
            }
        }
        assertThat(Files.readString(ROOT.resolve(file))).contains(words);
    }
}
