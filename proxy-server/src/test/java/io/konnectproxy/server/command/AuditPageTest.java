package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.support.AuditSchema;
import io.konnectproxy.trail.LineForm;
import io.konnectproxy.trail.LineHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

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
    void its_sum_of_refusals_is_one_with_its_own_hash() throws Exception {
        String line =
                block("json", "{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":64").strip();
        assertThat(AuditSchema.problems(line)).isEmpty();
        int hash = line.indexOf(LineForm.HASH);
        byte[] hashed = line.substring(0, hash).getBytes(StandardCharsets.US_ASCII);
        assertThat(line.substring(hash))
                .isEqualTo(LineForm.HASH + new LineHash().of(hashed, 0, hashed.length) + LineForm.END);
    }

    @Test
    void how_fast_it_says_that_refusals_make_the_trail_grow_is_what_is_possible() {
        double aDay = 1_440.0 * LineForm.MAX_REFUSALS;
        String one = "| 60 and a sum | %.0f MB |".formatted(61 * aDay / 1e6);
        String all = "| 1,000 and 1,001 sums | %.1f GiB |".formatted(RefusalSums.LINES_WITH_SUMS * aDay / (1 << 30));
        assertThat(page)
                .contains(one, all)
                .contains("60 MB are\n  gone in %.0f hours".formatted(60e6 / (61 * LineForm.MAX_REFUSALS * 60)));
        assertThat(RefusalSums.LINES_IN_ALL).isEqualTo(1_000);
        assertThat(RefusalSums.LINES_WITH_SUMS - RefusalSums.LINES_IN_ALL).isEqualTo(1_001);
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

    /** What can be known of them without the programs. */
    @Test
    void its_configurations_of_log_shippers_read_the_files_that_there_are() throws IOException {
        for (String shipper : List.of("data_dir:", "parsers:")) {
            Object yaml = new Load(LoadSettings.builder().build()).loadFromString(block("yaml", shipper));
            assertThat(yaml).isInstanceOf(Map.class);
        }
        String shippers = block("yaml", "data_dir:") + block("yaml", "parsers:");
        PathMatcher read = FileSystems.getDefault().getPathMatcher("glob:konnect-proxy*.jsonl");
        assertThat(shippers).containsPattern("include: \\[ /var/log/konnect-proxy/konnect-proxy\\*\\.jsonl ]");
        assertThat(shippers).contains("path: /var/log/konnect-proxy/konnect-proxy*.jsonl");
        for (String file : List.of("konnect-proxy.jsonl", "konnect-proxy-20261122-000000000123.jsonl")) {
            assertThat(read.matches(Path.of(file))).isTrue();
        }
        for (String file : List.of(
                "konnect-proxy-20261122-000000000123.jsonl.gz",
                "konnect-proxy.jsonl.lock",
                "konnect-proxy.jsonl.next",
                "konnect-proxy.jsonl.torn-20261122T180000Z")) {
            assertThat(read.matches(Path.of(file))).isFalse();
        }
        Pattern.compile("\\bline\\.([a-z_]+)|time_key: ([a-z]+)")
                .matcher(shippers)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .forEach(field -> assertThat(block("json", "{")).contains("\"" + field + "\":"));
    }

    @Test
    void its_script_is_the_one_beside_it() throws IOException {
        assertThat(block("python", "#!")).isEqualTo(Files.readString(DOCS.resolve("verify-audit.py")));
    }

    @Test
    void its_table_has_every_event() {
        List<String> said = Pattern.compile("(?m)^\\| (`.*`) \\|")
                .matcher(page.substring(0, page.indexOf("\n## ")))
                .results()
                .flatMap(row ->
                        Pattern.compile("`([a-z_]+)`").matcher(row.group(1)).results())
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
