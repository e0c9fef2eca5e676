package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Printable;
import io.konnectproxy.trail.event.TrailEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trail as somebody sees it who watches it grow. */
class AuditTailIT {
    @TempDir
    private Path directory = Path.of("");

    private final TrailBuilder trail = new TrailBuilder();
    private final Screen screen = new Screen();
    private final Screen errors = new Screen();
    private Path file = Path.of("");
    private CompletableFuture<Integer> tail = CompletableFuture.completedFuture(0);

    /** What stands on it; once it is shut, writing fails as on a closed pipe. */
    private static final class Screen extends Writer {
        private final StringBuilder text = new StringBuilder();
        private boolean shut;

        @Override
        public synchronized void write(char[] characters, int from, int length) throws IOException {
            if (shut) {
                throw new IOException("Broken pipe");
            }
            text.append(characters, from, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (shut) {
                throw new IOException("Broken pipe");
            }
            notifyAll();
        }

        @Override
        public void close() {}

        synchronized void shut() {
            shut = true;
        }

        /** The lines, as soon as there are so many of them. */
        synchronized List<String> lines(int count) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (text.toString().lines().count() < count && System.nanoTime() < end) {
                wait(100);
            }
            return text.toString().lines().toList();
        }
    }

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("t.jsonl");
        trail.start()
                .permitted("a1", "10.0.0.7", "cloud.konghq.com")
                .refused("a2", "10.0.0.8", "example.com:443", "host_not_konnect");
        append();
    }

    @AfterEach
    void stop() throws Exception {
        screen.shut();
        assertThat(tail.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void records_are_lines_for_people() throws Exception {
        trail.tunnel("a1", "cloud.konghq.com", "client_closed", 999, 1_234_567, 2500)
                .tunnel("a0", "cloud.konghq.com", "dns_timeout", 0, 0, 2000)
                .gap(12, "no space left on device")
                .torn("t.jsonl.torn-20261122T180000Z", 5)
                .configuration("start")
                .drain()
                .stop();
        append();
        tail("-n", "100", file.toString());

        assertThat(screen.lines(10))
                .containsExactly(
                        "2026-11-22T18:00:00.001Z  start          version 0.1.0 on proxy-1",
                        "2026-11-22T18:00:00.002Z  PERMITTED      10.0.0.7         cloud.konghq.com:443              konnect_host (platform)",
                        "2026-11-22T18:00:00.003Z  REFUSED        10.0.0.8         example.com:443                   host_not_konnect",
                        "2026-11-22T18:00:00.004Z  closed         10.0.0.7         cloud.konghq.com:443              client_closed, 999 B up, 1.23 MB"
                                + " down, 2.5 s",
                        "2026-11-22T18:00:00.005Z  closed         10.0.0.99        cloud.konghq.com:443              dns_timeout, 0 B up, 0 B down, 2.0 s",
                        "2026-11-22T18:00:00.006Z  gap            12 lines could not be written between"
                                + " 2026-11-22T18:00:00.005000Z and 2026-11-22T18:00:03.005000Z: no space left on device; their requests were refused",
                        "2026-11-22T18:00:00.007Z  torn           5 bytes at the end were no whole line and are kept as"
                                + " t.jsonl.torn-20261122T180000Z: the last line has no end",
                        "2026-11-22T18:00:00.008Z  configuration  of this start: mode enforce, regions us",
                        "2026-11-22T18:00:00.009Z  drain",
                        "2026-11-22T18:00:00.010Z  stop");
    }

    @Test
    void a_client_that_is_no_address_is_misused() {
        assertThat(misused("--client", "dp-1.corp")).startsWith("--client 'dp-1.corp' is no IP address");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        configuraton | 'configuraton' is none of start, configuration, reload_refused, decision, refusals, tunnel, mirror, checkpoint, gap, torn, removed, clock, drain, stop; did you mean 'configuration'?
        reload       | 'reload' is none of start, configuration, reload_refused, decision, refusals, tunnel, mirror, checkpoint, gap, torn, removed, clock, drain, stop; did you mean 'reload_refused'?
        permitted    | 'permitted' is none of start, configuration, reload_refused, decision, refusals, tunnel, mirror, checkpoint, gap, torn, removed, clock, drain, stop
        """)
    void an_event_that_no_line_has_is_misused(String event, String problem) {
        assertThat(misused("--event", event).lines().findFirst().orElseThrow()).isEqualTo("--event " + problem);
    }

    /** What is said of a value that an option cannot have. */
    private static String misused(String option, String value) {
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                Map.of(),
                "audit",
                "tail",
                option,
                value,
                "trail.jsonl");
        assertThat(code).isEqualTo(64);
        return err.toString();
    }

    @Test
    void the_events_that_can_be_named_are_those_of_the_lines() throws Exception {
        String schema = Files.readString(Path.of("..", "config", "audit-line.schema.json"));
        assertThat(Pattern.compile("\"event\": \\{ \"(?:const|enum)\": ([^}]*)\\}")
                        .matcher(schema)
                        .results()
                        .flatMap(match -> Stream.of(match.group(1).split("[^a-z_]+", -1)))
                        .filter(word -> !word.isEmpty())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(EventName.values()).map(EventName::word).toList());
    }

    @Test
    void only_the_events_that_were_asked_for() throws Exception {
        tail("--event", "configuration", "--event", "stop", file.toString());
        trail.configuration("start")
                .drain()
                .permitted("a3", "10.0.0.77", "cloud.konghq.com")
                .stop();
        append();

        assertThat(screen.lines(2)).hasSize(2);
        assertThat(screen.lines(2).get(0)).contains("configuration  of this start");
        assertThat(screen.lines(2).get(1)).endsWith("stop");
    }

    @Test
    void an_event_and_a_client_select_together() throws Exception {
        tail("--event", "tunnel", "--client", "10.0.0.7", file.toString());
        trail.permitted("a4", "10.0.0.7", "cloud.konghq.com")
                .tunnel("a9", "cloud.konghq.com", "client_closed", 1, 2, 3)
                .tunnel("a1", "cloud.konghq.com", "idle", 1, 2, 3);
        append();

        assertThat(screen.lines(1)).singleElement().asString().contains("  10.0.0.7  ", "idle");
    }

    @Test
    void a_growing_file_is_followed() throws Exception {
        tail("-n", "1", file.toString());
        assertThat(screen.lines(1)).singleElement().asString().contains("REFUSED");

        String next =
                trail.permitted("a3", "10.0.0.9", "cloud.konghq.com").take().get(0);
        write(next.substring(0, 50));
        write(next.substring(50) + "\n");
        trail.drain();
        append();

        assertThat(screen.lines(3)).hasSize(3).element(1).asString().contains("PERMITTED      10.0.0.9");
        assertThat(screen.lines(3).get(2)).endsWith("drain");
    }

    @Test
    void it_goes_on_across_rotation() throws Exception {
        tail("-n", "1", file.toString());
        assertThat(screen.lines(1)).hasSize(1);

        Files.move(file, directory.resolve("t.jsonl.1"));
        Files.write(
                directory.resolve("t.jsonl.1"),
                bytes(trail.refused("a4", "10.0.0.4", "last.of.old:443", "host_not_konnect")),
                StandardOpenOption.APPEND);
        Path next = directory.resolve("next");
        Files.write(
                next,
                bytes(trail.configuration("segment")
                        .refused("a5", "10.0.0.5", "first.of.new:443", "host_not_konnect")));
        Files.move(next, file);
        trail.stop();
        append();

        assertThat(screen.lines(5)).hasSize(5).element(1).asString().contains("last.of.old:443");
        assertThat(screen.lines(5).get(2)).contains("configuration");
        assertThat(screen.lines(5).get(3)).contains("first.of.new:443");
        assertThat(screen.lines(5).get(4)).endsWith("stop");
    }

    @Test
    void it_goes_on_across_several_rotations_at_once() throws Exception {
        tail("-n", "1", file.toString());
        assertThat(screen.lines(1)).hasSize(1);

        trail.drain().writeTo(directory.resolve("t-20261122-000000000004.jsonl.gz"));
        Path next = Files.write(directory.resolve("next"), bytes(trail.stop()));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(screen.lines(3)).hasSize(3).element(1).asString().endsWith("drain");
        assertThat(screen.lines(3).get(2)).endsWith("stop");
        assertThat(errors.lines(0)).isEmpty();
    }

    @Test
    void who_missed_lines_that_were_removed_is_told_on_standard_error() throws Exception {
        tail("-n", "1", file.toString());
        assertThat(screen.lines(1)).hasSize(1);

        trail.drain().drain().take();
        Path next = Files.write(directory.resolve("next"), bytes(trail.stop()));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(screen.lines(2)).hasSize(2).element(1).asString().endsWith("stop");
        assertThat(errors.lines(1))
                .containsExactly("Lines 4 to 5 of the audit trail were removed before they could be shown.");
    }

    @Test
    void only_what_was_refused() throws Exception {
        tail("--refused", "-n", "1", file.toString());
        assertThat(screen.lines(1)).hasSize(1);
        trail.tunnel("a1", "cloud.konghq.com", "client_closed", 1, 2, 3)
                .drain()
                .tunnel("a1", "cloud.konghq.com", "sni_mismatch", 1, 2, 3)
                .refused("a3", "10.0.0.8", "other.com:443", "host_not_konnect");
        append();

        assertThat(screen.lines(3)).hasSize(3).first().asString().contains("example.com:443");
        assertThat(screen.lines(3).get(1)).contains("sni_mismatch");
        assertThat(screen.lines(3).get(2)).contains("other.com:443");
    }

    @Test
    void only_one_client_with_the_ends_of_its_tunnels() throws Exception {
        tail("--client", "10.0.0.7", file.toString());
        trail.tunnel("a9", "cloud.konghq.com", "client_closed", 1, 2, 3)
                .tunnel("a1", "cloud.konghq.com", "idle", 1, 2, 3)
                .permitted("a3", "10.0.0.77", "cloud.konghq.com")
                .permitted("a4", "10.0.0.7", "cloud.konghq.com");
        append();

        assertThat(screen.lines(3)).hasSize(3).allMatch(line -> line.contains("  10.0.0.7  "));
        assertThat(screen.lines(3).get(1)).contains("idle");
    }

    private static final String FULLY_KNOWN =
            "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":\"dp-payments\",\"certificate\":\"dp.corp\","
                    + "\"entry\":\"payments\",\"peer\":{\"address\":\"10.0.0.10\",\"port\":2}}";

    private void decision(String id, String client) {
        trail.event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":" + client
                        + ",\"target\":\"x.com:443\",\"verdict\":\"refused\",\"reason\":\"host_not_konnect\","
                        + "\"rule\":null,\"enforced\":true");
    }

    private void throughParent(String id, String upstream) {
        trail.event(
                "tunnel",
                "\"id\":\"" + id + "\",\"target\":\"x.com:443\",\"outcome\":\"parent_refused\",\"upstream\":"
                        + upstream + ",\"tls\":null,\"bytes_up\":0,\"bytes_down\":0,\"dns_ms\":null,"
                        + "\"connect_ms\":null,\"duration_ms\":0");
    }

    @Test
    void says_all_that_is_known_of_a_client_and_of_the_parent_proxy() throws Exception {
        decision("b1", FULLY_KNOWN);
        throughParent(
                "b1",
                "{\"address\":\"10.0.0.99\",\"port\":3128,\"via\":\"http://proxy.corp:3128\","
                        + "\"asked\":\"x.com:443\",\"status\":407}");
        append();
        tail("-n", "2", file.toString());

        String who = "10.0.0.7 (user dp-payments, certificate dp.corp, entry payments, through 10.0.0.10)";
        assertThat(screen.lines(2))
                .containsExactly(
                        "2026-11-22T18:00:00.004Z  REFUSED        " + who
                                + "  x.com:443                         host_not_konnect",
                        "2026-11-22T18:00:00.005Z  closed         " + who
                                + "  x.com:443                         parent_refused, 0 B up,"
                                + " 0 B down, 0.0 s, via http://proxy.corp:3128, which said 407");
    }

    @Test
    void says_of_a_target_whether_there_was_none_or_it_is_not_recorded() throws Exception {
        trail.event("decision", malformed("b1", "\"\",\"truncated\":true"));
        trail.event("decision", malformed("b2", "null"));
        append();
        tail("-n", "2", file.toString());

        assertThat(screen.lines(2).get(0))
                .endsWith("REFUSED        10.0.0.7         (not recorded)                    malformed_request");
        assertThat(screen.lines(2).get(1))
                .endsWith("REFUSED        10.0.0.7         (asked for nothing)               malformed_request");
    }

    private static String malformed(String id, String target) {
        return "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"10.0.0.7\",\"port\":1,"
                + "\"user\":null},\"target\":" + target + ",\"verdict\":\"refused\",\"reason\":\"malformed_request\","
                + "\"rule\":null,\"enforced\":true";
    }

    @Test
    void only_one_user_with_the_ends_of_its_tunnels() throws Exception {
        tail("--user", "dp-payments", file.toString());
        everybody();

        assertThat(screen.lines(2)).hasSize(2).allMatch(line -> line.contains("user dp-payments"));
        assertThat(screen.lines(2).get(1)).contains("parent_refused");
    }

    @Test
    void a_user_whose_password_is_wrong_is_found_and_is_only_claimed() throws Exception {
        tail("--refused", "--user", "dp-pay", file.toString());
        trail.event(
                "decision",
                malformed("b1", "null")
                        .replace("\"user\":null", "\"user\":null,\"claimed_user\":\"dp-pay\"")
                        .replace("malformed_request", "credentials_invalid"));
        trail.event("decision", malformed("b2", "null"));
        append();

        assertThat(screen.lines(1))
                .singleElement()
                .asString()
                .endsWith(
                        "REFUSED        10.0.0.7 (claimed user dp-pay)  (asked for nothing)               credentials_invalid");
    }

    @Test
    void tells_what_a_handshake_came_to() throws Exception {
        String end =
                "\"target\":\"x.com:443\",\"outcome\":\"client_closed\",\"upstream\":null,\"tls\":{\"sni\":null,\"alpn\":[],"
                        + "\"versions\":[],\"ech\":false,\"resumes\":false,\"handshake\":\"%s\"%s},\"bytes_up\":0,\"bytes_down\":0,"
                        + "\"dns_ms\":null,\"connect_ms\":null,\"duration_ms\":28";
        trail.event("tunnel", "\"id\":\"c1\"," + end.formatted("client_alert", ",\"alert\":\"unknown_ca\""));
        trail.event("tunnel", "\"id\":\"c2\"," + end.formatted("unfinished", ""));
        trail.event("tunnel", "\"id\":\"c3\"," + end.formatted("completed", ""));
        append();
        tail("-n", "3", file.toString());

        assertThat(screen.lines(3).stream().map(line -> line.replaceAll(".*x.com:443 +", "")))
                .containsExactly(
                        "client_closed, 0 B up, 0 B down, 0.0 s, TLS handshake: client_alert (unknown_ca)",
                        "client_closed, 0 B up, 0 B down, 0.0 s, TLS handshake: unfinished",
                        "client_closed, 0 B up, 0 B down, 0.0 s");
    }

    @Test
    void only_the_clients_of_one_entry() throws Exception {
        tail("--entry", "payments", file.toString());
        everybody();

        assertThat(screen.lines(2)).hasSize(2).allMatch(line -> line.contains("entry payments"));
    }

    /** Four requests, one of which is dp-payments' with the rules of payments, and their ends. */
    private void everybody() throws IOException {
        decision("b1", "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":\"payments\",\"entry\":\"dp-payments\"}");
        decision("b2", "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":\"DP-payments\",\"entry\":\"Payments\"}");
        decision("b3", "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":null}");
        decision("b4", FULLY_KNOWN);
        for (String id : List.of("b1", "b2", "b3", "b4")) {
            throughParent(id, "null");
        }
        append();
    }

    private void summedUp(String client) {
        trail.event(
                "refusals",
                "\"client\":" + client + ",\"listener\":null,\"count\":942,"
                        + "\"reasons\":{\"ip_literal\":2,\"host_not_konnect\":940},"
                        + "\"first\":\"2026-11-22T17:59:03.123456Z\",\"last\":\"2026-11-22T17:59:59.123456Z\"");
    }

    @Test
    void refusals_that_were_summed_up_are_one_line() throws Exception {
        summedUp("{\"address\":\"10.0.0.9\"}");
        summedUp("{\"network\":\"2001:db8:0:1::/64\"}");
        summedUp("null");
        trail.drain();
        append();
        tail("--refused", "-n", "3", file.toString());

        String sum = "  942 summed up since 2026-11-22T17:59:03.123456Z: 2 ip_literal, 940 host_not_konnect";
        assertThat(screen.lines(3))
                .containsExactly(
                        "2026-11-22T18:00:00.004Z  REFUSED        10.0.0.9       " + sum,
                        "2026-11-22T18:00:00.005Z  REFUSED        2001:db8:0:1::/64" + sum,
                        "2026-11-22T18:00:00.006Z  REFUSED        too many clients to tell apart" + sum);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9, '  10.0.0.9         942'",
        "2001:db8:0:1::7, '  2001:db8:0:1::/64  942'",
        "2001:db8:0:2::7, '  2001:db8:0:2::7  942'",
    })
    void a_client_s_sums_are_its_own(String client, String shown) throws Exception {
        summedUp("null");
        summedUp("{\"network\":\"2001:db8:0:1::/64\"}");
        summedUp("{\"network\":\"made up\"}");
        summedUp("{\"address\":\"2001:db8:0:2::7\"}");
        summedUp("{\"address\":\"10.0.0.9\"}");
        trail.refused("last", client, "last.com:443", "host_not_konnect");
        append();
        tail("--client", client, file.toString());

        assertThat(screen.lines(2)).hasSize(2).first().asString().contains(shown);
    }

    @Test
    void columns_are_as_wide_as_what_was_shown_in_them_within_reason() throws Exception {
        trail.refused("b1", "2001:db8:1111:2222:3333:4444:5555:6666", "a.com:443", "host_not_konnect")
                .refused("b2", "10.0.0.8", "a".repeat(60) + ".com:443", "host_not_konnect")
                .refused("b3", "10.0.0.8", "b.com:443", "host_not_konnect");
        append();
        tail("-n", "3", file.toString());

        String target = "b.com:443" + " ".repeat(32 - "b.com:443".length());
        assertThat(screen.lines(3).get(0)).contains("5555:6666  a.com:443 ");
        assertThat(screen.lines(3).get(2))
                .endsWith("REFUSED        10.0.0.8" + " ".repeat(38 - 8) + "  " + target + "  host_not_konnect");
    }

    @Test
    void ends_where_it_is_not_to_follow() throws Exception {
        tail("--no-follow", "-n", "2", file.toString());

        assertThat(tail.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(screen.lines(2)).hasSize(2).last().asString().contains("REFUSED");
    }

    @Test
    void begins_at_a_time() throws Exception {
        trail.drain().stop();
        append();
        tail("--no-follow", "--since", "2026-11-22T18:00:00.003Z", file.toString());
        assertThat(tail.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(screen.lines(3)).hasSize(3).first().asString().contains("REFUSED");
    }

    @Test
    void of_what_is_since_a_time_the_last_ones_may_do() throws Exception {
        trail.drain().stop();
        append();
        tail("--no-follow", "--since", "2026-11-22", "-n", "1", file.toString());
        assertThat(tail.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(screen.lines(1)).singleElement().asString().endsWith("stop");
    }

    @Test
    void a_time_that_is_none_is_misused() {
        StringWriter err = new StringWriter();
        assertThat(run(new StringWriter(), err, "audit", "tail", "--since", "yesterday", file.toString()))
                .isEqualTo(64);
        assertThat(err.toString()).startsWith("--since ");
    }

    @Test
    void what_a_terminal_obeys_is_shown_and_not_said() throws Exception {
        trail.refused("a3", "10.0.0.8", "\\u001b[2J\\u0007\\u202e\\n\\u009b1m\\u00e9:443", "ip_literal");
        append();
        write("not JSON \u001b[2J\n");
        tail("-n", "100", file.toString());

        assertThat(screen.lines(5))
                .hasSize(5)
                .allMatch(line -> Printable.of(line).equals(line))
                .element(3)
                .asString()
                .contains("\\u001b[2J\\u0007\\u202e\\u000a\\u009b1m\u00e9:443");
        assertThat(screen.lines(5).get(4)).isEqualTo("(not a line of the trail)  not JSON \\u001b[2J");
    }

    @Test
    void the_file_is_the_configured_one() throws Exception {
        Path configuration =
                Files.writeString(directory.resolve("c.yaml"), "regions: [us]\naudit: {file: " + file + "}\n");
        tail("-c", configuration.toString());

        assertThat(screen.lines(3)).hasSize(3);
    }

    @Test
    void colours_are_for_those_who_see_them() {
        EventReader.EventLine gap = new EventReader.EventLine(
                Optional.empty(), 1, "gap", new TrailEvent.Gap(0, 1, 0, 0, "a reason", false), Optional.empty());

        assertThat(new RecordLine(true).of(gap, Optional.empty())).contains("\u001b[33mgap          \u001b[0m");
        assertThat(Terminal.STANDARD_OUTPUT.isColoured(Map.of("NO_COLOR", "1"))).isFalse();
    }

    @Test
    void a_signal_ends_it_well() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "audit",
                        "tail",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(US_ASCII)) {
            assertThat(out.readLine()).contains("  start  ").doesNotContain("\u001b");
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void what_cannot_be_followed_is_one_sentence() throws IOException {
        StringWriter err = new StringWriter();
        Path none = directory.resolve("none.jsonl");
        Path packed = trail.stop().writeTo(directory.resolve("t.jsonl.2.gz"));

        assertThat(run(new StringWriter(), err, "audit", "tail", none.toString()))
                .isEqualTo(1);
        assertThat(run(new StringWriter(), err, "audit", "tail", packed.toString()))
                .isEqualTo(1);
        assertThat(run(new StringWriter(), err, "audit", "tail", "-n", "-1", file.toString()))
                .isEqualTo(64);
        assertThat(err.toString().lines())
                .startsWith(
                        "There is no file " + none + ".",
                        packed + " is compressed, so nothing is added to it; name the current file.",
                        "-n '-1' is below 0");
    }

    private void tail(String... arguments) {
        List<String> all = new ArrayList<>(List.of("audit", "tail"));
        all.addAll(Arrays.asList(arguments));
        tail = CompletableFuture.supplyAsync(() -> run(screen, errors, all.toArray(String[]::new)));
    }

    private static int run(Writer out, Writer err, String... arguments) {
        return KonnectProxyCommand.execute(out, new PrintWriter(err), Map.of("NO_COLOR", "1"), arguments);
    }

    private void append() throws IOException {
        Files.write(file, bytes(trail), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void write(String text) throws IOException {
        Files.write(file, text.getBytes(US_ASCII), StandardOpenOption.APPEND);
    }

    private static byte[] bytes(TrailBuilder trail) {
        return Stream.concat(trail.take().stream(), Stream.of(""))
                .reduce((one, more) -> one + "\n" + more)
                .orElseThrow()
                .getBytes(US_ASCII);
    }
}
