package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.doctor.Patience;
import io.konnectproxy.server.doctor.Surroundings;
import io.konnectproxy.server.tls.Authorities;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RunningProxy;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code doctor} on a machine whose network or disk has a fault: namespaces of the test's own, in which Konnect has public
 * addresses and port 443.
 */
@EnabledIf(value = "mayMakeNetworks", disabledReason = "takes root, unshare, ip and iptables")
@Timeout(120)
class DoctorNetworkIT {
    private static final String IPV4 = "3.33.1.1";
    private static final String IPV6 = "2600:9000:1::1";
    /** What the machine has: Konnect's addresses, on its loopback interface. Undoes every fault. */
    private static final String WELL =
            "umount DIRECTORY/audit 2>/dev/null; iptables -F; ip6tables -F; ip link set lo up;"
                    + " ip route del prohibit IPV4 2>/dev/null; ip addr replace IPV4/32 dev lo;"
                    + " ip addr replace IPV6/128 dev lo nodad";

    /** One machine, which has one fault after the other. */
    private static Process machine;

    @TempDir
    private static Path directory = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectory(directory.resolve("audit"));
        machine = process(filled(WELL), Machine.class.getName(), directory.toString());
    }

    @AfterAll
    static void stop() throws Exception {
        machine.getOutputStream().close();
        assertThat(machine.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    static boolean mayMakeNetworks() throws Exception {
        return Programs.onPath("unshare")
                && Programs.onPath("ip")
                && Programs.onPath("iptables")
                && new ProcessBuilder("unshare", "-n", "-m", "iptables", "-A", "OUTPUT", "-d", "3.3.3.3", "-j", "DROP")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        nothing is wrong         | true                                                    | ok tls        | of the public authority
        a firewall drops         | iptables -A OUTPUT -d IPV4 -p tcp -j DROP && ip6tables -A OUTPUT -d IPV6 -p tcp -j DROP | fail tcp | A firewall drops what is sent there
        a firewall resets        | iptables -A OUTPUT -d IPV4 -p tcp --dport 443 -j REJECT --reject-with tcp-reset && ip addr del IPV6/128 dev lo | fail tcp | A firewall rejects the connection
        a firewall says ICMP     | iptables -A OUTPUT -d IPV4 -p tcp -j REJECT --reject-with icmp-host-unreachable && ip addr del IPV6/128 dev lo | fail tcp | IPV4 is unreachable
        a route forbids          | ip addr del IPV4/32 dev lo && ip route add prohibit IPV4 && ip addr del IPV6/128 dev lo | fail tcp | IPV4 is forbidden by this machine
        no route                 | ip addr del IPV4/32 dev lo && ip addr del IPV6/128 dev lo | fail tcp      | IPV4 is unreachable
        IPv6 is dropped          | ip6tables -A OUTPUT -d IPV6 -p tcp -j DROP              | warn tcp      | IPv6 leads nowhere from here, and IPv4 works
        IPv6 has no route        | ip addr del IPV6/128 dev lo                             | warn tcp      | IPv6 leads nowhere from here, and IPv4 works
        the resolver is cut off  | iptables -A INPUT -p udp -j DROP                       | fail resolvers | No resolver answered
        the disk is full         | mount -t tmpfs -o size=64k tmpfs DIRECTORY/audit        | fail audit    | the trail will soon be unwritable
        """)
    void tells_what_is_wrong(String name, String fault, String expected, String came) throws Exception {
        machine.getOutputStream().write((filled(WELL + "; " + fault) + "\n").getBytes(UTF_8));
        machine.getOutputStream().flush();
        BufferedReader reader = machine.inputReader(UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.equals("."); line = reader.readLine()) {
            said.append(line).append('\n');
        }
        expect(said.toString(), expected, filled(came));
    }

    @Test
    void few_files_may_be_opened(@TempDir Path its) throws Exception {
        String said = run(filled(WELL) + "; ulimit -n 256", Machine.class.getName(), its.toString());
        expect(said, "warn capacity", "may open 256 files only");
    }

    private static void expect(String said, String expected, String came) {
        String step = expected.split(" ", -1)[1];
        String report = said.lines()
                .filter(line -> line.matches("(ok|warn|fail) " + step + " .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said));
        assertThat(report).as(said).startsWith(expected).contains(came);
        assertThat(said).doesNotContain("Internal error");
    }

    @Test
    void a_machine_without_a_network_is_told_after_what_needs_none(@TempDir Path its) throws Exception {
        Path file = Files.writeString(
                its.resolve("konnect-proxy.yaml"),
                "regions: [us]\npurposes: [api]\naudit: {file: \"" + its.resolve("a.jsonl") + "\"}\n");
        assertThat(run("true", Main.class.getName(), "doctor", "-c", file.toString()))
                .contains("ok    audit")
                .contains("FAIL  tcp")
                .contains("This machine has no network interface that is up");
    }

    /** What a program says on a machine without a network, after some commands. */
    private static String run(String commands, String... program) throws Exception {
        Process process = process(commands, program);
        process.getOutputStream().write((filled(WELL) + "\n").getBytes(UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static Process process(String commands, String... program) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "-m", "sh", "-c"));
        command.add(commands + " && exec \"$@\"");
        command.addAll(List.of(
                "sh", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(RunningProxy.quick());
        command.addAll(List.of(program));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String filled(String text) {
        return text.replace("IPV4", IPV4).replace("IPV6", IPV6).replace("DIRECTORY", directory.toString());
    }

    /** Konnect and a name server on that machine, and {@code doctor} after each line of commands: a line for each step. */
    public static final class Machine {
        private Machine() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            ThrowawayCa ca = new ThrowawayCa();
            try (StandInDns dns = StandInDns.start(question -> DoctorRig.known(question, IPV4, IPV6))) {
                for (String address : List.of(IPV4, IPV6)) {
                    serve(ca, address);
                }
                Path file = Files.writeString(
                        directory.resolve("konnect-proxy.yaml"),
                        "regions: [us]\npurposes: [api]\nlisten: [{address: \"127.0.0.1:0\"}]\nlimits: {tunnels: 200}\n"
                                + "admin: {address: \"127.0.0.1:9\"}\naudit: {file: \""
                                + directory.resolve("audit/a.jsonl")
                                + "\", stdout: false}\ndns: {timeout: 1s, servers: [\""
                                + NetUtil.toSocketAddressString(dns.address()) + "\"]}\npermit-addresses: [" + IPV4
                                + "/32, \"" + IPV6 + "/128\"]\n");
                BufferedReader faults = new BufferedReader(new InputStreamReader(System.in, UTF_8));
                for (String fault = faults.readLine(); fault != null; fault = faults.readLine()) {
                    prepare(fault);
                    examine(file, ca);
                    System.out.println(".");
                }
                System.exit(0);
            }
        }

        private static void prepare(String commands) throws Exception {
            new ProcessBuilder("sh", "-c", commands).inheritIO().start().waitFor();
        }

        private static void examine(Path file, ThrowawayCa ca) {
            StringWriter out = new StringWriter();
            KonnectProxyCommand.execute(
                    ProxyServer::start,
                    () -> new Surroundings(
                            UnaryOperator.identity(),
                            Authorities.of(ca.certificate(), List.of()),
                            InstantSource.system(),
                            new Patience(Duration.ofSeconds(1), Duration.ofSeconds(5))),
                    out,
                    new PrintWriter(System.out, true, UTF_8),
                    Map.of(),
                    "doctor",
                    "-c",
                    file.toString(),
                    "--output",
                    "json");
            new JsonMapper()
                    .readTree(out.toString())
                    .path("steps")
                    .forEach(step -> System.out.println(step.path("result").asString() + " "
                            + step.path("step").asString() + " "
                            + step.path("came").asString()));
        }

        private static void serve(ThrowawayCa ca, String address) throws Exception {
            InetAddress local = NetUtil.createInetAddressFromIpAddressString(address);
            SSLServerSocket listener = (SSLServerSocket) ca.serverContext(List.of(DoctorRig.API))
                    .getServerSocketFactory()
                    .createServerSocket(443, 5, local);
            Thread thread = new Thread(
                    () -> {
                        while (true) {
                            try (Socket client = listener.accept()) {
                                client.getInputStream().read(new byte[4096]);
                            } catch (IOException e) {
                                // Its question is answered by the handshake.
                            }
                        }
                    },
                    "konnect");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
