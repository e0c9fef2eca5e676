package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.server.command.TrialTrail.Asker;
import io.konnectproxy.server.command.TrialTrail.End;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code suggest} as a shell sees it: what justifies a rule, and what never does. */
class SuggestCommandTest {
    private static final String CP = "0646a7d680.us.cp0.konghq.com:443";
    private static final Asker PLANE = Asker.at("10.0.0.7");

    @TempDir
    private static Path tls = Path.of("");

    @TempDir
    private Path directory = Path.of("");

    private Path base = Path.of("");
    private final TrialTrail trial = new TrialTrail();

    private record Ended(int code, String out, String err) {}

    @BeforeAll
    static void makeCertificates() {
        run("certificate", "proxy.corp", "--out", tls.toString());
    }

    /** Listeners that entries for users, certificates and addresses can be for. */
    @BeforeEach
    void configure() throws IOException {
        Path users = Files.writeString(directory.resolve("users.htpasswd"), "dp-a:$2y$10$" + ".".repeat(53) + "\n");
        base = Files.writeString(directory.resolve("trial.yaml"), """
                # Where clients come in.
                listen:
                - address: 0.0.0.0:3128
                  credentials: %1$s/users.htpasswd
                - { address: "0.0.0.0:3129", tls: { certificate: %2$s/tls.crt, key: %2$s/tls.key,
                    client-ca: %2$s/ca.crt } }

                # What the trial began with.
                regions: [us]
                #  more will come
                mode: report-only

                # Of the machine.
                instance: trial-1
                limits: { tunnels: 500 }
                clients: []
                #  - name: example
                #    user: example

                # The end.
                """.formatted(directory, tls));
        assertThat(users).exists();
    }

    private static Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended suggest(String... options) {
        Path file = trial.writeTo(directory.resolve("trail.jsonl"));
        return run(Stream.concat(Stream.of("suggest", file.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private Configuration load(String yaml) throws Exception {
        return ConfigurationLoader.load(Files.writeString(directory.resolve("suggested.yaml"), yaml), Map.of())
                .configuration();
    }

    @Test
    void prints_what_a_fleet_used_with_comments_that_count() throws IOException {
        trial.ask(PLANE, CP, End.USED)
                .ask(PLANE, "0646a7d680.us.tp0.konghq.com:443", End.LET_THROUGH)
                .ask(Asker.at("10.0.0.8"), CP, End.OPEN)
                .ask(Asker.at("10.6.6.6"), "169.254.169.254:443", End.REFUSED);

        Ended ended = suggest();

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).isEqualTo("""
                    # Suggested by 'konnect-proxy suggest' from 4 requests, 2026-11-22 to 2026-11-23.
                    # It permits what was used: requests whose tunnel carried bytes back from a host of Konnect. Read it before you
                    # use it: whatever somebody used who should not have is in it too. Times are UTC.

                    mode: enforce

                    # What 2 clients used.
                    regions:
                      - us  # 3 tunnels of 2 clients, last 2026-11-23
                    purposes:
                      - data-plane  # 3 tunnels of 2 clients, last 2026-11-23
                    control-planes:
                      - "0646a7d680"  # 3 tunnels of 2 clients, last 2026-11-23

                    # Not suggested.
                    #   refused; a refusal justifies nothing:
                    #         1  169.254.169.254:443 by 10.6.6.6: ip_literal, last 2026-11-22
                    """);
        assertThat(Files.readString(Path.of("..", "docs", "operate.md")))
                .contains(ended.out().indent(3).replaceAll("(?m)^ +$", ""));
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void only_a_tunnel_that_carried_bytes_back_opens_a_region(End end) throws Exception {
        trial.ask(PLANE, CP, End.USED).ask(PLANE, "0646a7d680.eu.cp0.konghq.com:443", end);

        Ended ended = suggest();

        assertThat(load(ended.out()).rules().regions().stream()
                        .map(Object::toString)
                        .sorted())
                .isEqualTo(end.justifies() ? List.of("eu", "us") : List.of("us"));
        assertThat(ended.out().contains("0646a7d680.eu.cp0.konghq.com:443 by 10.0.0.7"))
                .isEqualTo(!end.justifies());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254:443",
                "10.0.0.1:443",
                "[::1]:443",
                "0x7f.1:443",
                "evil.example:443",
                "us.api.konghq.com:8443",
                "us.api.konghq.com.:443",
                "us.api.konghq.com.evil.example:443",
                "x.us.api.konghq.com:443",
                "xn--0646a7d680.us.cp0.konghq.com:443",
                "0646a7d6-0000-4000-8000-000000000000.us.cp0.konghq.com:443",
            })
    void whatever_came_of_it_only_a_host_of_konnect_is_suggested(String target) throws Exception {
        trial.ask(PLANE, CP, End.USED);
        for (End end : End.values()) {
            trial.ask(PLANE, target, end);
        }

        Ended ended = suggest();

        assertThat(ended.out().lines().filter(line -> !line.startsWith("#")))
                .noneMatch(line -> line.contains(target.substring(0, target.lastIndexOf(':'))));
        assertThat(ended.out()).contains("  " + target + " by 10.0.0.7: ");
        assertThat(load(ended.out()).enabledHosts()).hasSize(4);
    }

    @Test
    void one_client_opens_a_region_for_itself_alone() throws Exception {
        for (int plane = 1; plane <= 5; plane++) {
            trial.ask(PLANE.user("dp-" + plane), CP, End.USED);
        }
        trial.ask(PLANE.user("dp-a"), CP, End.USED).ask(PLANE.user("dp-a"), "eu.api.konghq.com:443", End.LET_THROUGH);

        Ended ended = suggest("-c", base.toString());

        assertThat(ended.out()).contains("""
                # What is enough for 5 of 6 clients, and holds for whoever has no entry below.
                regions:
                  - us  # 6 tunnels of 6 clients, last 2026-11-22
                """).contains("""
                # Users are known at a listener with credentials only, certificates at one with tls.client-ca.
                clients:
                  # 10.0.0.7 (dp-a), 2 tunnels, last 2026-11-22
                  - name: dp-a
                    user: dp-a
                    regions: [eu, us]
                    purposes: [api, data-plane]
                """);
        Configuration suggested = load(ended.out());
        assertThat(suggested.rules().regions()).hasSize(1);
        assertThat(suggested.clients().only()).isFalse();
    }

    @Test
    void a_client_that_uses_all_that_the_others_use_opens_none_of_it_for_them() throws Exception {
        for (int plane = 1; plane <= 5; plane++) {
            String own = String.format("%010x.us.cp0.konghq.com:443", plane);
            trial.ask(PLANE.user("dp-" + plane), own, End.USED).ask(PLANE.user("greedy"), own, End.LET_THROUGH);
        }
        Configuration suggested = load(suggest("-c", base.toString()).out());

        assertThat(suggested.clients().only()).isTrue();
        assertThat(suggested.clients().entries())
                .filteredOn(entry -> !entry.name().equals("greedy"))
                .hasSize(5)
                .allMatch(entry -> entry.pins().size() == 1);
    }

    @Test
    void where_no_rules_are_for_most_everybody_has_an_entry_and_nobody_else_comes_in() throws Exception {
        trial.ask(PLANE.user("dp-a"), CP, End.USED).ask(PLANE.certificate("dp-b"), "eu.api.konghq.com:443", End.USED);

        Configuration suggested = load(suggest("-c", base.toString()).out());

        assertThat(suggested.clients().only()).isTrue();
        assertThat(suggested.clients().entries()).hasSize(2);
    }

    @Test
    void a_client_with_many_addresses_does_not_outvote_the_others() throws Exception {
        for (int plane = 1; plane <= 3; plane++) {
            trial.ask(PLANE.user("dp-" + plane), CP, End.USED);
        }
        for (int address = 1; address <= 40; address++) {
            trial.ask(Asker.at("10.66.6." + address), "eu.api.konghq.com:443", End.LET_THROUGH);
            trial.ask(Asker.at("2001:db8:0:" + address + "::1"), "eu.api.konghq.com:443", End.LET_THROUGH);
        }

        Configuration suggested = load(suggest("-c", base.toString()).out());

        assertThat(suggested.rules().regions()).singleElement().hasToString("us");
        assertThat(suggested.clients().entries().stream()
                        .map(entry -> ((Match.Source) entry.match()).block().toString()))
                .containsExactly("10.66.6.0/26", "2001:db8::/57");
    }

    @Test
    void no_block_holds_an_address_that_needs_nothing() throws Exception {
        for (int plane = 1; plane <= 5; plane++) {
            trial.ask(PLANE.user("dp-" + plane), CP, End.USED);
        }
        trial.ask(Asker.at("10.1.0.4"), "eu.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.1.0.5"), "eu.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.1.0.6"), "evil.example:443", End.REFUSED)
                .ask(Asker.at("10.1.0.7"), "eu.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.1.0.8"), "eu.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.1.0.10"), "eu.api.konghq.com:443", End.USED);
        trial.lines()
                .event(
                        "refusals",
                        "\"client\":{\"address\":\"10.1.0.9\"},\"listener\":null,\"count\":9,\"reasons\":{\"ip_literal\":9},"
                                + "\"first\":\"2026-11-22T18:00:00.000000Z\",\"last\":\"2026-11-22T18:00:01.000000Z\"");

        assertThat(load(suggest("-c", base.toString()).out()).clients().entries().stream()
                        .map(entry -> entry.match().words()))
                .containsExactly(
                        "source 10.1.0.10/32", "source 10.1.0.4/31", "source 10.1.0.7/32", "source 10.1.0.8/32");
    }

    @Test
    void a_purpose_that_is_needed_for_its_own_hosts_is_pinned_to_no_tenant() throws Exception {
        trial.ask(PLANE, CP, End.USED).ask(PLANE, "us.identity.konghq.com:443", End.USED);
        Ended ended = suggest("-c", base.toString());

        assertThat(ended.out()).contains("tenants:\n  - xn--nobody  # nobody's: ");
        Files.writeString(directory.resolve("suggested.yaml"), ended.out());
        for (String tenant : List.of("acme", "nobody", "xn--nobody")) {
            assertThat(run("explain", tenant + ".us.identity.konghq.com:443", "-c", directory + "/suggested.yaml")
                            .code())
                    .isEqualTo(1);
        }
        assertThat(run("check", "--strict", "-c", directory + "/suggested.yaml").out())
                .doesNotContain("any tenant");
    }

    @Test
    void its_output_passes_a_strict_check() throws IOException {
        trial.ask(PLANE.user("dp-a"), CP, End.USED)
                .ask(PLANE.user("dp-a"), "mine.us.kongportals.com:443", End.USED)
                .ask(PLANE.user("dp-a"), "us.identity.konghq.com:443", End.USED)
                .ask(PLANE.certificate("dp-b"), "0123456789.eu.cp.konghq.com:443", End.LET_THROUGH)
                .ask(Asker.at("10.9.0.1"), "cloud.konghq.com:443", End.USED);
        Ended ended = suggest("-c", base.toString());
        assertThat(ended.code()).isZero();
        Files.writeString(directory.resolve("suggested.yaml"), ended.out());

        Ended checked = run("check", "--strict", "-c", directory + "/suggested.yaml");

        assertThat(checked.err()).isEmpty();
        // Of the machine that runs the test, and of the users' hashes.
        assertThat(checked.out().lines().filter(line -> line.startsWith("warning: ")))
                .allMatch(line -> line.matches(
                        ".*(passwords come|memory|descriptor|open files|cost|finished files|name server).*"));
    }

    @Test
    void with_a_configuration_all_other_keys_stay_as_they_are_written() throws Exception {
        trial.ask(PLANE, CP, End.USED);
        Ended ended = suggest("-c", base.toString());

        assertThat(ended.out())
                .startsWith(Files.readString(base)
                        .replace("\n# What the trial began with.\nregions: [us]\n#  more will come\n", "")
                        .replace("mode: report-only\n", "")
                        .replace("clients: []\n#  - name: example\n#    user: example\n", "")
                        .replaceAll("\n{3,}", "\n\n")
                        .substring(0, 60))
                .contains("# Of the machine.\ninstance: trial-1\nlimits: { tunnels: 500 }\n", "# The end.\n")
                .doesNotContain("\n\n\n", "report-only", "more will come", "example", "What the trial");
        assertThat(load(ended.out()).limits().tunnels()).isEqualTo(500);
    }

    @Test
    void the_shipped_configuration_can_be_completed() throws Exception {
        trial.ask(PLANE, CP, End.USED);
        Ended ended = suggest("-c", "../config/konnect-proxy.yaml");

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .doesNotContain("\n\n\n", "dp-payments", "The Konnect regions", "Your own control planes");
        assertThat(load(ended.out()).rules().pins()).singleElement().hasToString("0646a7d680");
    }

    @Test
    void a_configuration_in_braces_cannot_be_completed() throws IOException {
        trial.ask(PLANE, CP, End.USED);
        Files.writeString(base, "{ regions: [us], mode: report-only }\n");
        Ended ended = suggest("-c", base.toString());

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith(base + ":1: regions: must begin a line, so that others can be put in its place");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dp\nregions: [eu]",
                "dp\r\n# x",
                "a # b",
                "#a",
                "- a",
                "? a",
                "'quoted'",
                "\"quoted\"",
                "back\\slash",
                "\\u0041",
                "{a: b}",
                "[a]",
                "*alias",
                "&anchor",
                "!tag",
                "%directive",
                "@at",
                "`tick`",
                "a: b",
                "null",
                "true",
                "no",
                "~",
                "1e10",
                "0x10",
                "2026-11-22",
                "---",
                "...",
                "line\u2028separator",
                "paragraph\u2029separator",
                "next\u0085line",
                "nul\u0000",
                "bell\u0007",
                "bom\ufeff",
                "right\u202eto left",
                "жук",
                "\ud83d\udc1e",
                "lone\ud800",
                " blank",
                "ü",
                "*.corp",
                "\u001b[31mred",
            })
    void a_hostile_name_is_read_back_as_it_is_or_is_not_in_it(String name) throws Exception {
        trial.ask(Asker.at("10.0.0.1").user("dp-a"), CP, End.USED)
                .ask(Asker.at("10.0.0.2").user("dp-b"), CP, End.USED)
                .ask(Asker.at("10.0.0.3").user("dp-c"), CP, End.USED)
                .ask(Asker.at("10.0.0.4").user("dp-d"), CP, End.USED)
                .ask(Asker.at("10.1.0.1").user(name), "eu.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.2.0.1").certificate(name), "us.api.konghq.com:443", End.USED)
                .ask(Asker.at("10.3.0.1").user(name), name + ":443", End.REFUSED);

        Ended ended = suggest("-c", base.toString());

        assertThat(ended.code()).isZero();
        List<String> named = new ArrayList<>();
        Configuration suggested = load(ended.out());
        for (var entry : suggested.clients().entries()) {
            if (entry.match() instanceof Match.User user) {
                named.add(user.name());
            } else if (entry.match() instanceof Match.Certificate certificate) {
                named.add(certificate.name());
            }
        }
        assertThat(named).allMatch(read -> read.equals(name) || read.equals(name.toLowerCase(java.util.Locale.ROOT)));
        assertThat(suggested.clients().entries()).hasSizeBetween(2, 2);
        assertThat(suggested.rules().regions()).singleElement().hasToString("us");
        String added = ended.out().substring(ended.out().indexOf("# Suggested by"));
        assertThat(added.chars()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~') || c == 'ü');
    }

    @Test
    void a_trail_that_is_not_whole_is_said_and_ends_with_1() throws IOException {
        trial.ask(PLANE, CP, End.USED);
        trial.lines().gap(7, "no space left on device");
        trial.lines().after(trial.lines().lastSeq() + 5, "0".repeat(64));
        Path file = trial.writeTo(directory.resolve("trail.jsonl"));
        Files.writeString(file, Files.readString(file) + "{\"v\":2}\nhalf a li");

        Ended ended = run("suggest", file.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines())
                .containsExactly(
                        "trail.jsonl ends in a line that is still being written, or torn.",
                        "The trail is broken at trail.jsonl:6: Lines are missing. What comes from there on was not verified, and"
                                + " is in the suggestion.",
                        "1 line cannot be read, the first is trail.jsonl:7: it does not begin with v, trail, seq, time and"
                                + " event.",
                        "5 lines are missing: a file of the trail is not there.",
                        "7 lines were lost when the trail could not be written (gap).",
                        "The suggestion may lack something.");
        assertThat(ended.out()).contains("# NOT COMPLETE: 5 lines are missing: a file of the trail is not there.\n");
    }

    /** Whoever can edit the trail would otherwise choose what is permitted. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "edited  | trail.jsonl:5: The line was edited: its hash is not that of its bytes.",
                "removed | trail.jsonl:5: ",
                "added   | trail.jsonl:5: ",
                "moved   | trail.jsonl:5: "
            })
    void a_trail_that_was_tampered_with_is_said_and_ends_with_1(String how, String where) throws IOException {
        trial.ask(PLANE, CP, End.USED).ask(PLANE, "us.api.konghq.com:443", End.USED);
        Path file = trial.writeTo(directory.resolve("trail.jsonl"));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        switch (how) {
            case "edited" -> lines.set(4, lines.get(4).replace("us.api", "eu.api"));
            case "removed" -> lines.remove(4);
            case "added" -> lines.add(4, lines.get(2));
            default -> lines.add(4, lines.remove(5));
        }
        Files.write(file, lines);

        Ended ended = run("suggest", file.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("The trail is broken at " + where, "The suggestion may lack something.");
        assertThat(ended.out()).contains("# NOT COMPLETE: The trail is broken at " + where);
    }

    @Test
    void what_may_have_lines_and_was_not_read_is_a_doubt_and_other_files_are_named() throws IOException {
        trial.ask(PLANE, CP, End.USED);
        Path trails = Files.createDirectory(directory.resolve("trails"));
        Path file = trial.writeTo(trails.resolve("trail.jsonl"));
        Files.writeString(trails.resolve("README"), "hello\n");
        Ended named = run("suggest", trails.toString());

        assertThat(named.code()).isZero();
        assertThat(named.err()).isEqualTo(trails + "/README was passed over: no line of it is one of a trail.\n");

        Path converted = Files.writeString(
                trails.resolve("konnect-proxy.jsonl"), Files.readString(file).replace("\n", "\r\n"));
        Ended lacking = run("suggest", trails.toString());
        String doubt =
                converted + " was passed over: its lines end in CR LF, so it was converted; verify the original.";

        assertThat(lacking.code()).isEqualTo(1);
        assertThat(lacking.err()).contains(doubt);
        assertThat(lacking.out()).contains("# NOT COMPLETE: " + doubt);
    }

    @Test
    void what_is_too_much_is_said_and_ends_with_1() {
        for (int host = 0; host < 1_003; host++) {
            trial.ask(PLANE, String.format("%010x.us.cp0.konghq.com:443", host), End.USED);
        }
        Ended ended = suggest();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith(
                        "3 requests are not considered: there are more clients, or more hosts, than a suggestion can be"
                                + " about.");
        assertThat(ended.out().lines().filter(line -> line.startsWith("  - \"")))
                .hasSize(1_000);
    }

    @Test
    void a_trail_without_use_suggests_nothing() {
        trial.ask(PLANE, CP, End.REFUSED).ask(PLANE, "us.api.konghq.com:443", End.FAILED);
        Ended ended = suggest();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines())
                .containsExactly(
                        "Nothing in this trail justifies a rule: no tunnel to a host of Konnect carried bytes back.");
        assertThat(ended.out().lines()).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    @Test
    void since_a_time_only_what_was_in_use_then_counts() throws Exception {
        trial.ask(PLANE, "eu.api.konghq.com:443", End.USED);
        trial.ask(PLANE, "0646a7d680.sg.cp0.konghq.com:443", End.OPEN);
        trial.lines().later(Duration.ofDays(3));
        trial.ask(PLANE, CP, End.USED);

        assertThat(load(suggest("--since", "2026-11-24").out()).rules().regions().stream()
                        .map(Object::toString)
                        .sorted())
                .containsExactly("sg", "us");
    }

    @Test
    void what_ran_when_the_process_was_killed_counts_if_it_was_a_minute_old() throws Exception {
        trial.ask(PLANE, CP, End.OPEN);
        trial.lines().later(Duration.ofMinutes(2));
        trial.ask(PLANE, "eu.api.konghq.com:443", End.OPEN);
        trial.lines().later(Duration.ofDays(1)).start();

        assertThat(load(suggest().out()).rules().regions()).singleElement().hasToString("us");
    }

    @Test
    void hosts_of_extra_hosts_stay_the_operators() {
        trial.ask(PLANE, CP, End.USED);
        trial.lines()
                .event(
                        "tunnel",
                        "\"id\":\"e\",\"client\":{\"address\":\"10.0.0.9\",\"port\":1,\"user\":null},\"target\":"
                                + "\"kong.mirror.corp:443\",\"rule\":{\"extra_host\":\"mirror\",\"host\":\"kong.mirror.corp\"},"
                                + "\"outcome\":\"client_closed\",\"tls\":null,\"bytes_up\":1,\"bytes_down\":1,"
                                + "\"duration_ms\":1");
        assertThat(suggest().out()).contains("""
                        #   hosts of extra-hosts, which are yours to name:
                        #         1  kong.mirror.corp:443 by 10.0.0.9: client_closed, last 2026-11-22
                        """);
    }

    @Test
    void reads_lines_of_version_1_which_say_less() throws Exception {
        TrailBuilder old = new TrailBuilder().version1();
        old.start().configuration("start").permitted("1", "10.0.0.7", "us.api.konghq.com");
        old.tunnel("1", "us.api.konghq.com", "client_closed", 1_000, 2_000, 60_000);
        old.tunnel("0", "eu.api.konghq.com", "client_closed", 1_000, 2_000, 60_000);
        Ended ended = run("suggest", old.writeTo(directory.resolve("old.jsonl")).toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith("1 tunnel has no decision in these files; name the earlier ones too.");
        assertThat(load(ended.out()).rules().regions()).singleElement().hasToString("us");
    }

    @Test
    void a_variable_that_takes_precedence_is_said() {
        trial.ask(PLANE, CP, End.USED);
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                Map.of("KONNECT_PROXY_REGIONS", "eu"),
                "suggest",
                trial.writeTo(directory.resolve("trail.jsonl")).toString(),
                "-c",
                base.toString());

        assertThat(code).isZero();
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "warning: KONNECT_PROXY_REGIONS is set and takes precedence over what is suggested");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        suggest                             | 64 | 'konnect-proxy suggest' needs FILE~DIR~URL
        suggest none.jsonl                  | 1  | There is no file none.jsonl.
        suggest none.jsonl --since tomorrow | 64 | --since 'tomorrow' is no time: write 2026-11-22, 2026-11-22T18:00 (UTC), or 7d or 24h for that long ago.
        """)
    void says_in_a_sentence_what_is_wrong(String line, int code, String sentence) {
        Ended ended = run(line.split(" "));

        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).first().isEqualTo(sentence.replace('~', '|'));
    }

    @Test
    void no_block_holds_the_address_of_a_user_who_was_refused() throws Exception {
        for (int plane = 1; plane <= 5; plane++) {
            trial.ask(PLANE.user("dp-" + plane), CP, End.USED);
        }
        for (int address = 4; address <= 7; address++) {
            boolean attacks = address == 6;
            trial.ask(
                    attacks ? Asker.at("10.1.0.6").user("mallory") : Asker.at("10.1.0." + address),
                    attacks ? "169.254.169.254:443" : "eu.api.konghq.com:443",
                    attacks ? End.REFUSED : End.USED);
        }

        assertThat(load(suggest("-c", base.toString()).out()).clients().entries().stream()
                        .map(entry -> entry.match().words()))
                .containsExactly("source 10.1.0.4/31", "source 10.1.0.7/32");
    }

    @Test
    void the_addresses_of_users_take_no_place_of_clients() {
        for (int plane = 0; plane < 10_001; plane++) {
            trial.ask(Asker.at("10.1." + plane / 256 + "." + plane % 256).user("dp-" + plane), CP, End.USED);
        }

        assertThat(suggest().err()).isEmpty();
    }

    @Test
    void a_clock_that_was_ahead_makes_no_request_older_than_it_is() throws Exception {
        trial.lines().later(Duration.ofHours(1));
        trial.ask(PLANE, CP, End.USED);
        trial.lines().later(Duration.ofMinutes(-58));
        trial.ask(PLANE, "eu.api.konghq.com:443", End.OPEN);
        Path file = trial.lines().writeTo(directory.resolve("ahead.jsonl"));

        assertThat(load(run("suggest", file.toString()).out()).rules().regions())
                .singleElement()
                .hasToString("us");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "...",
                "... ",
                "... # the end",
                "# \u2028 \u0085 \u00e9",
                "\r\n# of the end\r\n...\r\n",
            })
    void whatever_ends_a_configuration_it_can_be_completed(String end) throws Exception {
        Files.writeString(base, "\ufeff---\r\nregions: [eu]\nlisten: [{ address: \"127.0.0.1:0\" }]\n" + end + "\n");
        trial.ask(PLANE, CP, End.USED);

        Ended ended = suggest("-c", base.toString());

        assertThat(ended.err()).isEmpty();
        Configuration suggested = load(ended.out());
        assertThat(suggested.rules().regions()).singleElement().hasToString("us");
        assertThat(suggested.listen()).hasSize(1);
    }

    @Test
    void lines_that_only_some_readers_break_do_not_shift_what_is_replaced() throws Exception {
        Files.writeString(
                base,
                "# \u2028 \u0085 \u2029\nlisten: [{ address: \"127.0.0.1:0\" }]\nregions: [eu]\nlimits: { tunnels: 500 }\n");
        trial.ask(PLANE, CP, End.USED);

        Configuration suggested = load(suggest("-c", base.toString()).out());

        assertThat(suggested.rules().regions()).singleElement().hasToString("us");
        assertThat(suggested.limits().tunnels()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "> "})
    void text_that_goes_on_in_further_lines_is_kept(String quote) throws Exception {
        Files.writeString(
                base,
                "listen: [{ address: \"127.0.0.1:0\" }]\ninstance: " + quote + "trial\n# 1" + quote
                        + "\nregions: [eu]\n");
        trial.ask(PLANE, CP, End.USED);

        Ended ended = suggest("-c", base.toString());

        if (ended.code() == 0) {
            assertThat(load(ended.out()).rules().regions()).singleElement().hasToString("us");
        }
    }

    @Test
    void names_that_hardly_differ_come_to_entries_that_load() throws Exception {
        String hyphens = "a".repeat(49) + "-b";
        for (String name :
                List.of("dp", "DP", "dp.", "-dp", "d p", hyphens, hyphens + "c", "\u00e9", "true", "0x1", "#a", "*a")) {
            trial.ask(PLANE.user(name), name.equals("dp") ? CP : "eu.api.konghq.com:443", End.USED);
        }

        Ended ended = suggest("-c", base.toString());

        assertThat(load(ended.out()).clients().entries()).isNotEmpty();
    }
}
