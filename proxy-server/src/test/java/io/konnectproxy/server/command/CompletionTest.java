package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in the bash of this machine. */
class CompletionTest {
    @TempDir
    private Path directory = Path.of("");

    /** What bash offers for {@code audit report} and the beginning of a word. */
    private String completed(String word) throws IOException, InterruptedException {
        StringWriter script = new StringWriter();
        KonnectProxyCommand.execute(script, new PrintWriter(script), Map.of(), "completion");
        String shell = script
                + "\nCOMP_WORDS=(konnect-proxy audit report \"$1\"); COMP_CWORD=3"
                + "\n_complete_konnect-proxy\nprintf '<%s>' \"${COMPREPLY[@]}\"\n";
        Path file = Files.writeString(Files.createTempFile(directory, "completion", ".sh"), shell);
        Path files = Files.createDirectories(directory.resolve("files"));
        Process bash = new ProcessBuilder("bash", file.toString(), word)
                .directory(files.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).isZero();
        return out;
    }

    @Test
    void the_name_of_a_file_is_offered_and_never_run() throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.createFile(files.resolve("a$(touch run)"));
        Files.createFile(files.resolve("b`touch run`"));
        Files.createFile(files.resolve("c d.jsonl"));

        assertThat(completed("a")).isEqualTo("<a$(touch run)>");
        assertThat(completed("b")).isEqualTo("<b`touch run`>");
        assertThat(completed("c")).isEqualTo("<c d.jsonl>");
        assertThat(completed("x")).isEqualTo("<>");
        assertThat(files.resolve("run")).doesNotExist();
    }
}
