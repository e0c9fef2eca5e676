package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.soak.EchoOrigin;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.TlsToProxy;
import io.konnectproxy.support.TrustingAnybody;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection takes in each of its phases is no more than what it is counted for. */
class ConnectionCostIT {
    private static final String PROXY = "proxy.example.com";
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final byte[] LARGEST = Hellos.padded(Rig.HOST, 1 << 14);
    private static final int PLAIN = Capacity.CONNECTION;
    private static final int TLS = PLAIN + Capacity.TLS;
    private static final int HANDSHAKE = TLS + Capacity.HANDSHAKE;
    private static final String CONFIGURATION = """
            dns: {servers: ["DNS"]}
            limits: {pending-per-client: 5000, tunnels-per-client: 5000}
            timeouts: {head: 5m, client-hello: 5m}
            """;

    @TempDir
    private Path directory;

    private final StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        leave();
        dns.close();
    }

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas that capture nothing.
    private enum Phase {
        SILENT(PLAIN, proxy -> new RawClient(proxy.address())),
        BEFORE_HELLO(PLAIN, proxy -> connected(new RawClient(proxy.address()))),
        OPEN(PLAIN, proxy -> connected(new RawClient(proxy.address())).say(HELLO)),
        OPEN_AFTER_THE_LARGEST_HELLO(
                PLAIN, proxy -> connected(new RawClient(proxy.address())).say(LARGEST)),
        SILENT_TLS(TLS, proxy -> new RawClient(proxy.address())),
        IN_HANDSHAKE(HANDSHAKE, proxy -> new RawClient(proxy.address()).say(LARGEST)),
        IN_HANDSHAKE_RECORD(
                HANDSHAKE, proxy -> new RawClient(proxy.address()).say(Arrays.copyOf(LARGEST, LARGEST.length - 1))),
        OPEN_TLS(TLS, proxy -> connected(tls(proxy)).say(HELLO));

        private final int counted;
        private final boolean tls;
        private final Coming coming;

        Phase(int counted, Coming coming) {
            this.counted = counted;
            this.tls = counted > Capacity.CONNECTION;
            this.coming = coming;
        }
    }

    private interface Coming {
        RawClient to(RunningProxy proxy) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void takes_no_more_than_it_is_counted_for(Phase phase) throws Exception {
        int connections = phase.tls ? 200 : 500;
        try (EchoOrigin origin = new EchoOrigin();
                RunningProxy proxy = start(origin, phase.tls ? listener() : "")) {
            come(proxy, phase, 20);
            // What the JVM needs for the first answer to that stays: 0.8 MB with JDK 25.
            proxy.liveHeapAndBuffers();
            long before = proxy.liveHeapAndBuffers();
            come(proxy, phase, connections);
            long each = (proxy.liveHeapAndBuffers() - before) / connections;
            assertThat(each).isLessThan(phase.counted);
            leave();
        }
    }

    private void come(RunningProxy proxy, Phase phase, int connections) throws Exception {
        for (int i = 0; i < connections; i++) {
            clients.add(phase.coming.to(proxy));
        }
        // The last client gets the last answer.
        connected(phase.tls ? tls(proxy) : new RawClient(proxy.address())).close();
    }

    private void leave() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    private RunningProxy start(EchoOrigin origin, String listener) throws Exception {
        // What a connection takes is no matter of speed.
        List<String> jvm = new ArrayList<>(
                List.of("@" + Path.of("..", "config", "jvm.options"), "-XX:NativeMemoryTracking=summary"));
        jvm.addAll(RunningProxy.quick());
        return RunningProxy.start(directory, dns, origin.socket().getLocalPort(), jvm, "", CONFIGURATION, listener);
    }

    private String listener() {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), true, UTF_8);
        String files = directory.resolve("tls").toString();
        assertThat(KonnectProxyCommand.execute(nowhere, nowhere, Map.of(), "certificate", PROXY, "--out", files))
                .isZero();
        return ", tls: {certificate: \"" + files + "/tls.crt\", key: \"" + files + "/tls.key\"}";
    }

    private static RawClient connected(RawClient client) throws Exception {
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client;
    }

    private static RawClient tls(RunningProxy proxy) throws Exception {
        return new RawClient(new TlsToProxy(TrustingAnybody.context(), PROXY, false).createSocket(proxy.address()));
    }
}
