package io.konnectproxy.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.journal.EveryLine;
import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each column of the Parquet file has what the line has, for every kind of line; and is what docs/fleet.md says. */
class ExportedEventsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void export() throws Exception {
        Files.writeString(directory.resolve("trail.jsonl"), EveryLine.trail());
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new StringWriter(),
                new PrintWriter(err),
                Map.of(),
                "audit",
                "export",
                "--format",
                "parquet",
                "-o",
                directory.resolve("audit.parquet").toString(),
                directory.resolve("trail.jsonl").toString());
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '#',
            value = {
                "trail                ~ line->>'$.trail'",
                "seq                  ~ CAST(line->>'$.seq' AS BIGINT)",
                "time                 ~ CAST(line->>'$.time' AS TIMESTAMPTZ)",
                "event                ~ line->>'$.event'",
                "id                   ~ line->>'$.id'",
                "listener             ~ line->>'$.listener'",
                "client_address       ~ coalesce(line->>'$.client.address', line->>'$.client.network')",
                "client_port          ~ CAST(line->>'$.client.port' AS INT)",
                "client_user          ~ line->>'$.client.user'",
                "client_certificate   ~ line->>'$.client.certificate'",
                "client_entry         ~ line->>'$.client.entry'",
                "client_peer          ~ line->>'$.client.peer.address'",
                "target               ~ line->>'$.target'",
                "target_port          ~ TRY_CAST(regexp_extract(line->>'$.target', ':([0-9]+)$', 1) AS INT)",
                "verdict              ~ CASE line->>'$.event' WHEN 'refusals' THEN 'refused' ELSE line->>'$.verdict' END",
                "enforced             ~ CASE line->>'$.event' WHEN 'refusals' THEN true ELSE CAST(line->>'$.enforced' AS BOOLEAN) END",
                "purpose              ~ coalesce(line->>'$.rule.purpose', 'extra-host ' || (line->>'$.rule.extra_host'))",
                "region               ~ line->>'$.rule.region'",
                "control_plane        ~ line->>'$.rule.control_plane'",
                "rule                 ~ coalesce(line->>'$.rule.pattern', (line->>'$.rule.extra_host') || ': ' || (line->>'$.rule.host'))",
                "outcome              ~ line->>'$.outcome'",
                "upstream_address     ~ line->>'$.upstream.address'",
                "upstream_port        ~ CAST(line->>'$.upstream.port' AS INT)",
                "parent               ~ CASE WHEN regexp_full_match(line->>'$.upstream.via', '[\\x20-\\x7e]*') THEN line->>'$.upstream.via' ELSE events.parent END",
                "tls_ech              ~ CAST(line->>'$.tls.ech' AS BOOLEAN)",
                "tls_resumes          ~ CAST(line->>'$.tls.resumes' AS BOOLEAN)",
                "tls_handshake        ~ line->>'$.tls.handshake'",
                "tls_alert            ~ line->>'$.tls.alert'",
                "bytes_up             ~ CAST(line->>'$.bytes_up' AS BIGINT)",
                "bytes_down           ~ CAST(line->>'$.bytes_down' AS BIGINT)",
                "dns_ms               ~ CAST(line->>'$.dns_ms' AS BIGINT)",
                "connect_ms           ~ CAST(line->>'$.connect_ms' AS BIGINT)",
                "duration_ms          ~ CAST(line->>'$.duration_ms' AS BIGINT)",
                "policy_digest        ~ line->>'$.digest'",
                "configuration_digest ~ line->>'$.configuration_digest'",
                "hash                 ~ line->>'$.hash'",
                "from_time            ~ CAST(coalesce(line->>'$.first', line->>'$.from', line->>'$.expected') AS TIMESTAMPTZ)",
                "until_time           ~ CAST(coalesce(line->>'$.last', line->>'$.until', line->>'$.counted') AS TIMESTAMPTZ)"
            })
    void a_column_has_what_the_line_has(String column, String expression) throws Exception {
        String lines = "SELECT CAST(json AS JSON) AS line FROM read_csv('" + directory
                + "/trail.jsonl', columns = {json: 'VARCHAR'}, delim = '\\0', quote = '', escape = '', header = false, max_line_size = 4000000)";
        try (Duck duck = new Duck()) {
            long different = duck.number("SELECT count(*) FROM (" + lines + ") AS lines JOIN '" + directory
                    + "/audit.parquet' AS events ON events.seq = CAST(line->>'$.seq' AS BIGINT) WHERE events." + column
                    + " IS DISTINCT FROM (" + expression + ")");
            assertThat(different).isZero();
            assertThat(duck.number("SELECT count(" + column + ") FROM '" + directory + "/audit.parquet'"))
                    .isPositive();
        }
    }

    @Test
    void the_columns_are_those_of_the_page() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "fleet.md"));
        String table = page.substring(page.indexOf("## The columns of Parquet"), page.indexOf("## Questions"));
        List<String> described = table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", 3)[1].strip())
                .flatMap(names -> java.util.Arrays.stream(names.split(", ", -1)))
                .map(name -> name.replace("`", ""))
                .collect(Collectors.toList());

        try (Duck duck = new Duck()) {
            assertThat(
                            duck
                                    .rows("SELECT column_name FROM (DESCRIBE SELECT * FROM '" + directory
                                            + "/audit.parquet')")
                                    .stream()
                                    .map(row -> String.valueOf(row[0])))
                    .containsExactlyElementsOf(described);
        }
    }
}
