package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.AuditSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for auditors: what it shows is what there is. */
class AuditPageTest {
    private static final Path DOCS = Path.of("..", "docs");

    private static String page;
    private static String schema;

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(DOCS.resolve("audit.md"));
        schema = Files.readString(Path.of("..", "config", "audit-line.schema.json"));
    }

    /** The fenced block of that kind that begins so, with its last line end. */
    private static String block(String kind, String beginning) {
        String fence = "```" + kind + "\n" + beginning;
        int from = page.indexOf(fence) + 4 + kind.length();
        assertThat(page).contains(fence);
        return page.substring(from, page.indexOf("```", from));
    }

    @Test
    void its_lines_are_lines_of_the_trail() {
        assertThat(block("json", "{").lines())
                .hasSizeGreaterThan(5)
                .allSatisfy(line -> assertThat(AuditSchema.problems(line)).isEmpty());
    }

    @Test
    void what_verify_says_of_its_lines_is_what_it_shows() throws IOException {
        Files.writeString(directory.resolve("konnect-proxy.jsonl"), block("json", "{"));
        Path key = Files.writeString(directory.resolve("audit.pem.pub"), block("", "-----BEGIN PUBLIC KEY"));
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "audit",
                "verify",
                "--key",
                key.toString(),
                directory.resolve("konnect-proxy.jsonl").toString());
        assertThat(code).isZero();
        assertThat(withoutSpeed(out.toString())).isEqualTo(withoutSpeed(block("", "INTACT")));
    }

    private static String withoutSpeed(String text) {
        return text.replaceAll("(?m)^Read in .*$", "Read.");
    }

    @Test
    void its_script_is_the_one_beside_it() throws IOException {
        assertThat(block("python", "#!")).isEqualTo(Files.readString(DOCS.resolve("verify-audit.py")));
    }

    @Test
    void its_table_has_every_event() {
        List<String> said = Pattern.compile("(?m)^\\| (`.*`) \\|")
                .matcher(page)
                .results()
                .flatMap(row ->
                        Pattern.compile("`([a-z]+)`").matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .toList();
        List<String> events = new ArrayList<>();
        for (MatchResult event : Pattern.compile("\"event\": \\{\\s*\"(?:const|enum)\": (\"\\w+\"|\\[[^]]*])")
                .matcher(schema)
                .results()
                .collect(Collectors.toList())) {
            Pattern.compile("\"(\\w+)\"").matcher(event.group(1)).results().forEach(word -> events.add(word.group(1)));
        }
        assertThat(said)
                .containsExactlyInAnyOrderElementsOf(events.stream().distinct().toList());
    }
}
