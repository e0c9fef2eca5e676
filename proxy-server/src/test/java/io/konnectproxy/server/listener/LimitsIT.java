package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits over real sockets: silent connections count, those that are refused don't, and all of it is given back. */
class LimitsIT {
    private static Rig rig(String limits) throws Exception {
        return new Rig(Origin.tls(Rig.CA, Rig.HOST), "limits: " + limits + "\n");
    }

    @Test
    void refuses_one_connection_more_than_a_client_may_have_and_serves_it_later() throws Exception {
        try (Rig rig = rig("{tunnels-per-client: 2}")) {
            try (RawClient silent = rig.client();
                    RawClient half = rig.client().say("CONNECT ")) {
                awaitConnections(rig, 2);
                for (int i = 0; i < 3; i++) {
                    assertRefused(rig, 429, "client_tunnel_limit");
                }
                assertThat(silent.socket().isClosed() || half.socket().isClosed())
                        .isFalse();
            }
            awaitConnections(rig, 0);
            assertThat(rig.served()).isEqualTo("served");
            assertThat(rig.audit().decisions().stream()
                            .filter(line -> AuditLines.text(line, "reason").equals("client_tunnel_limit")))
                    .hasSize(3);
        }
    }

    @Test
    void refuses_one_connection_more_than_there_may_be_in_all() throws Exception {
        try (Rig rig = rig("{tunnels: 1, tunnels-per-client: 1}")) {
            try (Socket other = from(rig, 2)) {
                awaitConnections(rig, 1);
                assertRefused(rig, 503, "tunnel_limit");
                assertThat(other.isClosed()).isFalse();
            }
            awaitConnections(rig, 0);
            assertThat(rig.served()).isEqualTo("served");
        }
    }

    /** A client that is over its own limit must not use up what is there for all. */
    @Test
    void serves_others_while_a_client_over_its_limit_keeps_coming() throws Exception {
        try (Rig rig = rig("{tunnels: 3, tunnels-per-client: 1}")) {
            List<Socket> greedy = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = from(rig, 2);
                greedy.add(socket);
                if (i == 0) {
                    // Two connections may be counted by two event loops, in either order.
                    awaitConnections(rig, 1);
                } else {
                    String reply = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                    assertThat(reply).isEqualTo("HTTP/1.1 429");
                }
            }
            assertThat(rig.served()).isEqualTo("served");
            for (Socket socket : greedy) {
                socket.close();
            }
            awaitConnections(rig, 0);
        }
    }

    private static void assertRefused(Rig rig, int status, String reason) throws Exception {
        try (RawClient client = rig.client()) {
            Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.reason()).isEqualTo(reason);
            assertThat(answer.header("Retry-After")).contains("10");
            assertThat(client.atEnd()).isTrue();
            String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
            assertThat(rig.audit().decisionOf(id).path("target").isNull()).isTrue();
        }
    }

    /** A connection from 127.0.0.{@code host}: another client than 127.0.0.1. */
    private static Socket from(Rig rig, int host) throws Exception {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), 0));
        socket.setSoTimeout(5_000);
        socket.connect(rig.address());
        return socket;
    }

    private static void awaitConnections(Rig rig, int wanted) {
        Await.until(wanted + " connections are counted", () -> rig.proxy().connections() == wanted);
    }
}
