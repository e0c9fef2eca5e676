package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code audit report} as a shell sees it. */
class AuditReportCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private Path first = Path.of("");
    private Path second = Path.of("");

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void write() {
        TrailBuilder trail = new TrailBuilder();
        trail.start().configuration("start").permitted("1", "10.0.0.7", "cloud.konghq.com");
        first = trail.writeTo(directory.resolve("zzz.jsonl.2.gz"));
        trail.tunnel("1", "cloud.konghq.com", "client_closed", 1_000, 2_000, 60_000);
        trail.refused("2", "10.0.0.8", "evil.example:443", "host_not_konnect").stop();
        second = trail.writeTo(directory.resolve("aaa.jsonl"));
    }

    private static Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Stream.concat(Stream.of("audit", "report"), Arrays.stream(arguments))
                .toArray(String[]::new);
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
        return new Ended(code, out.toString(), err.toString());
    }

    @Test
    void reports_on_files_in_the_order_of_their_lines() {
        Ended ended = run(second.toString(), first.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines())
                .contains(
                        "6 lines of the period, from 2 files.",
                        "Requests permitted        1",
                        "Sent to Konnect           1.00 kB")
                .contains("The lines that were read are numbered 1 to 6 without a hole.");
    }

    @Test
    void reports_on_a_directory_and_names_what_it_passed_over() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "hello\n");
        Ended ended = run(directory.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("6 lines of the period, from 2 files.").contains("notes.txt");
    }

    @Test
    void names_what_it_passed_over_in_json_too_and_ends_with_1_where_that_may_have_lines() throws IOException {
        Path notes = Files.writeString(directory.resolve("notes.txt"), "hello\n");
        JsonNode one = new JsonMapper()
                .readTree(run("--output", "json", directory.toString()).out());

        assertThat(one.at("/input/passed_over").toString())
                .isEqualTo("[{\"file\":\"" + notes + "\",\"why\":\"no line of it is one of a trail\"}]");

        Path lost = Files.writeString(directory.resolve("konnect-proxy-20261130-000000000001.jsonl"), "hello\n");
        Ended ended = run("--output", "json", directory.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo(lost
                        + " was passed over: no line of it is one of a trail, although its name is that of a file of"
                        + " a trail. The report lacks what it may have.\n");
        assertThat(new JsonMapper()
                        .readTree(ended.out())
                        .at("/input/passed_over/0/file")
                        .asString())
                .isEqualTo(lost.toString());
    }

    @ParameterizedTest
    @CsvSource({"json, '{'", "JSON, '{'", "html, <!DOCTYPE html>", "text, AUDIT REPORT"})
    void writes_the_format_that_is_asked_for(String format, String beginning) {
        Ended ended = run(directory.toString(), "--output", format);

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).startsWith(beginning);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
        --since tomorrow                      | --since 'tomorrow' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that long ago.
        --until 7x                            | --until '7x' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that long ago.
        --new-since x                         | --new-since 'x' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that long ago.
        --since 2026-11-22 --until 2026-11-21 | --until must be later than --since.
        --top 0                               | --top must be from 1 to 10000.
        --output pdf                          | --output 'pdf' is none of text, json, html
        --pins a -c b                         | --pins and --config exclude each other; give one of them
        """)
    void says_in_a_sentence_what_is_misused(String options, String sentence) {
        String[] arguments = Stream.concat(Stream.of(directory.toString()), Arrays.stream(options.split(" ")))
                .toArray(String[]::new);
        Ended ended = run(arguments);

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).first().isEqualTo(sentence);
    }

    @Test
    void needs_a_file() {
        assertThat(run().code()).isEqualTo(64);
    }

    @Test
    void says_which_file_is_not_there() {
        Ended ended = run(directory.resolve("none.jsonl").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).containsExactly("There is no file " + directory.resolve("none.jsonl") + ".");
    }

    @Test
    void says_when_there_is_no_trail() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThat(run(empty.toString()).code()).isEqualTo(1);
    }

    @Test
    void reports_on_what_a_broken_archive_still_holds_and_ends_with_1() throws IOException {
        byte[] whole = Files.readAllBytes(first);
        Files.write(first, Arrays.copyOf(whole, whole.length - 12));
        Ended ended = run(directory.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(first + " could not be read beyond line "),
                        line -> assertThat(line)
                                .startsWith("The verification of the trail failed at zzz.jsonl.2.gz:")
                                .contains("The compressed file is damaged"));
        assertThat(ended.out())
                .contains("the file cannot be read from here on")
                .contains("Tunnels                   1");
    }

    @Test
    void names_a_line_that_has_no_end_and_ends_with_1() throws IOException {
        Files.writeString(second, Files.readString(second) + "{\"v\":1,\"seq\":7");
        Ended ended = run(directory.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines()).singleElement().asString().contains("The last line has no end");
        assertThat(ended.out().replaceAll("\\s+", " "))
                .contains("aaa.jsonl:4 it has no end: it is still being written, or torn (14 bytes)");
    }

    @Test
    void verifies_what_it_reads_and_ends_with_1_where_that_fails() throws IOException {
        Files.writeString(second, Files.readString(second).replace("evil.example", "good.example"));
        Ended ended = run(directory.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .startsWith("The verification of the trail failed at aaa.jsonl:2: The line was edited")
                .endsWith(".");
        assertThat(ended.out()).contains("1. The trail is broken").contains("Unaltered  FAILS");
        assertThat(run(directory.toString(), "--output", "json").out())
                .contains("\"defect\" : \"edited\"")
                .contains("\"kind\" : \"trail_broken\"")
                .contains("\"chain_verified\" : false");
    }

    @Test
    void verifies_signatures_with_a_key_and_an_anchor_with_a_kept_checkpoint() throws IOException {
        KeyPair keys = TrailBuilder.newKeys();
        TrailBuilder trail = new TrailBuilder().start().configuration("start").checkpoint(keys);
        Path file = trail.writeTo(directory.resolve("signed.jsonl"));
        Path key = Files.writeString(
                directory.resolve("audit.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Path kept = Files.writeString(
                directory.resolve("kept.json"), Files.readAllLines(file).get(2));

        assertThat(run(file.toString()).out()).contains("Authentic  not checked  Not checked: give --key.");
        Ended signed = run(file.toString(), "--key", key.toString(), "--checkpoint", kept.toString());
        assertThat(signed.code()).isZero();
        assertThat(signed.out().replaceAll("\\s+", " "))
                .contains("Authentic holds Lines 1 to 3 were signed with your key (1 checkpoint).")
                .contains(
                        "Anchored holds A checkpoint that was kept elsewhere holds the lines up to 3; no line lies behind it.")
                .contains("Nothing needs attention.");
        assertThat(run(first.toString(), "--key", key.toString()).err()).contains("No line is a checkpoint");
        assertThat(run(file.toString(), "--key", kept.toString()).code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit report", "audit verify", "suggest"})
    void the_name_of_a_file_is_escaped(String command) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Files.readAllBytes(first));
        }
        byte[] whole = bytes.toByteArray();
        Path cut = Files.write(directory.resolve("\u202e\u001b[31m.gz"), Arrays.copyOf(whole, whole.length - 9));
        StringWriter text = new StringWriter();
        String[] arguments = Stream.concat(Arrays.stream(command.split(" ", -1)), Stream.of(cut.toString()))
                .toArray(String[]::new);

        int code = KonnectProxyCommand.execute(text, new PrintWriter(text), Map.of(), arguments);

        assertThat(code).isEqualTo(1);
        assertThat(text.toString()).contains("\\u202e\\u001b[31m.gz").doesNotContain("\u202e", "\u001b");
    }

    @Test
    void of_a_broken_trail_only_what_a_signature_covers_is_authentic() throws IOException {
        KeyPair keys = TrailBuilder.newKeys();
        TrailBuilder trail = new TrailBuilder()
                .start()
                .configuration("start")
                .checkpoint(keys)
                .drain()
                .stop();
        List<String> lines = Files.readAllLines(trail.writeTo(directory.resolve("signed.jsonl")));
        Path key = Files.writeString(
                directory.resolve("audit.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");

        assertThat(edited(lines, 1, key))
                .contains("Authentic not checked No signature covers the lines before the first defect.");
        assertThat(edited(lines, 4, key))
                .contains("Authentic in part Lines 1 to 3 were signed with your key. What follows was not checked.");
    }

    private String edited(List<String> lines, int index, Path key) throws IOException {
        List<String> edited = new ArrayList<>(lines);
        edited.set(index, lines.get(index).replace("\"time\":\"2", "\"time\":\"3"));
        Path file = Files.write(directory.resolve("edited-" + index + ".jsonl"), edited);
        return run(file.toString(), "--key", key.toString()).out().replaceAll("\\s+", " ");
    }

    @Test
    void calls_out_what_was_served_without_a_line_and_what_was_removed() {
        TrailBuilder trail = new TrailBuilder().start();
        trail.event(
                "gap",
                "\"lost\":7,\"from\":\"2026-11-22T18:00:00.000000Z\",\"until\":\"2026-11-22T18:00:09.000000Z\","
                        + "\"reason\":\"no space left on device\",\"on_failure\":\"continue\"");
        trail.event("removed", "\"file\":\"a-20261122-000000000001.jsonl\",\"reason\":\"audit.rotate.keep is 3\"");
        String out =
                run(trail.writeTo(directory.resolve("served.jsonl")).toString()).out();

        assertThat(out.replace("\n", " "))
                .contains("7 of them are about requests that were served all the same (audit.on-failure: continue)")
                .contains("The proxy removed 1 finished file of the trail, as audit.rotate had it.")
                .contains("audit.rotate.keep is")
                .doesNotContain("not known to this version", "does not know");
    }

    @Test
    void keeps_to_the_period() {
        Ended ended = run(directory.toString(), "--since", "2026-11-22T18:00:00.004", "--until", "2026-11-22");

        assertThat(ended.out())
                .contains("3 lines of the period, from 2 files.")
                .contains("Not counted: 3 lines before the period and 0 after it.")
                .contains("No target was let through for the first time since 2026-11-22 18:00:00");
    }

    @Test
    void asks_for_the_pins_of_a_configuration() throws IOException {
        Path configuration = directory.resolve("konnect-proxy.yaml");
        Files.writeString(configuration, "regions: [us]\ncontrol-planes: [36fc5d01be]\n");

        assertThat(run(first.toString(), "-c", configuration.toString()).out()).contains("36fc5d01be");
        assertThat(run(first.toString(), "--pins", "aaaa,bbbb").out())
                .contains("2 of 2 pinned control planes were never used");
        assertThat(run(first.toString(), "-c", directory + "/none.yaml").code()).isEqualTo(78);
    }
}
