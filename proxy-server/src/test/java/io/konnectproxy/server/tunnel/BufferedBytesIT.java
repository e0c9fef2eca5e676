package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.Await;
import io.konnectproxy.support.FailingUpstream;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Relaying;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What waits for a slow reader counts, and no longer than it waits, however that ends. */
@ParameterizedClass
@EnumSource(Relaying.class)
class BufferedBytesIT {
    @Parameter
    private Relaying relaying;

    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    /** More than one that is idle counts for, and less than a reader that stands keeps waiting. */
    private static final long ONE_CONNECTION = 16 * 1024;

    /** What ends the waiting. */
    private interface End {
        void of(Socket client, Socket upstream, TunnelRig rig) throws Exception;
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                end("the reader reads on", (client, upstream, rig) -> {
                    upstream.close();
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }),
                end("the reader resets", (client, upstream, rig) -> FailingUpstream.Fault.RESETS.strike(client)),
                end("the reader closes", (client, upstream, rig) -> client.close()),
                end("the writer resets", (client, upstream, rig) -> FailingUpstream.Fault.RESETS.strike(upstream)),
                end("the idle time is over", (client, upstream, rig) -> {}),
                end("the proxy drains", (client, upstream, rig) -> rig.drain(Duration.ofMillis(50))));
    }

    private static Arguments end(String what, End end) {
        return arguments(what, end);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void nothing_counts_that_does_not_wait(String what, End end) throws Exception {
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Socket[] upstream = new Socket[1];
        try (Origin origin = Origin.plain(socket -> {
                    upstream[0] = socket;
                    socket.getInputStream().readNBytes(HELLO.length);
                    FailingUpstream.floodUntilItStands(socket);
                    standing.countDown();
                    over.await();
                });
                TunnelRig rig =
                        new TunnelRig(TestTrail.taking(), origin.port(), "timeouts: {idle: 2s}\n", relaying.pipes());
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            standing.await();
            Await.until("something waits", () -> rig.server().held() > ONE_CONNECTION);
            end.of(client.socket(), upstream[0], rig);
            Await.until("nothing waits", () -> rig.server().held() <= ONE_CONNECTION);
            over.countDown();
            rig.awaitNoConnections();
            Await.until("nothing counts", () -> rig.server().held() == 0);
        }
    }
}
