package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.konnectproxy.support.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With whatever the system lets it have, the program serves and can be stopped, or ends with a sentence that says what it lacks. */
@EnabledOnOs(OS.LINUX)
class LowLimitsIT {
    private static final String THREADS = "The system lets this process start no more threads.";
    private static final String FILES = "This process may open too few files to start.";

    @TempDir
    private Path directory;

    @Test
    void too_few_files_to_start_are_said() throws Exception {
        Outcome outcome = run("ulimit -n 16");
        assertThat(outcome.exitCode()).as("%s", outcome.said()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.said()).anyMatch(line -> line.contains(FILES));
        assertSpeaksPlainly(outcome);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 64, 256})
    void few_files_suffice_for_few_connections(int files) throws Exception {
        Outcome outcome = run("ulimit -n " + files);
        assertThat(outcome.exitCode()).as("%s", outcome.said()).isEqualTo(ExitCode.OK);
        assertThat(outcome.answered()).isEqualTo(Optional.of(403));
        assertThat(outcome.said()).anyMatch(line -> line.contains("may open " + files + " files only"));
        assertSpeaksPlainly(outcome);
    }

    /** How many threads a JVM has of its own differs from one to the next, so it may be either. */
    @ParameterizedTest
    @ValueSource(ints = {18, 22, 26, 34, 42, 80})
    void any_number_of_threads_suffices_or_is_said_to_be_too_low(int threads) throws Exception {
        Path group = controlGroup(threads);
        try {
            Outcome outcome = run("echo $$ > " + group.resolve("cgroup.procs"));
            assertSpeaksPlainly(outcome);
            if (outcome.said().stream().anyMatch(line -> line.contains(THREADS))) {
                assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
                assertThat(threads).isLessThan(80);
            } else {
                assertThat(outcome.exitCode()).as("%s", outcome.said()).isEqualTo(ExitCode.OK);
                assertThat(outcome.answered()).isEqualTo(Optional.of(403));
            }
        } finally {
            Files.delete(group);
        }
    }

    private static void assertSpeaksPlainly(Outcome outcome) {
        assertThat(outcome.said())
                .noneMatch(
                        line -> line.startsWith("\tat ") || line.contains("Exception") || line.contains("[warning]"));
    }

    /** A control group that lets its processes have so many threads; skips the test where none can be made. */
    private Path controlGroup(int threads) throws IOException {
        for (String parent : List.of("/sys/fs/cgroup/pids", "/sys/fs/cgroup")) {
            Path group = Path.of(
                    parent, "konnect-proxy-test-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(group);
            } catch (IOException e) {
                continue;
            }
            if (Files.exists(group.resolve("pids.max"))) {
                Files.writeString(group.resolve("pids.max"), Integer.toString(threads));
                return group;
            }
            Files.delete(group);
        }
        assumeTrue(false, "no control group can be made");
        throw new AssertionError();
    }

    /**
     * What became of a run that was asked to end as soon as it had answered.
     *
     * @param answered the status; empty if it ended by itself
     */
    private record Outcome(List<String> said, Optional<Integer> answered, int exitCode) {}

    private Outcome run(String limit) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:0"}]
                regions: [us]
                dns: {servers: ["127.0.0.1:9"]}
                admin: {address: "127.0.0.1:0"}
                audit: {file: "%s", stdout: false}
                """.formatted(directory.resolve("audit.jsonl")));
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        limit + "; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("..", "config", "jvm.options"),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        "target/konnect-proxy.jar",
                        "run",
                        "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            List<String> said = new ArrayList<>();
            Optional<Integer> answered = Optional.empty();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (line.contains("can carry ")) {
                    answered = Optional.of(ask(port(said)));
                    assertThat(process.toHandle().destroy()).isTrue();
                }
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("%s", said).isTrue();
            return new Outcome(said, answered, process.exitValue());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static int port(List<String> said) {
        return said.stream()
                .filter(line -> line.contains("listening on "))
                .map(line -> line.replaceAll(".*listening on 127\\.0\\.0\\.1:(\\d+).*", "$1"))
                .map(Integer::valueOf)
                .findFirst()
                .orElseThrow();
    }

    private static int ask(int port) throws Exception {
        try (RawClient client = new RawClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return client.connect("example.com").answer().status();
        }
    }
}
