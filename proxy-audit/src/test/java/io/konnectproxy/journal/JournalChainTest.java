package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailEnd;
import io.konnectproxy.trail.VerifyResult;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One chain, whatever happens to the proxy and to the file between its lines. */
class JournalChainTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal");

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private Journal open() throws JournalException {
        return Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE));
    }

    private void run(String... ids) throws Exception {
        try (Journal journal = open()) {
            record(journal, ids);
        }
    }

    private static void record(Journal journal, String... ids) throws Exception {
        for (String id : ids) {
            journal.record(Records.permitted(id, Instant.now()))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void goes_on_where_the_run_before_ended() throws Exception {
        run("a");
        run("b", "c");
        run("d");
        assertThat(Trails.lines(file())).hasSize(4);
    }

    @Test
    void a_trail_has_its_name_over_files_and_restarts_and_another_one_has_another() throws Exception {
        run("a");
        Files.move(file(), directory.resolve("audit.jsonl.1"));
        run("b");
        run("c");
        assertThat(Trails.lines(directory.resolve("audit.jsonl.1"), file()))
                .hasSize(3)
                .allMatch(line -> line.matches("\\{\"v\":2,\"trail\":\"[0-9a-f]{12}\",\"seq\":.*"));

        String name = nameOf(file());
        Files.delete(file());
        Files.delete(directory.resolve("audit.jsonl.1"));
        run("a");
        assertThat(nameOf(file())).isNotEqualTo(name);
    }

    private static String nameOf(Path file) throws Exception {
        return TrailEnd.of(file).last().trail().orElseThrow();
    }

    @Test
    void a_trail_of_version_1_goes_on_as_version_2() throws Exception {
        new TrailBuilder().version1().start().stop().writeTo(file());
        run("a");
        Files.move(file(), directory.resolve("audit.jsonl.1"));
        run("b");

        List<String> lines = Trails.lines(directory.resolve("audit.jsonl.1"), file());
        assertThat(lines).hasSizeGreaterThanOrEqualTo(4);
        assertThat(lines.subList(0, 2)).allMatch(line -> line.startsWith("{\"v\":1,\"seq\":"));
        assertThat(lines.subList(2, lines.size())).allMatch(line -> line.startsWith("{\"v\":2,\"trail\":\""));
        VerifyResult result =
                new TrailCheck(List.of(), new TreeMap<>()).run(Segments.of(List.of(directory)), (bytes, read) -> {});
        assertThat(result).isInstanceOf(VerifyResult.Intact.class);
        assertThat(result.extent().trail()).contains(nameOf(file()));
    }

    @Test
    void knows_what_was_permitted_in_the_run_before() throws Exception {
        try (Journal first = open()) {
            assertThat(first.policyBefore()).isEmpty();
            first.record(Records.configured(Occasion.START, Optional.empty()));
            record(first, "a");
        }
        Files.move(file(), directory.resolve("audit.jsonl.1"));
        try (Journal second = open()) {
            assertThat(second.policyBefore())
                    .contains(
                            Records.configured(Occasion.START, Optional.empty()).policy());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit.jsonl.1", "audit.jsonl-20261122", "audit-20261122-000000000001.jsonl"})
    void goes_on_where_a_file_ended_that_was_moved_away_while_nothing_ran(String name) throws Exception {
        run("a", "b");
        Path moved = Files.move(file(), directory.resolve(name));
        run("c");
        assertThat(Trails.lines(moved, file())).hasSize(3);
    }

    @Test
    void goes_on_where_a_compressed_file_ended() throws Exception {
        run("a", "b");
        Path compressed = directory.resolve("audit.jsonl.1.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(file(), out);
        }
        Files.delete(file());
        run("c");
        assertThat(Trails.lines(compressed, file())).hasSize(3);
    }

    @Test
    void goes_on_in_a_new_file_when_the_file_is_moved_away_and_begins_it_with_what_is_permitted() throws Exception {
        Path moved = directory.resolve("elsewhere.jsonl");
        try (Journal journal = open()) {
            journal.record(Records.configured(Occasion.START, Optional.empty()));
            record(journal, "a");
            Files.move(file(), moved);
            Audits.awaitLook();
            record(journal, "b");
        }
        List<String> all = Trails.lines(moved, file());
        assertThat(all).hasSize(4);
        assertThat(all.get(2)).contains("\"event\":\"configuration\",\"occasion\":\"segment\"", "\"changed\":[]");
    }

    @Test
    void a_file_that_was_moved_away_is_followed_at_once_when_that_is_said() throws Exception {
        try (Journal journal = open()) {
            record(journal, "a");
            Files.move(file(), directory.resolve("audit.jsonl.1"));
            journal.follow();
            Await.until("the file is there again", () -> Files.exists(file()));
        }
    }

    /** Wherever in its last line a crash tears the file. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 40, 74, 75, 76, 150, 300})
    void a_torn_last_line_is_kept_aside_and_the_trail_says_so(int cut) throws Exception {
        run("a", "b");
        String whole = Files.readString(file());
        int begin = whole.indexOf('\n') + 1;
        String torn = whole.substring(begin, whole.length() - cut);
        Files.writeString(file(), whole.substring(0, begin) + torn);

        run("c");

        List<String> lines = Trails.lines(file());
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"a\"");
        assertThat(lines.get(1)).contains("\"c\"");
        Path aside = Trails.named(directory, "audit.jsonl.torn-").get(0);
        assertThat(lines.get(2))
                .contains("\"event\":\"torn\",\"kept_as\":\"" + aside.getFileName() + "\",\"bytes\":" + torn.length()
                        + ",\"reason\":\"the last line has no end\"");
        assertThat(aside).hasContent(torn);
    }

    @Test
    void a_last_line_that_was_edited_is_kept_aside() throws Exception {
        run("a", "b");
        Files.writeString(file(), Files.readString(file()).replace("\"id\":\"b\"", "\"id\":\"x\""));
        run("c");
        assertThat(Trails.lines(file()))
                .hasSize(3)
                .last()
                .asString()
                .contains("\"torn\"", "\"reason\":\"the last line is not one of the trail\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"an\":\"earlier version's\"}\n", "127.0.0.1 localhost\n", "\n\n\n"})
    void a_file_that_is_something_else_is_left_alone_and_nothing_starts(String content) throws Exception {
        Files.writeString(file(), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessage("The audit file " + file()
                        + " cannot be written: it holds something else than an audit trail. Move that away, or set"
                        + " audit.file.");
        assertThat(file()).hasContent(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"v\":1,\"seq\":1,\"time",
                "{\"v\":2,\"tra",
                "{\"v\":2,\"trail\":\"00ab12cd34ef\",\"seq\":1,\"time",
                "\0\0\0\0"
            })
    void a_first_line_that_a_crash_has_torn_is_moved_aside_as_it_is(String content) throws Exception {
        Files.writeString(file(), content);
        run("a");
        assertThat(Trails.lines(file())).hasSize(2);
        assertThat(Trails.named(directory, "audit.jsonl.torn-"))
                .singleElement()
                .satisfies(aside -> assertThat(Files.readString(aside)).isEqualTo(content));
    }

    @Test
    void a_link_to_a_file_is_that_file() throws Exception {
        Path real = Files.createDirectory(directory.resolve("elsewhere")).resolve("real.jsonl");
        Files.createFile(real);
        Files.createSymbolicLink(file(), real);
        run("a");
        run("b");
        assertThat(Trails.lines(real)).hasSize(2);
        assertThat(real.resolveSibling("real.jsonl.lock")).exists();
    }

    @Test
    void two_torn_ends_in_one_second_are_both_kept() throws Exception {
        for (int i = 0; i < 3; i++) {
            run("a");
            Files.writeString(file(), "{", StandardOpenOption.APPEND);
        }
        run("b");
        assertThat(Trails.named(directory, "audit.jsonl.torn-")).hasSize(3);
        assertThat(Trails.lines(file())).hasSize(7);
    }

    @Test
    void what_somebody_else_writes_into_the_file_is_kept_aside() throws Exception {
        try (Journal journal = open()) {
            record(journal, "a");
            Files.writeString(file(), "forged\n", StandardOpenOption.APPEND);
            record(journal, "b");
        }
        assertThat(Trails.lines(file())).hasSize(3);
        assertThat(Trails.named(directory, "audit.jsonl.torn-"))
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasContent("forged\n"));
    }

    @Test
    void a_file_that_somebody_shortens_to_nothing_goes_on_with_the_same_chain() throws Exception {
        try (Journal journal = open()) {
            record(journal, "a");
            Path copy = Files.copy(file(), directory.resolve("audit.jsonl.1"));
            Files.write(file(), new byte[0]);
            record(journal, "b");
            assertThat(Trails.lines(copy, file())).hasSize(2);
        }
    }

    @Test
    void another_trail_that_is_moved_into_place_is_moved_aside() throws Exception {
        run("other");
        Path other = Files.move(file(), directory.resolve("other"));
        byte[] content = Files.readAllBytes(other);
        try (Journal journal = open()) {
            record(journal, "a", "b");
            Path mine = Files.move(file(), directory.resolve("audit.jsonl.1"));
            Files.move(other, file());
            Audits.awaitLook();
            record(journal, "c");
            assertThat(Trails.lines(mine, file())).hasSize(4);
        }
        assertThat(Trails.named(directory, "audit.jsonl.torn-"))
                .singleElement()
                .satisfies(aside -> assertThat(aside).hasBinaryContent(content));
    }

    @Test
    void what_waits_is_written_in_one_chain_however_much_it_is() throws Exception {
        try (Journal journal = open()) {
            for (int i = 0; i < 5000; i++) {
                journal.record(Records.permitted("id" + i));
            }
        }
        assertThat(Trails.lines(file())).hasSize(5000);
        assertThat(new String(Files.readAllBytes(file()), StandardCharsets.US_ASCII))
                .endsWith("\"}\n");
    }
}
