package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the pipelines: our gate first and no request decoder from birth on, and nothing else in a tunnel. */
class PipelinesIT {
    private final TestTrail trail = TestTrail.taking();
    private Origin origin;
    private TunnelRig rig;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
        rig = new TunnelRig(trail, TunnelRig.at("127.0.0.1"), origin.port(), "");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        origin.close();
    }

    @Test
    void a_client_meets_our_gate_first_and_only_one_handler_of_littleproxy() throws Exception {
        try (RawClient client = rig.client()) {
            awaitActive(1);
            Channel channel = connections().get(0);
            channel.eventLoop().submit(() -> {}).sync();
            assertThat(channel.pipeline().firstContext().name()).isEqualTo("gate");
            assertThat(channel.pipeline().toMap()).containsOnlyKeys("gate", "handler");
            assertThat(channel.config().isAutoRead()).isFalse();
            client.connect("evil.com").answer();
            assertThat(channel.pipeline().firstContext().name()).isEqualTo("gate");
            assertThat(channel.pipeline().names()).doesNotContain("decoder", "proxy-protocol-decoder");
        }
    }

    @Test
    void nothing_of_littleproxy_is_left_once_the_tunnel_is_open() throws Exception {
        byte[] hello = Hellos.naming(Rig.HOST);
        try (RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            awaitActive(2);
            assertOursOnly();
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            assertOursOnly();
        }
    }

    /** What reads the handshake costs the bytes that follow nothing. */
    @Test
    void the_relay_is_alone_once_the_handshake_is_done() throws Exception {
        try (Origin echo = Origin.secured(
                        Rig.CA.serverContext(List.of(Rig.HOST)),
                        inside -> inside.getInputStream().transferTo(inside.getOutputStream()));
                TunnelRig tls = new TunnelRig(trail, TunnelRig.at("127.0.0.1"), echo.port(), "");
                RawClient client = tls.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            SSLSocket inside = client.tls(Rig.CA.clientContext(), Rig.HOST);
            inside.getOutputStream().write(1);
            assertThat(inside.getInputStream().read()).isEqualTo(1);
            assertThat(connections(tls))
                    .hasSize(2)
                    .allSatisfy(leg ->
                            assertThat(leg.pipeline().names()).contains("gate").doesNotContain("handshake", "retry"));
        }
    }

    /** A data plane sets none on a connection to a proxy; two minutes are the time after which a dead peer is noticed. */
    @Test
    void both_legs_of_a_tunnel_that_stays_are_kept_alive() throws Exception {
        byte[] hello = Hellos.naming(Rig.HOST);
        try (TunnelRig soon = new TunnelRig(trail, TunnelRig.at("127.0.0.1"), origin.port(), "timeouts: {idle: 3s}\n");
                RawClient client = soon.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            List<Channel> legs = connections(soon);
            assertThat(legs).hasSize(2).noneMatch(PipelinesIT::isKeptAlive);
            // The tunnel is looked at for the first time when it could be idle, and it is not.
            Await.until(
                    "both legs are kept alive",
                    () -> isUsed(client) && legs.stream().allMatch(PipelinesIT::isKeptAlive));
        }
    }

    private static boolean isUsed(RawClient client) {
        try {
            client.say(new byte[] {1});
            return client.socket().getInputStream().read() == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isKeptAlive(Channel leg) {
        ChannelConfig config = leg.config();
        return config.getOption(ChannelOption.SO_KEEPALIVE)
                && config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)) == 60
                && config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL)) == 15
                && config.getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT)) == 4;
    }

    /** Nothing is read from the upstream yet, so that its end may go unnoticed until the tunnel is to begin. */
    @Test
    void an_upstream_that_is_gone_before_the_hello_ends_the_tunnel() throws Exception {
        try (RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            awaitActive(2);
            for (Channel channel : connections()) {
                if (channel.parent() == null) {
                    channel.close().sync();
                }
            }
            client.say(Hellos.naming(Rig.HOST));
            assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.UPSTREAM_CLOSED);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(trail.tunnelEnds()).isEqualTo(1);
    }

    private void assertOursOnly() throws Exception {
        for (Channel channel : connections()) {
            channel.eventLoop().submit(() -> {}).sync();
            assertThat(channel.pipeline().toMap().values()).hasSize(1).allSatisfy(PipelinesIT::assertOurs);
        }
    }

    private static void assertOurs(ChannelHandler handler) {
        assertThat(handler.getClass().getPackageName()).startsWith("io.konnectproxy.server.");
    }

    /** All that LittleProxy has registered, except what listens. */
    private List<Channel> connections() throws ReflectiveOperationException {
        return connections(rig);
    }

    private static List<Channel> connections(TunnelRig rig) throws ReflectiveOperationException {
        Object engine = engine(rig);
        return ((ChannelGroup) field(engine, "allChannels"))
                .stream().filter(channel -> channel.remoteAddress() != null).toList();
    }

    private static Object engine(TunnelRig rig) throws ReflectiveOperationException {
        Object listener = ((List<?>) field(rig.server(), "bound")).get(0);
        return field(field(listener, "engine"), "server");
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private void awaitActive(int wanted) throws ReflectiveOperationException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (connections().size() != wanted) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void nothing_of_littleproxy_runs_when_the_jvm_ends_later() throws Exception {
        Object engine = engine(rig);
        Thread hook = (Thread) field(engine, "jvmShutdownHook");
        rig.close();
        assertThat(Runtime.getRuntime().removeShutdownHook(hook))
                .as("was still registered")
                .isFalse();
    }
}
