package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Programs;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Machines that have one family of addresses: a network namespace of the test's own, with nothing but a loopback interface, in
 * which a name server, an upstream, a client and the program run. All of them listen as the shipped manifests do, on [::].
 */
@EnabledIf(value = "mayMakeNetworks", disabledReason = "takes root, unshare and ip")
@Timeout(120)
class OneFamilyIT {
    private static final String IPV6_ONLY = "ip link set lo up && ip addr del 127.0.0.1/8 dev lo";
    private static final String IPV4_ONLY =
            "mount -t proc proc /proc; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up";

    @TempDir
    Path directory;

    static boolean mayMakeNetworks() throws Exception {
        return Programs.onPath("unshare")
                && Programs.onPath("ip")
                && new ProcessBuilder("unshare", "-n", "-m", "ip", "link", "set", "lo", "up")
                                .start()
                                .waitFor()
                        == 0;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"IPv6, ::1, [::]", "IPv4, 127.0.0.1, 0.0.0.0"})
    void runs_from_end_to_end(String family, String loopback, String listening) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-n",
                "-m",
                "sh",
                "-c",
                (family.equals("IPv6") ? IPV6_ONLY : IPV4_ONLY) + " && exec \"$@\"",
                "sh"));
        command.addAll(java());
        command.addAll(RunningProxy.quick());
        command.add("-Djava.net.preferIPv6Addresses=" + family.equals("IPv6"));
        command.addAll(List.of(Machine.class.getName(), loopback, directory.toString()));
        command.addAll(RunningProxy.quick());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("listening on " + listening + ":").contains("served over " + loopback);
        assertThat(process.exitValue()).isZero();
    }

    private static List<String> java() {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
    }

    /** What surrounds the proxy on that machine. */
    public static final class Machine {
        private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+)");

        private Machine() {}

        public static void main(String[] arguments) throws Exception {
            InetAddress loopback = NetUtil.createInetAddressFromIpAddressString(arguments[0]);
            Path directory = Path.of(arguments[1]);
            try (StandInDns dns = StandInDns.start(question -> StandInAnswer.of(arguments[0]));
                    ServerSocket origin = new ServerSocket(0, 5, loopback)) {
                Thread echoing = new Thread(() -> echo(origin), "origin");
                echoing.setDaemon(true);
                echoing.start();
                List<String> jvm = List.of(arguments).subList(2, arguments.length);
                Process proxy = proxy(directory, dns, origin.getLocalPort(), jvm);
                try (BufferedReader said = new BufferedReader(new InputStreamReader(proxy.getInputStream(), UTF_8))) {
                    serve(new InetSocketAddress(loopback, port(said)));
                    System.out.println("served over " + arguments[0]);
                } finally {
                    proxy.destroyForcibly().waitFor();
                }
            }
            System.exit(0);
        }

        private static Process proxy(Path directory, StandInDns dns, int originPort, List<String> jvm)
                throws IOException {
            Path file = Files.writeString(
                    directory.resolve("konnect-proxy.yaml"),
                    "listen: [{address: \"[::]:0\"}]\nadmin: {address: \"[::]:0\"}\nregions: [us]\n"
                            + "permit-addresses: [127.0.0.0/8, \"::1/128\"]\naudit: {file: "
                            + directory.resolve("audit.jsonl") + ", stdout: false}\ndns: {servers: [\""
                            + NetUtil.toSocketAddressString(dns.address()) + "\"]}\n");
            List<String> command = java();
            command.addAll(jvm);
            command.addAll(List.of(
                    RunBeforeStandIn.class.getName(), Integer.toString(originPort), "run", "-c", file.toString()));
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }

        private static int port(BufferedReader said) throws IOException {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                System.out.println(line);
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    return Integer.parseInt(listening.group(1));
                }
            }
            throw new IllegalStateException("the proxy ended");
        }

        private static void serve(InetSocketAddress proxy) throws IOException {
            try (RawClient client = new RawClient(proxy)) {
                int status = client.connect(Rig.HOST).answer().status();
                byte[] hello = Hellos.naming(Rig.HOST);
                client.say(hello);
                byte[] back = client.socket().getInputStream().readNBytes(hello.length);
                if (status != 200 || !Arrays.equals(back, hello)) {
                    throw new IllegalStateException("not served: " + status);
                }
            }
        }

        private static void echo(ServerSocket origin) {
            try (Socket client = origin.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                System.out.println("the origin failed: " + e);
            }
        }
    }
}
