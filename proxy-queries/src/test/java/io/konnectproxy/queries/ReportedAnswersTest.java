package io.konnectproxy.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SQL of docs/fleet.md and {@code audit report} say the same of one fleet, as far as the report has the figure. Both are read with
 * DuckDB: the table {@code qN} has the answer to a question, the view {@code report} the report's JSON.
 */
class ReportedAnswersTest {
    @TempDir
    private static Path directory;

    private static @Nullable Duck whole;
    private static @Nullable Duck holed;

    @BeforeAll
    static void generate() throws Exception {
        whole = asked("whole", false);
        holed = asked("holed", true);
    }

    @AfterAll
    static void close() throws Exception {
        whole().close();
        holed().close();
    }

    private static Duck whole() {
        return Objects.requireNonNull(whole);
    }

    private static Duck holed() {
        return Objects.requireNonNull(holed);
    }

    private static Duck asked(String name, boolean holes) throws Exception {
        Path place = directory.resolve(name);
        GeneratedFleet.write(place.resolve("archive"), holes);
        StringWriter report = new StringWriter();
        int code = KonnectProxyCommand.execute(
                report,
                new PrintWriter(new StringWriter()),
                Map.of(),
                "audit",
                "report",
                "--output",
                "json",
                "--top",
                "10000",
                place.resolve("archive").toString());
        assertThat(code).isEqualTo(holes ? 1 : 0);
        Files.writeString(place.resolve("report.json"), report.toString());
        PageQueries page = new PageQueries();
        Duck duck = new Duck();
        duck.run("SET file_search_path = '" + place + "'");
        for (String source : List.of("DuckDB, over the archive's lines", "DuckDB, in both cases")) {
            for (String statement : page.setup(source)) {
                duck.run(statement);
            }
        }
        for (Map.Entry<Integer, String> question : page.questions().entrySet()) {
            duck.run("CREATE TABLE q" + question.getKey() + " AS "
                    + question.getValue().replaceFirst(";\\s*$", ""));
        }
        duck.run("CREATE TABLE report AS SELECT * FROM read_json('report.json', maximum_object_size = 100000000)");
        return duck;
    }

    private static List<List<@Nullable Object>> rows(Duck duck, String sql) throws Exception {
        return duck.rows(sql).stream().map(row -> Arrays.asList(row)).toList();
    }

    /**
     * @param key of the rows of the report's table; its rows for what has none, "(none)", are no part of an answer
     * @param figures of these rows, each as {@code r.name}
     */
    private static void assertSame(Duck duck, String table, String key, String figures, String answered)
            throws Exception {
        List<List<@Nullable Object>> answer = rows(duck, answered);
        assertThat(answer).isNotEmpty();
        assertThat(rows(
                        duck,
                        "SELECT r." + key + ", " + figures + " FROM (SELECT unnest(" + table
                                + ".rows) AS r FROM report) WHERE NOT starts_with(r." + key + ", '(')"))
                .containsExactlyInAnyOrderElementsOf(answer);
    }

    @Test
    void what_each_proxy_permitted_and_refused() throws Exception {
        for (Duck duck : List.of(whole(), holed())) {
            assertSame(
                    duck, "proxies", "proxy", "r.permitted, r.refused", "SELECT instance, permitted, refused FROM q1");
        }
    }

    /** The report counts reasons of what was let through with the others. */
    @Test
    void why_was_refused() throws Exception {
        assertSame(
                whole(),
                "refusal_reasons",
                "reason",
                "r.\"count\"",
                "SELECT reason, sum(requests) FROM (SELECT reason, requests FROM q2 UNION ALL SELECT reason, requests FROM q9)"
                        + " GROUP BY reason");
    }

    @Test
    void who_was_refused_most() throws Exception {
        List<List<@Nullable Object>> answer = rows(whole(), "SELECT client_address, requests FROM q3");
        assertThat(answer).hasSize(25);
        assertThat(rows(
                        whole(),
                        "SELECT r.client, r.refused FROM (SELECT unnest(clients.rows) AS r FROM report)"
                                + " WHERE NOT starts_with(r.client, '(') ORDER BY r.refused DESC, r.client LIMIT 25"))
                .isEqualTo(answer);
    }

    @Test
    void how_often_each_control_plane_was_asked_for() throws Exception {
        assertSame(
                whole(),
                "control_planes",
                "control_plane",
                "r.permitted",
                "SELECT control_plane, sum(requests) FROM q4 GROUP BY control_plane");
    }

    @Test
    void how_much_went_where() throws Exception {
        assertSame(
                whole(),
                "purposes",
                "purpose",
                "r.tunnels, r.bytes_up, r.bytes_down",
                "SELECT purpose, sum(tunnels), sum(bytes_up), sum(bytes_down) FROM q5 GROUP BY purpose");
    }

    @Test
    void which_configuration_runs() throws Exception {
        assertThat(rows(
                        whole(),
                        "SELECT r.configuration_digest, count(*), min(r.proxy)"
                                + " FROM (SELECT unnest(proxies.rows) AS r FROM report) GROUP BY 1 ORDER BY 2 DESC, 1"))
                .isEqualTo(rows(whole(), "SELECT * FROM q6"))
                .hasSize(2);
    }

    @Test
    void what_was_lost() throws Exception {
        assertThat(rows(
                        whole(),
                        "SELECT completeness.gaps, completeness.lost_lines, completeness.torn_ends,"
                                + " completeness.mirror_losses FROM report"))
                .isEqualTo(rows(
                        whole(),
                        "SELECT sum(times) FILTER (event = 'gap'), sum(lost_lines) FILTER (event = 'gap'),"
                                + " sum(times) FILTER (event = 'torn'), sum(times) FILTER (event = 'mirror') FROM q7"));
    }

    @Test
    void whether_a_line_is_missing() throws Exception {
        String missing = "SELECT completeness.missing_numbers FROM report";
        assertThat(whole().number(missing)).isZero();
        assertThat(holed().number(missing))
                .isEqualTo(holed().number("SELECT sum(missing) FROM q8"))
                .isPositive();
    }

    @Test
    void what_was_let_through() throws Exception {
        assertThat(
                        rows(
                                whole(),
                                "SELECT r.reason, r.target, sum(r.\"count\")"
                                        + " FROM (SELECT unnest(let_through.rows) AS r FROM report) GROUP BY 1, 2 ORDER BY 1, 2"))
                .isEqualTo(rows(whole(), "SELECT reason, target, sum(requests) FROM q9 GROUP BY 1, 2 ORDER BY 1, 2"))
                .isNotEmpty();
    }

    /** The report follows tunnels: who used two proxies at once has not moved. */
    @Test
    void who_moved_has_used_several_proxies() throws Exception {
        assertThat(rows(
                        whole(),
                        "SELECT DISTINCT regexp_replace(f.who, '^.* [(](.*)[)]$', '\\1')"
                                + " FROM (SELECT unnest(findings) AS f FROM report) WHERE f.kind = 'data_plane_moved'"))
                .isNotEmpty()
                .isSubsetOf(rows(whole(), "SELECT client FROM q10"));
    }
}
