package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a command whose result cannot be written. */
class OutputTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter err = new StringWriter();

    /** Takes text, and has no room for it once it has to go on. */
    private static final class Full extends Writer {
        private final String why;

        Full(String why) {
            this.why = why;
        }

        @Override
        public void write(char[] text, int from, int length) {}

        @Override
        public void flush() throws IOException {
            throw new IOException(why);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("c.yaml"), "regions: [us]\nlisten: [{address: '10.0.0.2:3128'}]\n");
        new TrailBuilder().start().drain().stop().writeTo(directory.resolve("t.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "check -c c.yaml",
                "explain cloud.konghq.com:443 -c c.yaml",
                "explain www.example.com:443 -c c.yaml",
                "hosts -c c.yaml",
                "hosts --output json -c c.yaml",
                "kong-config -c c.yaml",
                "audit verify t.jsonl",
                "audit report t.jsonl",
                "audit report --output json t.jsonl",
                "audit report --output html t.jsonl",
                "audit tail t.jsonl",
                "audit keygen --out key.pem",
                "certificate proxy.corp --out tls",
            })
    void a_result_that_cannot_be_written_is_one_sentence_and_exit_code_74(String command) {
        assertThat(run("No space left on device", command)).isEqualTo(74);
        assertThat(err.toString().lines())
                .containsExactly("Standard output cannot be written: no space left on device.");
    }

    /** What was to be changed is told besides. */
    @Test
    void a_password_that_cannot_be_shown_is_told_with_what_became_of_the_file() {
        assertThat(run("No space left on device", "user kong --generate --file users"))
                .isEqualTo(74);
        assertThat(err.toString().lines())
                .containsExactly(
                        "The password could not be shown, so " + directory.resolve("users") + " is as it was.",
                        "Standard output cannot be written: no space left on device.");
    }

    /** The reader closes the pipe early, as {@code head} does. */
    @Test
    void a_reader_that_went_away_changes_nothing() {
        assertThat(run("Broken pipe", "audit verify t.jsonl")).isZero();
        assertThat(run("Broken pipe", "audit tail t.jsonl")).isZero();
        assertThat(run("Broken pipe", "explain www.example.com:443 -c c.yaml")).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
    }

    private int run(String why, String command) {
        String[] arguments = command.replaceAll(" (c\\.yaml|t\\.jsonl|key\\.pem|tls|users)$", " " + directory + "/$1")
                .split(" ");
        return KonnectProxyCommand.execute(new Full(why), new PrintWriter(err), Map.of(), arguments);
    }
}
