package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process whose standard output the operating system does not take. */
@EnabledOnOs(OS.LINUX)
class OutputIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_full_disk_is_one_sentence_and_exit_code_74() throws Exception {
        Process process = sh(java("audit", "verify", trail()) + " > /dev/full");
        assertThat(said(process)).isEqualTo("Standard output cannot be written: no space left on device.\n");
        assertThat(process.exitValue()).isEqualTo(74);
    }

    /** The pipe is closed long before the process has begun. */
    @Test
    void a_reader_that_is_gone_changes_nothing() throws Exception {
        Process process = sh(java("audit", "report", trail()) + "; echo ended with $? >&2");
        process.getInputStream().close();
        assertThat(said(process)).isEqualTo("ended with 0\n");
    }

    private static Process sh(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    private String trail() {
        return new TrailBuilder()
                .start()
                .drain()
                .stop()
                .writeTo(directory.resolve("t.jsonl"))
                .toString();
    }

    private static String java(String... arguments) {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 -Xshare:auto -cp '" + System.getProperty("java.class.path") + "' "
                + Main.class.getName() + " " + String.join(" ", arguments);
    }

    private static String said(Process process) throws Exception {
        String said = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
