package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.support.RunningProxy;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program where /etc/resolv.conf is one that the readers of Netty and of the JDK break at: in a mount namespace of its own,
 * which takes root to make.
 */
@EnabledIf("mayMount")
@Timeout(120)
class HostileResolvConfIT {
    @TempDir
    Path directory;

    static boolean mayMount() throws Exception {
        return new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0;
    }

    @ParameterizedTest(name = "{0}, dns.servers: {1}")
    @CsvSource({
        "nameserver fe80::1%wlan99, false, this machine has no interface 'wlan99'",
        "nameserver fe80::1%wlan99, true, ''",
        "# \u00e9\u00ff, false, ''",
        "nameserver 1.2.3.4:5x\u00e9, true, ''",
        "options ndots:x timeout:\u00ff attempts:, false, ''"
    })
    void starts_and_says_what_it_cannot_use(String line, boolean configured, String told) throws Exception {
        Path resolvConf = Files.write(directory.resolve("resolv.conf"), (line + "\n").getBytes(ISO_8859_1));
        Path file = Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                "listen: [{address: \"127.0.0.1:0\"}]\nregions: [us]\nadmin: {address: \"127.0.0.1:0\"}\naudit: {file: "
                        + directory.resolve("audit.jsonl") + ", stdout: false}\n"
                        + (configured ? "dns: {servers: [\"127.0.0.1:9\"]}\n" : ""));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"",
                "sh",
                resolvConf.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(RunningProxy.quick());
        command.addAll(List.of(RunBeforeStandIn.class.getName(), "1", "run", "-c", file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String each = output.readLine(); each != null; each = output.readLine()) {
                said.add(each);
                if (each.contains("listening on ")) {
                    assertThat(process.toHandle().destroy()).isTrue();
                }
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(said).anySatisfy(each -> assertThat(each).contains("listening on 127.0.0.1:"));
        assertThat(process.exitValue()).as(said.toString()).isZero();
        assertThat(said).noneSatisfy(each -> assertThat(each).contains("Exception"));
        assertThat(said)
                .filteredOn(each -> each.contains("/etc/resolv.conf"))
                .hasSize(told.isEmpty() ? 0 : 1)
                .allSatisfy(each ->
                        assertThat(each).contains("/etc/resolv.conf, line 1: ").contains(told));
    }
}
