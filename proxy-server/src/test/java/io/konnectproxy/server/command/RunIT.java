package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.RunningProxy;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as operators meet it: a process, its exit code, and what it says on standard error. */
class RunIT {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    /** Of every line on standard error. */
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";

    private static final String FORM = TIME + " (INFO  |WARN  |ERROR )\\S.*";

    @TempDir
    private Path directory;

    /** A process that ended: its exit code and what it said on both streams. */
    private record Ended(int code, String said) {}

    @Test
    void drains_on_sigterm_and_exits_with_0() throws Exception {
        Process process = run(configuration("127.0.0.1:0", audit()));
        try (BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            List<String> lines = new ArrayList<>();
            int port = awaitPort(said, lines);
            try (Socket client = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
                client.getOutputStream()
                        .write("CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\n\r\n".getBytes(UTF_8));
                assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 403 Host is not a Konnect host\r\n");
            }
            process.toHandle().destroy();
            said.lines().forEach(lines::add);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(lines)
                    .allMatch(line -> line.matches(FORM))
                    .anyMatch(line -> line.matches(".*draining, \\d open connections.*"))
                    .anyMatch(line -> line.contains("us"))
                    .anyMatch(line -> line.matches(TIME + " WARN  any tenant's control plane is reachable; .*"))
                    .anyMatch(line -> line.contains(audit().toString()));
            assertThat(Files.readString(audit()))
                    .contains(
                            "\"event\":\"start\"",
                            "\"reason\":\"host_not_konnect\"",
                            "\"event\":\"drain\"",
                            "\"event\":\"stop\"");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void says_in_one_sentence_that_a_port_is_taken_and_exits_with_1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Ended ended = ended(run(configuration(address, audit())));
            assertThat(ended.code).isEqualTo(1);
            assertThat(ended.said.lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains(address) && line.contains("in use"));
        }
    }

    @Test
    void refuses_to_start_without_a_writable_audit_file_and_says_why() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Ended ended = ended(run(configuration("127.0.0.1:0", file.resolve("audit.jsonl"))));
        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.said.lines()).hasSize(1).allMatch(line -> line.contains(file + "/audit.jsonl"));
    }

    @Test
    void leaves_the_audit_file_of_another_proxy_alone() throws Exception {
        Process first = run(configuration("127.0.0.1:0", audit()));
        try (BufferedReader said = new BufferedReader(new InputStreamReader(first.getInputStream(), UTF_8))) {
            awaitPort(said, new ArrayList<>());
            Ended second = ended(run(configuration("127.0.0.1:0", audit())));
            assertThat(second.code).isEqualTo(1);
            assertThat(second.said.lines()).hasSize(1).allMatch(line -> line.contains("another proxy writes it"));
        } finally {
            first.destroyForcibly();
        }
    }

    @Test
    void lists_every_problem_of_a_wrong_configuration_and_exits_with_78() throws Exception {
        Path file = Files.writeString(
                directory.resolve("wrong.yaml"), "regions: [uss]\nlisten: [{address: nowhere}]\nmoed: enforce\n");
        Ended ended = ended(run(file));
        assertThat(ended.code).isEqualTo(78);
        assertThat(ended.said.lines())
                .hasSizeGreaterThanOrEqualTo(3)
                .anyMatch(line -> line.contains("wrong.yaml:1") && line.contains("'us'"))
                .anyMatch(line -> line.contains("wrong.yaml:2"))
                .anyMatch(line -> line.contains("wrong.yaml:3") && line.contains("mode"));
    }

    @Test
    void says_that_the_trail_cannot_be_signed_and_exits_with_78() throws Exception {
        Path file = Files.writeString(
                directory.resolve("wrong.yaml"),
                "regions: [uss]\nlisten: [{address: '127.0.0.1:0'}]\naudit: {file: " + audit()
                        + ", sign: {key: nofile.pem}}\n");
        Ended ended = ended(run(file));
        assertThat(ended.code).isEqualTo(78);
        assertThat(ended.said.lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("wrong.yaml:1: "))
                .anyMatch(line -> line.contains("wrong.yaml:3: audit.sign.key: 'nofile.pem' does not exist"));
    }

    @Test
    void says_that_the_configuration_is_missing_and_exits_with_78() throws Exception {
        Ended ended = ended(run(directory.resolve("nothing.yaml")));
        assertThat(ended.code).isEqualTo(78);
        assertThat(ended.said).contains("nothing.yaml").contains("-c");
    }

    /** In a terminal of its own, which 'script' of util-linux makes. */
    private String seenOnATerminal(String stdout, Map<String, String> environment) throws Exception {
        Path configuration = Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:0"}]
                regions: [us]
                audit: {file: "%s", stdout: %s}
                admin: {address: "127.0.0.1:0"}
                """.formatted(audit(), stdout));
        ProcessBuilder builder = onTerminal(environment, "run", "-c", configuration.toString());
        Process process = builder.start();
        StringBuilder seen = new StringBuilder();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            List<String> lines = new ArrayList<>();
            awaitPort(said, lines);
            lines.forEach(line -> seen.append(line).append('\n'));
            // Ctrl-C
            process.getOutputStream().write(3);
            process.getOutputStream().flush();
            said.lines().forEach(line -> seen.append(line).append('\n'));
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return seen.toString();
        } finally {
            process.destroyForcibly();
        }
    }

    private static ProcessBuilder onTerminal(Map<String, String> environment, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", String.join(" ", java(arguments)), "/dev/null")
                .redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        return builder;
    }

    @Test
    void shows_records_in_the_demonstration_on_a_terminal() throws Exception {
        Ended ended = seen(onTerminal(Map.of(), "demo").start());
        assertThat(ended.code).isZero();
        assertThat(ended.said)
                .containsPattern("  audit   " + TIME + "  \u001b\\[32mPERMITTED    \u001b\\[0m  127\\.0\\.0\\.1 ")
                .doesNotContain("\"event\"");
    }

    @Test
    void shows_records_for_people_on_a_terminal() throws Exception {
        assertThat(seenOnATerminal("true", Map.of()))
                .contains("\u001b[36mstart        \u001b[0m  version ", "\u001b[36mstop")
                .doesNotContain("\"event\"");
    }

    @Test
    void shows_them_without_colours_where_nobody_wants_colours() throws Exception {
        assertThat(seenOnATerminal("true", Map.of("NO_COLOR", "1")))
                .contains("  start          version ")
                .doesNotContain("\u001b", "\"event\"");
    }

    @Test
    void shows_the_lines_themselves_on_a_terminal_where_that_is_asked_for() throws Exception {
        assertThat(seenOnATerminal("json", Map.of())).contains("\"event\":\"start\"", "\"event\":\"stop\"");
    }

    private Path audit() {
        return directory.resolve("audit.jsonl");
    }

    private Path configuration(String listen, Path audit) throws Exception {
        return Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "%s"}]
                regions: [us]
                audit: {file: "%s", stdout: false}
                admin: {address: "127.0.0.1:0"}
                """.formatted(listen, audit));
    }

    private static Process run(Path configuration) throws Exception {
        return new ProcessBuilder(java("run", "-c", configuration.toString()))
                .redirectErrorStream(true)
                .start();
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(RunningProxy.quick());
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static int awaitPort(BufferedReader said, List<String> lines) throws Exception {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                return Integer.parseInt(listening.group(1));
            }
        }
        throw new AssertionError("it never listened: " + lines);
    }

    private static Ended ended(Process process) throws Exception {
        Ended ended = seen(process);
        assertThat(ended.said.lines()).allMatch(line -> line.matches(FORM));
        return ended;
    }

    private static Ended seen(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), said);
    }
}
