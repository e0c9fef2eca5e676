package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first tunnels of a process, which has loaded no class of their path yet. */
@Alone
class ColdStartIT {
    /** Kong waits 5 s. */
    private static final Duration IN_TIME = Duration.ofMillis(4900);

    @TempDir
    private Path directory;

    @Test
    void the_first_clients_have_their_answer_in_time_where_all_parents_are_silent() throws Exception {
        try (StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
                ServerSocket first = silent();
                ServerSocket second = silent();
                RunningProxy proxy = RunningProxy.start(directory, dns, 443, List.of("-XX:+UseSerialGC"), """
                        dns: {servers: ["DNS"]}
                        parents: [{url: "http://127.0.0.1:%d"}, {url: "http://127.0.0.1:%d"}]
                        """.formatted(
                                first.getLocalPort(), second.getLocalPort()))) {
            long begun = System.nanoTime();
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(new RawClient(proxy.address()).connect(Rig.HOST));
            }
            for (RawClient client : clients) {
                assertThat(client.answer().status()).isEqualTo(504);
                client.close();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(IN_TIME);
        }
    }

    private static ServerSocket silent() throws Exception {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
