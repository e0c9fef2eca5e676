package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code audit verify} says of several trails, and how it ends. */
class AuditVerifyFleetTest {
    private static final KeyPair KEYS = TrailBuilder.newKeys();

    @TempDir
    private Path directory = Path.of("");

    private record Ended(int code, String out, String err) {
        List<String> lines() {
            return out.lines().filter(line -> !line.startsWith("Read in ")).toList();
        }
    }

    @Test
    void each_trail_has_a_row() throws IOException {
        write("b", 2, Duration.ZERO, "edge-2");
        write("a", 1, Duration.ofDays(1), "edge-1");
        write("c", 3, Duration.ofDays(3), "edge-1");

        Ended ended = verify(directory.toString());

        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.lines())
                .startsWith(
                        "INSTANCE  TRAIL         FROM        TO          LINES  PROVEN TO  RESULT",
                        "edge-1    000000000001  2026-11-23  2026-11-23      4          -  INTACT",
                        "edge-1    000000000003  2026-11-25  2026-11-25      4          -  INTACT",
                        "edge-2    000000000002  2026-11-22  2026-11-22      4          -  INTACT",
                        "",
                        "3 of 3 trails are intact, 12 lines in all.")
                .noneMatch(line -> line.startsWith("Between trails"));
        assertThat(ended.out()).containsPattern("Read in 0\\.\\d s, [0-9,]+ lines a second\\.");
    }

    @Test
    void what_is_broken_is_named_and_the_others_are_verified() throws IOException {
        write("a", 1, Duration.ZERO, "edge-1");
        Path broken = write("b", 2, Duration.ZERO, "edge-2");
        Files.writeString(broken, Files.readString(broken).replace("10.0.0.7", "10.0.0.8"));

        Ended ended = verify("--key", key().toString(), directory.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines())
                .containsSubsequence(
                        "edge-1    000000000001  2026-11-22  2026-11-22      4          3  INTACT",
                        "edge-2    000000000002  2026-11-22  2026-11-22      1          -  BROKEN: edited",
                        "BROKEN: " + broken + ", line 2",
                        "  The line was edited: its hash is not that of its bytes.",
                        "1 of 2 trails are intact, 5 lines in all.");
    }

    @Test
    void two_trails_of_one_directory_are_two_rows() throws IOException {
        Path one = write("a", 1, Duration.ZERO, "edge-1");
        Files.move(write("b", 2, Duration.ofDays(1), "edge-2"), one.resolveSibling("other.jsonl"));

        assertThat(verify(one.getParent().toString()).lines()).contains("2 of 2 trails are intact, 8 lines in all.");
    }

    @Test
    void two_proxies_with_one_name_are_named() throws IOException {
        write("a", 1, Duration.ZERO, "edge-1", Duration.ofHours(3));
        write("b", 2, Duration.ofHours(1), "edge-1", Duration.ofHours(1));

        assertThat(verify(directory.toString()).lines())
                .containsSubsequence(
                        "Between trails:",
                        "  Trail 000000000001 and Trail 000000000002 are both of edge-1 and overlap from"
                                + " 2026-11-22T19:00:00.001000Z on: two proxies have one name, or a volume was copied.");
    }

    @Test
    void a_clock_that_jumped_ahead_is_no_overlap() throws IOException {
        TrailBuilder jumped = new TrailBuilder().of("000000000001").start();
        String counted = jumped.before(Duration.ofMinutes(-1));
        jumped.later(Duration.ofDays(2))
                .event(
                        "clock",
                        "\"occasion\":\"running\",\"expected\":\"" + counted + "\",\"counted\":\"" + counted + "\"")
                .stop()
                .writeTo(Files.createDirectory(directory.resolve("a")).resolve("t.jsonl"));
        new TrailBuilder()
                .of("000000000002")
                .later(Duration.ofHours(1))
                .start()
                .stop()
                .writeTo(Files.createDirectory(directory.resolve("b")).resolve("t.jsonl"));

        assertThat(verify(directory.toString()).out()).doesNotContain("overlap");
    }

    @Test
    void a_trail_that_begins_anew_where_another_has_no_stop_is_named() throws IOException {
        new TrailBuilder()
                .of("000000000001")
                .start()
                .writeTo(Files.createDirectory(directory.resolve("a")).resolve("t.jsonl"));
        new TrailBuilder()
                .of("000000000002")
                .later(Duration.ofHours(1))
                .start()
                .writeTo(Files.createDirectory(directory.resolve("b")).resolve("t.jsonl"));

        assertThat(verify(directory.toString()).lines())
                .contains(
                        "  Trail 000000000001 of proxy-1 ends at 2026-11-22T18:00:00.001000Z without a stop, and Trail"
                                + " 000000000002 begins anew at 2026-11-22T19:00:00.001000Z.");
    }

    @Test
    void two_hundred_trails_are_a_row_each_in_a_line_of_less_than_a_hundred_characters() throws IOException {
        for (int i = 0; i < 200; i++) {
            write("p" + i, i, Duration.ofDays(i), String.format("edge-%03d", i));
        }

        Ended ended = verify(directory.toString());

        assertThat(ended.code()).isZero();
        List<String> rows = ended.lines().subList(1, 201);
        assertThat(rows).isSorted().allMatch(row -> row.endsWith("INTACT") && row.length() < 100);
        assertThat(ended.lines()).contains("200 of 200 trails are intact, 800 lines in all.");
    }

    @Test
    void a_kept_checkpoint_is_looked_for_in_its_own_trail() throws IOException {
        Path one = write("a", 1, Duration.ZERO, "edge-1");
        Path other = write("b", 2, Duration.ZERO, "edge-2");
        Path kept = directory.resolve("kept");
        Files.writeString(kept, Files.readAllLines(other).get(2) + "\n");

        assertThat(verify(
                                "--checkpoint",
                                kept.toString(),
                                one.getParent().toString(),
                                other.getParent().toString())
                        .lines())
                .contains(
                        "edge-1    000000000001  2026-11-22  2026-11-22      4          -  INTACT",
                        "edge-2    000000000002  2026-11-22  2026-11-22      4          3  INTACT");

        write("c", 3, Duration.ZERO, "edge-3");
        Files.delete(other);
        Ended ended = verify(
                "--checkpoint",
                kept.toString(),
                one.getParent().toString(),
                directory.resolve("c").toString());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo(
                        "A checkpoint that was kept elsewhere is of trail 000000000002, of which nothing is here.\n");
    }

    /** Both have line 3. The trail that is left must not stand for the other one. */
    @Test
    void a_kept_checkpoint_of_a_trail_that_was_removed_whole_shows_beside_one_of_the_trail_that_is_left()
            throws IOException {
        Path one = write("a", 1, Duration.ZERO, "edge-1");
        Path other = write("b", 2, Duration.ZERO, "edge-2");
        Path kept = directory.resolve("kept");
        Files.writeString(
                kept,
                Files.readAllLines(other).get(2) + "\n"
                        + Files.readAllLines(one).get(2) + "\n");
        Files.delete(other);

        Ended ended = verify("--checkpoint", kept.toString(), one.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .isEqualTo(
                        "A checkpoint that was kept elsewhere is of trail 000000000002, of which nothing is here.\n");
    }

    @Test
    void a_kept_checkpoint_of_a_trail_of_which_the_archive_has_only_checkpoints_is_a_cut() throws IOException {
        Path one = write("a", 1, Duration.ZERO, "edge-1");
        List<String> lines = Files.readAllLines(one);
        Path archive = directory.resolve("archive");
        TrailBuilder.write(
                Files.createDirectories(archive.resolve("edge-1/000000000001/checkpoints"))
                        .resolve("000000000003.jsonl"),
                lines.subList(2, 3));
        Path kept = Files.write(directory.resolve("kept"), lines.subList(2, 3));

        assertThat(verify("--checkpoint", kept.toString(), archive.toString()).lines())
                .contains("  The end of the trail was cut off.", "  found:    no line of the trail");
    }

    @Test
    void what_a_checkpoint_of_a_synced_archive_proves_is_missed_after_a_day() throws IOException {
        for (Duration ago : List.of(Duration.ofHours(1), Duration.ofDays(2), Duration.ofDays(-2))) {
            Path top = directory.resolve("ago-" + ago.toDays());
            Duration later = Duration.between(
                    Instant.parse("2026-11-22T18:00:00Z"), Instant.now().minus(ago));
            TrailBuilder trail = new TrailBuilder().of("000000000001").later(later);
            List<String> lines = trail.start().drain().checkpoint(KEYS).take();
            Path files = Files.createDirectories(top.resolve("edge-1/000000000001"));
            TrailBuilder.write(files.resolve("000000000001.jsonl"), lines.subList(0, 1));
            TrailBuilder.write(
                    Files.createDirectory(files.resolve("checkpoints")).resolve("000000000003.jsonl"),
                    lines.subList(2, 3));

            Ended ended = verify(top.toString());

            assertThat(ended.out()).contains("Lines 2 to 3 of trail 000000000001 (edge-1) were written after ");
            assertThat(ended.code()).as("%s ago", ago).isEqualTo(ago.toDays() == 0 ? 0 : 1);
        }
    }

    @Test
    void lines_before_the_first_one_are_named() throws IOException {
        write("b", 2, Duration.ZERO, "edge-2");
        List<String> lines = new TrailBuilder()
                .of("000000000001")
                .start()
                .drain()
                .event("configuration", "\"occasion\":\"segment\"")
                .stop()
                .take();
        TrailBuilder.write(
                Files.createDirectory(directory.resolve("a")).resolve("t.jsonl"), lines.subList(2, lines.size()));

        assertThat(verify(directory.toString()).lines())
                .contains("-         000000000001  2026-11-22  2026-11-22      2          -  INTACT, 2 before not here")
                .anyMatch(line ->
                        line.startsWith("  Lines 1 to 2 of trail 000000000001 (no instance) were written before "));
    }

    @Test
    void a_url_that_is_none_is_bad_usage() {
        Ended ended = verify("s3://B/x");

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err()).startsWith("s3://B/x must be s3://bucket or s3://bucket/prefix: ");
    }

    private Path write(String name, int trail, Duration later, String instance) throws IOException {
        return write(name, trail, later, instance, Duration.ZERO);
    }

    /** Four lines, the last one after a while. */
    private Path write(String name, int trail, Duration later, String instance, Duration length) throws IOException {
        TrailBuilder lines =
                new TrailBuilder().of(String.format("%012d", trail)).later(later);
        lines.event("start", "\"version\":\"0.1.0\",\"instance\":\"" + instance + "\"")
                .permitted("a1", "10.0.0.7", "cloud.konghq.com")
                .checkpoint(KEYS)
                .later(length)
                .stop();
        return lines.writeTo(Files.createDirectory(directory.resolve(name)).resolve("t.jsonl"));
    }

    private Path key() throws IOException {
        return Files.writeString(
                directory.resolve("audit.pem.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n",
                US_ASCII);
    }

    private static Ended verify(String... arguments) {
        String[] all = Stream.concat(Stream.of("audit", "verify"), Arrays.stream(arguments))
                .toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
        return new Ended(code, out.toString(), err.toString());
    }
}
