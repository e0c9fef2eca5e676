package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.doctor.Surroundings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The short way past picocli reads what picocli reads. */
class ProxyRunTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("KONNECT_PROXY_REGIONS", "us");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --watch",
                "run -c /etc/konnect-proxy/konnect-proxy.yaml",
                "run --config a.yaml",
                "run --watch -c a_b-c.2.yaml",
                "run -c ../a.yaml --watch",
            })
    void is_what_picocli_would_run(String line) {
        String[] arguments = line.split(" ", -1);
        KonnectProxyCommand.ServerStart start = ProxyServer::start;
        Optional<ProxyRun> plain = ProxyRun.plainly(start, ENVIRONMENT, arguments);
        assertThat(plain).contains(byPicocli(start, arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "check",
                "run --help",
                "run --version",
                "run -c",
                "run --watch --watch",
                "run -c a -c b",
                "run -c --watch",
                "run -c @file",
                "run -c 'a b'",
                "run -c ${sys:a}",
                "run -c=a",
                "run --config=a",
                "run -ca",
                "run a",
                "run --wath",
                "RUN",
            })
    void all_else_is_for_picocli(String line) {
        assertThat(ProxyRun.plainly(ProxyServer::start, ENVIRONMENT, line.split(" ", -1)))
                .isEmpty();
    }

    private static ProxyRun byPicocli(KonnectProxyCommand.ServerStart start, String... arguments) {
        CommandLine root = KonnectProxyCommand.of(ENVIRONMENT, start, Surroundings::ofThisMachine);
        CommandLine.ParseResult parsed = root.parseArgs(arguments).subcommand();
        return ((RunCommand) parsed.commandSpec().userObject()).asked();
    }
}
