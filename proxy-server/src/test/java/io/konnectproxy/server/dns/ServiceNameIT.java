package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.UnreliableDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * A parent that is named as a Service of Kubernetes: a machine of the test's own, whose resolv.conf is a pod's and whose port 53
 * is the test's.
 */
@EnabledIf(value = "mayMakeMachines", disabledReason = "takes root, unshare and ip")
@Timeout(120)
class ServiceNameIT {
    @TempDir
    Path directory;

    static boolean mayMakeMachines() throws Exception {
        return new ProcessBuilder("unshare", "-n", "-m", "ip", "link", "set", "lo", "up")
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void is_found_by_the_search_list_of_the_pod() throws Exception {
        Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), """
                search kong.svc.cluster.local svc.cluster.local cluster.local
                nameserver 127.0.0.1
                options ndots:5
                """);
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-n",
                "-m",
                "sh",
                "-c",
                "ip link set lo up && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"",
                "sh",
                resolvConf.toString()));
        command.addAll(java(Pod.class, RunningProxy.quick()));
        command.add(directory.toString());
        command.addAll(RunningProxy.quick());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("the parent was asked: CONNECT " + Rig.HOST + ":");
        assertThat(said).contains("answered 200");
    }

    private static List<String> java(Class<?> main, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add(main.getName());
        return command;
    }

    /** The machine. */
    public static final class Pod {
        private Pod() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            try (StandInDns dns = StandInDns.start(question -> question.name().equals("squid.kong.svc.cluster.local")
                            ? StandInAnswer.of("127.0.0.1")
                            : StandInAnswer.noSuchName());
                    UnreliableDns system = new UnreliableDns(dns, 53);
                    ServerSocket parent = new ServerSocket(3128, 5, InetAddress.getLoopbackAddress())) {
                System.out.println("the system's resolver is " + system.address());
                Thread serving = new Thread(() -> serve(parent), "parent");
                serving.setDaemon(true);
                serving.start();
                Path file = Files.writeString(
                        directory.resolve("konnect-proxy.yaml"),
                        "listen: [{address: \"127.0.0.1:3129\"}]\nregions: [us]\n"
                                + "parents: [{url: \"http://squid:3128\", dns: parent}]\naudit: {file: "
                                + directory.resolve("audit.jsonl") + ", stdout: false}\n");
                List<String> command =
                        java(RunBeforeStandIn.class, List.of(arguments).subList(1, arguments.length));
                command.addAll(List.of("1", "run", "-c", file.toString()));
                Process proxy =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                try (var said = proxy.inputReader(UTF_8)) {
                    for (String line = said.readLine(); line != null; line = said.readLine()) {
                        System.out.println(line);
                        if (line.contains("listening on ")) {
                            break;
                        }
                    }
                    try (RawClient client =
                            new RawClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3129))) {
                        System.out.println(
                                "answered " + client.connect(Rig.HOST).answer().status());
                    }
                } finally {
                    proxy.destroyForcibly().waitFor();
                }
            }
            System.exit(0);
        }

        private static void serve(ServerSocket parent) {
            try (Socket client = parent.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) client.getInputStream().read());
                }
                System.out.println("the parent was asked: " + head.substring(0, head.indexOf("\r\n")));
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                client.getInputStream().read();
            } catch (IOException e) {
                System.out.println("the parent failed: " + e);
            }
        }
    }
}
