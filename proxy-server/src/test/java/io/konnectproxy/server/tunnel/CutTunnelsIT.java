package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.splice.Pipes;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.konnectproxy.wire.ServerFlights;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tunnel that is to be cut while one side of it has gone already, or while its relay begins: one line, and nothing stays counted. */
class CutTunnelsIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int MUCH = 40_000_000;

    private final TestTrail trail = TestTrail.taking();

    /** What the client sends behind its hello, more than the upstream takes. */
    private enum Behind {
        /** For which the tunnel is cut as soon as the upstream asks for a second hello. */
        STRAY_BYTES("78"),
        /** Behind which a second hello may come until the deadline. */
        EARLY_DATA("1703034000");

        private final String beginning;

        Behind(String beginning) {
            this.beginning = beginning;
        }

        /** Of the length of a record. */
        private byte[] piece() {
            return Arrays.copyOf(HexFormat.of().parseHex(beginning), 5 + (1 << 14));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_second_hello_is_asked_for_when_the_client_is_gone(Behind behind) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    gone.await();
                    socket.getOutputStream().write(ServerFlights.helloRetryRequest());
                    over.await();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                TunnelRig rig =
                        new TunnelRig(trail, origin.port(), "timeouts: {client-hello: 200ms}\n", Pipes::ofTheSystem)) {
            RawClient client = open(rig);
            long before = rig.server().held();
            byte[] piece = behind.piece();
            for (int sent = 0; sent < MUCH && rig.server().held() < before + 100_000; sent += piece.length) {
                client.say(piece);
                // One piece after the other, so that the proxy goes on reading, and sees the reset.
                Thread.sleep(1);
            }
            reset(client);
            // Until the loop has seen it.
            Thread.sleep(300);
            assertThat(trail.tunnelEnds()).isZero();
            gone.countDown();
            // Longer than the deadline for the second hello.
            Thread.sleep(500);
            over.countDown();
            rig.awaitNoConnections();
            assertThat(trail.nextEnd()).isNotNull();
            Await.until("nothing is held", () -> rig.server().held() == 0);
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
    }

    /** Which of the two the loop comes to first is the system's choice. */
    @Test
    void a_reset_and_a_second_hello_that_is_asked_for_in_one_turn_of_the_loop() throws Exception {
        CompletableFuture<EventLoop> loop = new CompletableFuture<>();
        Semaphore asked = new Semaphore(0);
        Semaphore seen = new Semaphore(0);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length + 4);
                    seen.release();
                    asked.acquire();
                    socket.getOutputStream().write(ServerFlights.helloRetryRequest());
                    seen.release();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                TunnelRig rig = new TunnelRig(
                        trail,
                        (permit, own) -> {
                            loop.complete(own);
                            return TunnelRig.at("127.0.0.1").apply(permit, own);
                        },
                        origin.port(),
                        "limits: {tunnels: 1000}\n")) {
            for (int i = 0; i < 10; i++) {
                RawClient client = open(rig).say("xxxx");
                assertThat(seen.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                CountDownLatch held = new CountDownLatch(1);
                loop.join().parent().forEach(each -> each.execute(() -> await(held)));
                reset(client);
                asked.release();
                assertThat(seen.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                // Until the bytes are at the other end of loopback.
                Thread.sleep(20);
                held.countDown();
                assertThat(trail.nextEnd()).isNotNull();
                rig.awaitNoConnections();
            }
            assertThat(trail.tunnelEnds()).isEqualTo(10);
        }
    }

    /** What was behind the hello was held, and may not be held any more. */
    @Test
    void others_have_taken_the_memory_when_the_relay_begins() throws Exception {
        try (Origin origin =
                        Origin.plain(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
                TunnelRig rig = new TunnelRig(
                        trail,
                        origin.port(),
                        "limits: {memory: 1MiB, pending-per-client: 1000, refusals-per-minute: 500}\n",
                        Pipes::ofTheSystem)) {
            Deque<Socket> others = new ArrayDeque<>();
            try (RawClient client = connected(rig)) {
                client.say(Arrays.copyOf(HELLO, HELLO.length - 1));
                takeAll(rig, "127.0.0.1", others);
                takeAll(rig, "127.0.0.2", others);
                // The rest of the hello, and the beginning of another handshake record.
                client.say(new byte[] {HELLO[HELLO.length - 1], 22, 3, 3, 0, 100, 1});
                assertThat(trail.nextEnd().outcome()).hasToString("Failed[refusal=MEMORY_LIMIT]");
            } finally {
                for (Socket each : others) {
                    each.close();
                }
            }
            rig.awaitNoConnections();
            assertThat(rig.server().held()).isZero();
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
    }

    /** Opens connections until one is refused. */
    private static void takeAll(TunnelRig rig, String client, Deque<Socket> others) throws IOException {
        InetSocketAddress proxy = rig.server().addresses().get(0);
        for (int i = 0; i < 200; i++) {
            int before = rig.server().connections();
            Socket socket = new Socket(proxy.getAddress(), proxy.getPort(), InetAddress.getByName(client), 0);
            others.add(socket);
            socket.setSoTimeout(5);
            while (rig.server().connections() == before) {
                if (isRefused(socket)) {
                    return;
                }
            }
        }
        throw new AssertionError("none was refused");
    }

    private static boolean isRefused(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static RawClient connected(TunnelRig rig) throws IOException {
        RawClient client = rig.client();
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client;
    }

    private static RawClient open(TunnelRig rig) throws IOException {
        return connected(rig).say(HELLO);
    }

    private static void reset(RawClient client) throws IOException {
        client.socket().setSoLinger(true, 0);
        client.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
