package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.tls.ThrowawayCa;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One channel as the proxy has them, and a peer of the JDK's at the other end of a real socket. */
class HalfCloseTest {
    private static final int MUCH = 8 * 1024 * 1024;
    private static final ThrowawayCa CA = newCa();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Ears> accepted = new LinkedBlockingQueue<>();

    enum Line {
        PLAIN,
        TLS_1_2,
        TLS_1_3;

        String protocol() {
            return this == TLS_1_2 ? "TLSv1.2" : "TLSv1.3";
        }
    }

    /** What the channel has heard of its peer. */
    private static final class Ears extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

        Ears(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            ByteBuf bytes = (ByteBuf) message;
            bytes.readBytes(heard, bytes.readableBytes());
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (HalfClose.isToldBy(event)) {
                ends.add(HalfClose.endedBoth(channel) ? "both" : "its side");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ends.add("gone");
        }

        String nextEnd() throws InterruptedException {
            return String.valueOf(ends.poll(20, TimeUnit.SECONDS));
        }
    }

    private static ThrowawayCa newCa() {
        try {
            return new ThrowawayCa();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private SocketAddress listen(Line line) throws Exception {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) throws Exception {
                        Ears ears = new Ears(channel);
                        channel.pipeline().addLast(ears);
                        if (line != Line.PLAIN) {
                            SSLEngine engine =
                                    CA.serverContext(List.of("localhost")).createSSLEngine();
                            engine.setUseClientMode(false);
                            HalfClose.addTls(channel, new Tls(engine));
                        }
                        accepted.add(ears);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel()
                .localAddress();
    }

    private Socket peer(Line line) throws Exception {
        Socket socket = new Socket();
        if (line == Line.PLAIN) {
            socket.connect(listen(line));
        } else {
            SSLSocket tls = (SSLSocket) CA.clientContext().getSocketFactory().createSocket();
            tls.connect(listen(line));
            tls.setEnabledProtocols(new String[] {line.protocol()});
            tls.startHandshake();
            socket = tls;
        }
        socket.setSoTimeout(20_000);
        return socket;
    }

    private Ears accepted() throws InterruptedException {
        return Objects.requireNonNull(accepted.poll(20, TimeUnit.SECONDS));
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource
    void an_end_is_told_behind_everything_that_was_written_and_the_peer_may_go_on(Line line) throws Exception {
        try (Socket peer = peer(line)) {
            Ears ears = accepted();
            ears.channel.eventLoop().execute(() -> {
                ears.channel.write(Unpooled.wrappedBuffer(new byte[MUCH]), ears.channel.voidPromise());
                var unused = HalfClose.tell(ears.channel);
            });
            // The JDK throws where a FIN comes without close_notify.
            assertThat(peer.getInputStream().readAllBytes()).hasSize(MUCH);
            if (line == Line.TLS_1_2) {
                // There the JDK's own socket ends with what it has heard.
                return;
            }
            peer.getOutputStream().write("more".getBytes(US_ASCII));
            peer.shutdownOutput();
            assertThat(ears.nextEnd()).isEqualTo("its side");
            assertThat(ears.heard.toString(US_ASCII)).isEqualTo("more");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_ends_is_heard_behind_all_that_it_said(Line line) throws Exception {
        try (Socket peer = peer(line)) {
            peer.getOutputStream().write(new byte[MUCH]);
            peer.shutdownOutput();
            Ears ears = accepted();
            assertThat(ears.nextEnd()).isEqualTo(line == Line.TLS_1_2 ? "both" : "its side");
            assertThat(ears.heard.size()).isEqualTo(MUCH);
            if (line == Line.TLS_1_2) {
                assertThat(ears.channel.writeAndFlush(text("late")).await().isSuccess())
                        .isFalse();
            } else {
                ears.channel.writeAndFlush(text("still here"));
                ears.channel.eventLoop().execute(() -> HalfClose.tell(ears.channel));
                assertThat(new String(peer.getInputStream().readAllBytes(), US_ASCII))
                        .isEqualTo("still here");
            }
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(
            value = Line.class,
            names = {"TLS_1_2", "TLS_1_3"})
    void a_fin_without_close_notify_is_an_end_too(Line line) throws Exception {
        try (Beneath beneath = new Beneath()) {
            handshake(line, beneath);
            beneath.finish();
            assertThat(accepted().nextEnd()).isEqualTo("its side");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Line.class,
            names = {"TLS_1_2", "TLS_1_3"})
    void what_follows_a_close_notify_is_not_kept_and_a_fin_behind_it_is_heard(Line line) throws Exception {
        try (Beneath beneath = new Beneath()) {
            handshake(line, beneath).shutdownOutput();
            Ears ears = accepted();
            String end = line == Line.TLS_1_2 ? "both" : "its side";
            assertThat(ears.nextEnd()).isEqualTo(end);
            byte[] record = new byte[16 * 1024];
            System.arraycopy(new byte[] {23, 3, 3, 0x3f, (byte) 0xfb}, 0, record, 0, 5);
            for (int i = 0; i < 64; i++) {
                beneath.getOutputStream().write(record);
            }
            beneath.finish();
            assertThat(ears.nextEnd()).isEqualTo(end);
            assertThat(ears.channel.pipeline().get(Tls.class).mostKept).isLessThan(record.length);
        }
    }

    private SSLSocket handshake(Line line, Beneath beneath) throws Exception {
        beneath.connect(listen(line));
        SSLSocket tls = (SSLSocket) CA.clientContext().getSocketFactory().createSocket(beneath, "localhost", 1, false);
        tls.setEnabledProtocols(new String[] {line.protocol()});
        tls.startHandshake();
        return tls;
    }

    /** The transport below TLS at the peer: a FIN is sent only when the test does it. */
    private static final class Beneath extends Socket {
        @Override
        public void shutdownOutput() {}

        void finish() throws IOException {
            super.shutdownOutput();
        }
    }

    private static final class Tls extends SslHandler {
        /** Bytes that were read and not dealt with. */
        private int mostKept;

        Tls(SSLEngine engine) {
            super(engine);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            super.channelRead(context, message);
            mostKept = Math.max(mostKept, actualReadableBytes());
        }
    }
}
