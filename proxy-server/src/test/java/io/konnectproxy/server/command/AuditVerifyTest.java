package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code audit verify} says, and how it ends. */
class AuditVerifyTest {
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final String KEY = TrailBuilder.sha256(KEYS.getPublic().getEncoded());

    @TempDir
    private Path directory = Path.of("");

    private Path trails = Path.of("");
    private Path current = Path.of("");
    private Path key = Path.of("");
    private TrailBuilder trail = new TrailBuilder();

    private record Ended(int code, String out, String err) {
        List<String> lines() {
            return out.lines().filter(line -> !line.startsWith("Read in ")).toList();
        }
    }

    @BeforeEach
    void write() throws IOException {
        trails = Files.createDirectory(directory.resolve("audit"));
        current = trails.resolve("t.jsonl");
        key = Files.writeString(
                directory.resolve("audit.pem.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        trail.start()
                .permitted("a1", "10.0.0.7", "cloud.konghq.com")
                .checkpoint(KEYS)
                .writeTo(trails.resolve("t.jsonl.1.gz"));
        trail.tunnel("a1", "cloud.konghq.com", "idle", 1, 2, 3).stop().writeTo(current);
    }

    @Test
    void without_a_key_only_the_chain_is_proven() {
        Ended ended = verify(trails.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.lines())
                .containsExactly(
                        "INTACT: 2 segments, 5 lines, numbers 1 to 5, 2026-11-22T18:00:00.001000Z to 2026-11-22T18:00:00.005000Z,"
                                + " of trail 00ab12cd34ef.",
                        "Proven:",
                        "  The chain is whole: every line from 1 to 5 is bound to the one before it, and none was edited, removed,"
                                + " put in or moved unless the chain was computed anew from there on.",
                        "Not proven:",
                        "  That nobody computed the whole chain anew: whoever can write the files can. It has 1 checkpoint signed"
                                + " with key " + KEY + "; give its public half with --key.",
                        "  That nothing came after line 5: the trail ends with a stop of the proxy at"
                                + " 2026-11-22T18:00:00.005000Z. Only a checkpoint kept elsewhere (--checkpoint) or a mirror"
                                + " shows whether lines after it were cut off.");
        assertThat(ended.out()).containsPattern("Read in 0\\.\\d s, [0-9,]+ lines a second\\.");
    }

    @Test
    void a_stop_that_is_signed_is_a_stop() throws IOException {
        append(String.join("\n", trail.checkpoint(KEYS).take()) + "\n");

        assertThat(verify(trails.toString()).lines())
                .anyMatch(line -> line.startsWith("  That nothing came after line 6: the trail ends with a stop"));
    }

    @Test
    void the_lock_of_the_proxy_is_no_stranger() throws IOException {
        Files.createFile(trails.resolve("t.jsonl.lock"));

        assertThat(verify(trails.toString()).out()).doesNotContain("Passed over");
    }

    @Test
    void with_the_key_the_signed_lines_are_proven() {
        Ended ended = verify("--key", key.toString(), trails.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.lines())
                .contains(
                        "  Lines 1 to 3 stand as they did when they were signed: 1 checkpoint is signed with your key "
                                + KEY + ", and nobody without its private half can compute that anew.",
                        "  Lines 4 to 5 (2) come after the last checkpoint that was checked: whoever can write the files could"
                                + " have computed that part anew.");
    }

    @Test
    void a_checkpoint_kept_elsewhere_proves_what_was_before_it() throws IOException {
        Path kept = directory.resolve("ticket");
        trail.checkpoint(KEYS).drain();
        List<String> more = trail.take();
        Files.writeString(kept, more.get(0) + "\r\n");
        assertThat(verify("--checkpoint", kept.toString(), trails.toString()).lines())
                .contains(
                        "BROKEN: " + current,
                        "  The end of the trail was cut off.",
                        "  expected: line 6, a checkpoint that was kept elsewhere",
                        "  found:    line 5 as the last one; missing at least: line 6");

        append(String.join("\n", more) + "\n");
        assertThat(verify("--checkpoint", kept.toString(), trails.toString()).lines())
                .contains("  Lines 1 to 6 stand as they did when the checkpoint was kept.")
                .anyMatch(line -> line.startsWith("  Line 7 comes after the last checkpoint"))
                .anyMatch(line -> line.contains("the trail does not end with a stop"))
                .noneMatch(line -> line.contains("computed the whole chain anew"));
    }

    @Test
    void what_was_before_the_first_segment_is_not_proven() throws IOException {
        trail.configuration("segment").drain().writeTo(current);
        assertThat(verify(current.toString()).lines())
                .contains("  What was before line 6: lines 1 to 5 are not in these files.");
    }

    @Test
    void the_first_broken_place_is_named() throws IOException {
        Files.writeString(current, Files.readString(current).replace("idle", "dile"));
        Ended ended = verify(trails.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines().subList(0, 2))
                .containsExactly(
                        "BROKEN: " + current + ", line 1", "  The line was edited: its hash is not that of its bytes.");
        assertThat(ended.lines().get(2)).matches("  expected: hash [0-9a-f]{64}");
        assertThat(ended.lines().get(3)).matches("  found:    hash [0-9a-f]{64}");
        assertThat(ended.lines().get(4)).startsWith("Whole until there: 2 segments, 3 lines, numbers 1 to 3, ");
    }

    @Test
    void what_the_trail_records_of_itself_is_listed() throws IOException {
        trail.gap(1, "no space left on device").torn("t.jsonl.torn-1", 5).mirror("syslog+tls://logs.corp:6514", 9);
        append(String.join("\n", trail.take()) + "\n");

        assertThat(verify(trails.toString()).lines())
                .containsSubsequence(
                        "Recorded by the trail itself:",
                        "  line 6: 1 line could not be written between 2026-11-22T18:00:00.005000Z and"
                                + " 2026-11-22T18:00:03.005000Z: no space left on device; their requests were refused",
                        "  line 7: 5 bytes at the end were no whole line and are kept as t.jsonl.torn-1: the last line has no end",
                        "  line 8: the mirror syslog+tls://logs.corp:6514 missed 9 lines between 2026-11-22T18:00:00.007000Z and"
                                + " 2026-11-22T18:00:03.007000Z: the connection was lost");
    }

    @Test
    void files_that_are_not_of_the_trail_are_named_and_passed_over() throws IOException {
        Files.writeString(trails.resolve("README"), "hello\n");
        Files.writeString(trails.resolve("t.jsonl.torn-20261122T180000Z"), "{\"v\":1");
        Files.copy(current, trails.resolve("t.jsonl.gz"));
        Ended ended = verify(trails.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.lines())
                .containsSubsequence(
                        "Passed over:",
                        "  " + trails + "/README: no line of it is one of a trail.",
                        "  " + trails
                                + "/t.jsonl.gz: it is the compressed copy, perhaps unfinished, of a file beside it.",
                        "  " + trails + "/t.jsonl.torn-20261122T180000Z: what a crash left behind is kept there.");
    }

    @Test
    void a_file_that_should_have_lines_and_has_none_is_a_failure_beside_an_intact_trail() throws IOException {
        Path lost = Files.writeString(trails.resolve("konnect-proxy-20261130-000000000001.jsonl"), "hello\n");
        Ended ended = verify(trails.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines())
                .startsWith("NOT READ: " + lost
                        + ": no line of it is one of a trail, although its name is that of a file of a trail.")
                .doesNotContain("Passed over:")
                .anyMatch(line -> line.startsWith("INTACT: "));

        new TrailBuilder().of("ffffffffffff").start().stop().writeTo(trails.resolve("other"));
        Ended fleet = verify(trails.toString());

        assertThat(fleet.code()).isEqualTo(1);
        assertThat(fleet.lines())
                .anyMatch(line -> line.startsWith("NOT READ: " + lost))
                .anyMatch(line -> line.startsWith("2 of 2 trails are intact"));
    }

    @Test
    void a_line_that_is_being_written_is_not_torn() throws Exception {
        String next = trail.drain().take().get(0);
        append(next.substring(0, 80));
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Ended> ended = CompletableFuture.supplyAsync(() -> {
            reading.countDown();
            return verify(trails.toString());
        });
        reading.await();
        append(next.substring(80) + "\n");

        assertThat(ended.get().lines().get(0)).startsWith("INTACT: 2 segments, 6 lines");
    }

    @Test
    void a_line_that_never_ends_is_torn() throws IOException {
        append("{\"v\":1,\"seq\":6");

        assertThat(verify(trails.toString()).lines())
                .startsWith(
                        "BROKEN: " + current + ", line 3",
                        "  The last line has no end, as a crash leaves it, or somebody who cuts.",
                        "  expected: a line feed at the end of the file",
                        "  found:    14 bytes behind the last one");
    }

    @Test
    void what_cannot_be_read_is_one_sentence() throws IOException {
        Path readme = Files.writeString(directory.resolve("README"), "hello\n");
        Path line = Files.writeString(
                directory.resolve("line"), Files.readAllLines(current).get(0));

        assertThat(verify(directory + "/none")).isEqualTo(failed("There is no file " + directory + "/none."));
        assertThat(verify(readme.toString()))
                .isEqualTo(failed("There is no line of an audit trail in " + readme + "."));
        assertThat(verify("--key", readme.toString(), trails.toString()))
                .isEqualTo(failed(readme + " is not a PEM file: nothing in it is between BEGIN and END."));
        assertThat(verify("--checkpoint", line.toString(), trails.toString()))
                .isEqualTo(failed(line + " holds a line that is no checkpoint, but of the event tunnel."));
        assertThat(verify("--checkpoint", readme.toString(), trails.toString()))
                .isEqualTo(failed(
                        readme + " holds a line that is none of a trail: it does not begin with {\"v\":2,\"trail\":\","
                                + " and not with {\"v\":1,\"seq\":."));
    }

    @Test
    void without_files_it_is_bad_usage() {
        assertThat(verify().code()).isEqualTo(64);
        assertThat(verify("--key").code()).isEqualTo(64);
    }

    private void append(String text) throws IOException {
        Files.write(current, text.getBytes(US_ASCII), StandardOpenOption.APPEND);
    }

    private static Ended failed(String sentence) {
        return new Ended(1, "", sentence + System.lineSeparator());
    }

    private static Ended verify(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "audit";
        all[1] = "verify";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
        return new Ended(code, out.toString(), err.toString());
    }
}
