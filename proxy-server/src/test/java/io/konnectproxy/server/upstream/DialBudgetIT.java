package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Alone;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.SilentListener;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time to connect is one for all addresses of a name together. 127.77.0.2 is an address that answers nothing. */
@Alone
class DialBudgetIT {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final TestTrail trail = TestTrail.taking();
    private Origin origin;
    private SilentListener silent;

    @BeforeEach
    void open() throws IOException {
        origin = Origin.plain(upstream -> upstream.getInputStream().readAllBytes());
        silent = new SilentListener("127.77.0.2", origin.port());
        silent.fill();
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
        origin.close();
    }

    private TunnelRig rig(String... addresses) throws Exception {
        return new TunnelRig(
                trail, TunnelRig.at(addresses), origin.port(), "timeouts: {connect: " + CONNECT.toMillis() + "ms}\n");
    }

    @Test
    void reaches_the_second_address_in_time_when_the_first_is_silent() throws Exception {
        try (TunnelRig rig = rig("127.77.0.2", "127.0.0.1");
                RawClient client = rig.client()) {
            // Later than the time to connect there would be a 504.
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.socket().close();
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("client_closed");
        }
        assertThat(origin.accepted()).isEqualTo(1);
    }

    @Test
    void one_tunnel_finds_out_that_an_address_is_silent_and_the_next_dials_it_last() throws Exception {
        try (TunnelRig rig = rig("127.77.0.2", "127.0.0.1")) {
            for (boolean first : new boolean[] {true, false, false}) {
                try (RawClient client = rig.client()) {
                    long begun = System.nanoTime();
                    assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
                    assertThat(Duration.ofNanos(System.nanoTime() - begun))
                            .isBetween(
                                    first ? Duration.ofMillis(900) : Duration.ZERO,
                                    first ? Duration.ofMillis(1900) : Duration.ofMillis(700));
                }
            }
        }
    }

    @Test
    void gives_up_in_time_however_many_addresses_are_silent() throws Exception {
        String[] addresses = new String[30];
        Arrays.fill(addresses, "127.77.0.2");
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
