package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.RawClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time to connect is one for all addresses of a name together. 127.0.0.2 is an address that answers nothing. */
class DialBudgetTest {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final TestTrail trail = TestTrail.taking();
    private final List<Socket> fillers = new ArrayList<>();
    private Origin origin;
    private ServerSocket silent;

    /** A listener whose queue is full: the kernel drops what would connect. */
    @BeforeEach
    void open() throws IOException {
        origin = Origin.plain(upstream -> upstream.getInputStream().readAllBytes());
        silent = new ServerSocket(origin.port(), 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
        while (fillers.size() < 64) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(silent.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        silent.close();
        origin.close();
    }

    private TunnelRig rig(String... addresses) throws Exception {
        return new TunnelRig(
                trail, TunnelRig.at(addresses), origin.port(), "timeouts: {connect: " + CONNECT.toMillis() + "ms}\n");
    }

    @Test
    void reaches_the_second_address_in_time_when_the_first_is_silent() throws Exception {
        try (TunnelRig rig = rig("127.0.0.2", "127.0.0.1");
                RawClient client = rig.client()) {
            // Later than the time to connect there would be a 504.
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.socket().close();
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("client_closed");
        }
        assertThat(origin.accepted()).isEqualTo(1);
    }

    @Test
    void gives_up_in_time_however_many_addresses_are_silent() throws Exception {
        String[] addresses = new String[30];
        Arrays.fill(addresses, "127.0.0.2");
        try (TunnelRig rig = rig(addresses);
                RawClient client = rig.client()) {
            long begun = System.nanoTime();
            Answer answer = client.connect(Rig.HOST).answer();
            assertThat(System.nanoTime() - begun)
                    .isBetween(CONNECT.toNanos(), CONNECT.multipliedBy(2).toNanos());
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.reason()).isEqualTo("connect_timeout");
            assertThat(client.atEnd()).isTrue();
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("connect_timeout");
            client.socket().close();
            rig.awaitNoConnections();
        }
        assertThat(trail.tunnelEnds()).isEqualTo(1);
    }
}
