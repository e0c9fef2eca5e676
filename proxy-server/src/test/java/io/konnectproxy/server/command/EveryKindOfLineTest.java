package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.trail.event.EventReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trail that has a line of every kind is no trouble to any command that reads trails. */
class EveryKindOfLineTest {
    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("trail.jsonl"), EveryLine.trail(), US_ASCII);
    }

    @Test
    void it_is_whole() {
        assertThat(run("audit", "verify", file.toString())).startsWith("INTACT: 1 segment");
    }

    @Test
    void nothing_in_it_is_unknown_to_the_report() {
        String json =
                run("audit", "report", "--output", "json", file.toString()).replaceAll("\\s", "");

        assertThat(json)
                .contains("\"unknown_events\":{},\"unknown_fields\":{}")
                .contains("\"user\":\"dp-payments\"", "\"client_entry\":\"payments\"", "\"certificate\":\"dp.corp\"")
                .contains("\"peer\":\"fd00::10\"", "\"parent_proxy\":\"http://proxy.corp:3128\"")
                .contains("\"parent_refusal\":\"https://[fd00::99]:3128,status407\"");
    }

    @Test
    void every_line_of_it_is_a_line_for_people() throws Exception {
        RecordLine form = new RecordLine(false);
        for (String line : Files.readAllLines(file, US_ASCII)) {
            assertThat(form.of(new EventReader().read(line), Optional.empty())).matches("[ -~\u00c0-\u024f]+");
        }
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), arguments);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }
}
