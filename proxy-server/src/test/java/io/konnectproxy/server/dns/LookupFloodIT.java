package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two clients ask for as many made-up names as they may, and the name server is silent: others do not notice. */
@Timeout(60)
@Alone
class LookupFloodIT {
    private static final int NAMES = 600;

    private final List<RawClient> flood = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (RawClient client : flood) {
            client.close();
        }
    }

    @Test
    void twelve_fresh_names_are_resolved_while_two_clients_ask_for_made_up_ones() throws Exception {
        StandInDns dns = StandInDns.start(question ->
                question.name().startsWith("made-up") ? StandInAnswer.silence() : StandInAnswer.of("127.0.0.1"));
        try (Rig rig = new Rig(
                Origin.tls(Rig.CA, Rig.HOST),
                dns,
                "dns: {servers: [\"DNS\"], timeout: 15s}\ntimeouts: {connect: 20s}\n")) {
            for (int i = 0; i < NAMES; i++) {
                flood.add(from(rig, 2).connect("made-up-a" + i + ".us.cp0.konghq.com"));
                flood.add(from(rig, 3).connect("made-up-b" + i + ".us.cp0.konghq.com"));
            }
            for (int i = 0; i < 12; i++) {
                try (RawClient honest = rig.client()) {
                    long begin = System.nanoTime();
                    assertThat(honest.connect("fresh" + i + ".us.cp0.konghq.com")
                                    .answer()
                                    .statusLine())
                            .isEqualTo("HTTP/1.1 200 Connection established");
                    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
                }
            }
        }
    }

    private static RawClient from(Rig rig, int host) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), 0));
        socket.connect(rig.address());
        return new RawClient(socket);
    }
}
