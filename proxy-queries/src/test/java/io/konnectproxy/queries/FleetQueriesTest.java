package io.konnectproxy.queries;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.queries.GeneratedFleet.Asked;
import io.konnectproxy.queries.GeneratedFleet.Carried;
import io.konnectproxy.queries.GeneratedFleet.Lost;
import io.konnectproxy.queries.GeneratedFleet.Ran;
import io.konnectproxy.server.command.KonnectProxyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SQL of docs/fleet.md answers what the trails of 200 proxies were made of: over the archive's lines, and over Parquet. */
class FleetQueriesTest {
    private static final String LINES = "DuckDB, over the archive's lines";
    private static final String PARQUET = "DuckDB, over Parquet";

    @TempDir
    private static Path directory;

    private static @Nullable PageQueries page;

    private static @Nullable Archive whole;
    /** Of some of its trails a file is missing. */
    private static @Nullable Archive holed;

    /** A fleet, and the directory that has its archive and its export. */
    private record Archive(GeneratedFleet fleet, Path place, String complaints) {
        static Archive of(String name, boolean holes) throws Exception {
            Path place = directory.resolve(name);
            GeneratedFleet fleet = GeneratedFleet.write(place.resolve("archive"), holes);
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
                    place.resolve("audit.parquet").toString(),
                    place.resolve("archive").toString());
            assertThat(code).isEqualTo(err.toString().isEmpty() ? 0 : 1);
            return new Archive(fleet, place, err.toString());
        }
    }

    @BeforeAll
    static void generate() throws Exception {
        page = new PageQueries();
        whole = Archive.of("whole", false);
        holed = Archive.of("holed", true);
    }

    private static Archive whole() {
        return Objects.requireNonNull(whole);
    }

    private static Archive holed() {
        return Objects.requireNonNull(holed);
    }

    @Test
    void the_export_ends_where_a_trail_has_a_hole_and_says_so() {
        assertThat(whole().complaints()).isEmpty();
        assertThat(holed().complaints().lines())
                .hasSize(4)
                .allMatch(line -> line.contains("is broken at") && line.endsWith("and none after it."));
    }

    /** What the trails were made of. */
    private static List<List<String>> expected(int question, GeneratedFleet of) {
        List<Asked> asked = of.asked;
        Stream<List<?>> rows = switch (question) {
            case 1 ->
                of.newest.stream()
                        .map(Ran::instance)
                        .map(instance -> List.of(
                                instance,
                                requests(asked, request -> request.instance().equals(instance) && request.permitted()),
                                requests(asked, request -> request.instance().equals(instance) && isRefused(request))));
            case 2 ->
                asked.stream()
                        .filter(FleetQueriesTest::isRefused)
                        .collect(groupingBy(Asked::reason))
                        .entrySet()
                        .stream()
                        .map(group -> List.of(
                                group.getKey(), requests(group.getValue(), all -> true), instances(group.getValue())));
            case 3 ->
                asked.stream()
                        .filter(FleetQueriesTest::isRefused)
                        .filter(request -> request.address() != null)
                        .collect(groupingBy(request -> String.valueOf(request.address())))
                        .entrySet()
                        .stream()
                        .map(group -> new Refusals(
                                group.getKey(), requests(group.getValue(), all -> true), instances(group.getValue())))
                        .sorted(Comparator.comparingLong(Refusals::requests)
                                .reversed()
                                .thenComparing(Refusals::client))
                        .limit(25)
                        .map(client -> List.of(client.client(), client.requests(), client.proxies()));
            case 4 ->
                reached(of).entrySet().stream()
                        .map(group -> List.of(
                                group.getKey().get(0),
                                group.getKey().get(1),
                                group.getValue().size(),
                                latest(group.getValue())));
            case 5 ->
                of.carried.stream()
                        .collect(groupingBy(tunnel -> Arrays.asList(tunnel.purpose(), tunnel.region())))
                        .entrySet()
                        .stream()
                        .map(group -> Arrays.asList(
                                group.getKey().get(0),
                                group.getKey().get(1),
                                group.getValue().size(),
                                group.getValue().stream().mapToLong(Carried::up).sum(),
                                group.getValue().stream()
                                        .mapToLong(Carried::down)
                                        .sum()));
            case 6 ->
                of.newest.stream().collect(groupingBy(Ran::configuration)).entrySet().stream()
                        .map(group -> List.of(
                                group.getKey(),
                                group.getValue().size(),
                                group.getValue().stream()
                                        .map(Ran::instance)
                                        .min(Comparator.naturalOrder())
                                        .orElseThrow()));
            case 7 ->
                of.lost.stream().collect(groupingBy(loss -> List.of(loss.instance(), loss.event()))).entrySet().stream()
                        .map(group -> {
                            Lost loss = group.getValue().get(0);
                            return Arrays.asList(
                                    loss.instance(),
                                    loss.event(),
                                    group.getValue().size(),
                                    loss.lines(),
                                    loss.from(),
                                    loss.until());
                        });
            case 8 ->
                of.holes.stream()
                        .map(hole ->
                                List.of(hole.instance(), hole.trail(), hole.begins(), hole.ends(), hole.missing()));
            case 9 ->
                asked.stream()
                        .filter(request -> !request.enforced())
                        .collect(groupingBy(request -> List.of(request.instance(), request.reason(), request.target())))
                        .entrySet()
                        .stream()
                        .map(group -> List.of(
                                group.getKey().get(0),
                                group.getKey().get(1),
                                group.getKey().get(2),
                                group.getValue().size(),
                                group.getValue().stream()
                                        .map(Asked::address)
                                        .distinct()
                                        .count()));
            case 10 ->
                reached(of).entrySet().stream()
                        .filter(group -> instances(group.getValue()) > 1)
                        .map(group -> List.of(
                                group.getKey().get(1),
                                group.getKey().get(0),
                                instances(group.getValue()),
                                group.getValue().stream()
                                        .map(Asked::time)
                                        .min(Comparator.naturalOrder())
                                        .orElseThrow(),
                                latest(group.getValue())));
            default -> throw new IllegalArgumentException("question " + question);
        };
        return rows.map(row -> texts(row.stream())).toList();
    }

    private record Refusals(String client, long requests, long proxies) {}

    private static long requests(List<Asked> asked, Predicate<Asked> which) {
        return asked.stream().filter(which).mapToLong(Asked::requests).sum();
    }

    private static boolean isRefused(Asked request) {
        return !request.permitted() && request.enforced();
    }

    private static long instances(List<Asked> asked) {
        return asked.stream().map(Asked::instance).distinct().count();
    }

    private static Instant latest(List<Asked> asked) {
        return asked.stream().map(Asked::time).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static Map<List<String>, List<Asked>> reached(GeneratedFleet of) {
        return of.asked.stream()
                .filter(request -> request.permitted() && request.controlPlane() != null)
                .collect(groupingBy(request -> List.of(String.valueOf(request.controlPlane()), request.client())));
    }

    private static List<String> texts(Stream<?> values) {
        return values.map(value -> value instanceof OffsetDateTime time ? time.toInstant() : value)
                .map(String::valueOf)
                .toList();
    }

    private static List<List<String>> answer(String source, int question, Path in) throws Exception {
        PageQueries queries = Objects.requireNonNull(page);
        try (Duck duck = new Duck()) {
            duck.run("SET file_search_path = '" + in + "'");
            for (String statement : queries.setup(source)) {
                duck.run(statement);
            }
            for (String statement : queries.setup("DuckDB, in both cases")) {
                duck.run(statement);
            }
            return duck.rows(Objects.requireNonNull(queries.questions().get(question))).stream()
                    .map(row -> texts(Arrays.stream(row)))
                    .toList();
        }
    }

    @Test
    void there_are_ten_questions() {
        assertThat(Objects.requireNonNull(page).questions().keySet()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @ParameterizedTest(name = "question {0}")
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})
    void the_answer_is_what_the_trails_were_made_of_over_lines_and_over_parquet(int question) throws Exception {
        List<List<String>> answer = answer(LINES, question, whole().place());

        assertThat(answer).containsExactlyInAnyOrderElementsOf(expected(question, whole().fleet()));
        assertThat(answer(PARQUET, question, whole().place())).isEqualTo(answer);
        // Nothing is missing from a whole archive.
        assertThat(answer.isEmpty()).isEqualTo(question == 8);
    }

    @ParameterizedTest(name = "question {0}")
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})
    void lines_after_a_missing_file_are_still_counted_and_the_hole_is_named(int question) throws Exception {
        assertThat(answer(LINES, question, holed().place()))
                .containsExactlyInAnyOrderElementsOf(expected(question, holed().fleet()))
                .isNotEmpty();
    }

    @Test
    void a_row_is_a_line() throws Exception {
        try (Duck duck = new Duck()) {
            assertThat(duck.number("SELECT count(*) FROM '" + whole().place() + "/audit.parquet'"))
                    .isEqualTo(whole().fleet().lines);
        }
    }
}
