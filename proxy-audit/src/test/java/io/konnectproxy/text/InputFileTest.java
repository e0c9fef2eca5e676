package io.konnectproxy.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.NamedPipe;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
    @TempDir
    private Path directory;

    private static String read(Path file) throws Exception {
        try (InputStream in = InputFile.open(file)) {
            return new String(in.readAllBytes(), US_ASCII);
        }
    }

    @Test
    void a_plain_file_is_read() throws Exception {
        assertThat(read(Files.writeString(directory.resolve("plain"), "words"))).isEqualTo("words");
    }

    @Test
    void a_file_that_is_not_there_is_told_as_such() {
        assertThatThrownBy(() -> read(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_pipe_is_read_as_long_as_its_writer_takes() throws Exception {
        Path pipe = NamedPipe.at(directory.resolve("pipe"));
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (var out = Files.newOutputStream(pipe)) {
                out.write("wo".getBytes(US_ASCII));
                out.flush();
                Thread.sleep(50);
                out.write("rds".getBytes(US_ASCII));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(read(pipe)).isEqualTo("words");
        writer.get();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_pipe_without_a_writer_is_not_waited_for() throws Exception {
        Path pipe = NamedPipe.at(directory.resolve("pipe"));
        assertThatThrownBy(() -> read(pipe))
                .isInstanceOf(InputFile.NoWriterException.class)
                .hasMessage("it is a named pipe that nobody writes to");
    }
}
