package io.konnectproxy.server.mirror;

import io.konnectproxy.server.config.Configuration.Audit.MirrorTarget;
import io.konnectproxy.server.tls.TrustedCertificates;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Carries lines to a syslog receiver, over one connection that is opened when there is something to carry. Netty's loop
 * notices at once when the receiver goes, and lets a write have a deadline.
 *
 * <p>Syslog has no acknowledgements: a line counts as carried when the operating system has it. When a connection breaks,
 * what this system may still have held is written again on the next one, so that a receiver may have lines twice; what it
 * had taken and not read is gone, and {@code seq} tells. A receiver that closes in order has read all.
 */
final class SyslogCarrier implements Carrier {
    /** Linux makes twice as much of it, which {@link Connection#RECENT_BYTES} is meant to cover. */
    private static final int SEND_BUFFER = 128 << 10;

    /** Middle boxes forget connections that are silent for long, and say so only to the next line. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    /**
     * Deadlines.
     *
     * @param connect for one address
     * @param handshake of TLS
     * @param write for a batch to be taken
     */
    record Deadlines(Duration connect, Duration handshake, Duration write) {
        static final Deadlines USUAL =
                new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));
    }

    private static final long CLOSE_MILLIS = 300;

    private final String host;
    private final int port;
    private final Optional<SSLContext> tls;
    private final Deadlines deadlines;
    private final SyslogMessage message = SyslogMessage.ofThisProcess();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("audit-syslog", true), NioIoHandler.newFactory());

    private volatile @Nullable Connection connection;

    SyslogCarrier(String host, int port, Optional<SSLContext> tls, Deadlines deadlines) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.deadlines = deadlines;
    }

    static SyslogCarrier to(MirrorTarget target) {
        return new SyslogCarrier(
                target.url().host(),
                target.url().port(),
                target.url().carriage().isEncrypted() ? Optional.of(tls(target.trust())) : Optional.empty(),
                Deadlines.USUAL);
    }

    private static SSLContext tls(Optional<TrustedCertificates> trust) {
        try {
            return trust.isPresent() ? trust.get().clientContext() : SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    @Override
    public Outcome carry(List<Line> lines) {
        try {
            Connection open = connected();
            Future<Void> written = open.channel().writeAndFlush(encoded(open.channel(), open.remember(lines)));
            if (!written.await(deadlines.write().toMillis())) {
                open.giveUp();
                return new Outcome.Failed("it takes nothing any more");
            }
            if (written.isSuccess()) {
                return Outcome.Settled.ALL;
            }
            open.giveUp();
            return new Outcome.Failed(Troubles.of(written.cause()));
        } catch (IOException e) {
            return new Outcome.Failed(Troubles.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed("the proxy ended");
        }
    }

    private ByteBuf encoded(Channel open, List<Line> lines) {
        ByteBuf messages = open.alloc().ioBuffer();
        try {
            lines.forEach(line -> message.append(line, messages));
            return messages;
        } catch (RuntimeException e) {
            messages.release();
            throw e;
        }
    }

    /** The connection there is, if the receiver has not closed it, or a new one. */
    private Connection connected() throws IOException, InterruptedException {
        Connection last = connection;
        if (last != null && last.channel().isActive()) {
            return last;
        }
        IOException problem = new IOException();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            try {
                Connection next = new Connection(connect(new InetSocketAddress(address, port)), last);
                connection = next;
                return next;
            } catch (IOException e) {
                problem = e;
            }
        }
        throw problem;
    }

    private Channel connect(InetSocketAddress address) throws IOException, InterruptedException {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        deadlines.connect().toMillis())
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEP_ALIVE_SECONDS)
                .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEP_ALIVE_SECONDS / 3)
                .option(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .handler(new Pipeline())
                .connect(address);
        Channel opened = connecting.channel();
        awaitOrClose(connecting, opened, deadlines.connect().plusSeconds(1));
        SslHandler secured = opened.pipeline().get(SslHandler.class);
        if (secured != null) {
            awaitOrClose(
                    secured.handshakeFuture(), opened, deadlines.handshake().plusSeconds(1));
        }
        return opened;
    }

    private static void awaitOrClose(Future<?> future, Channel opened, Duration patience)
            throws IOException, InterruptedException {
        boolean done = false;
        try {
            done = future.await(patience.toMillis()) && future.isSuccess();
        } finally {
            if (!done) {
                opened.close();
            }
        }
        if (!done) {
            throw new IOException(future.isDone() ? future.cause() : new TimeoutException());
        }
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel opened) {
            if (tls.isPresent()) {
                opened.pipeline().addLast(secured(tls.get()));
            }
            opened.pipeline().addLast(new Listener());
        }

        private SslHandler secured(SSLContext context) {
            SSLEngine engine = context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            // The certificate must be for the host of the configuration, as in RFC 5425, section 5.2.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
            SslHandler handler = new SslHandler(engine);
            handler.setHandshakeTimeoutMillis(deadlines.handshake().toMillis());
            return handler;
        }
    }

    /** A syslog receiver has nothing to say; that it goes is all there is to hear. */
    private static final class Listener extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            // Not for us.
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Connection.markBroken(context.channel());
            context.close();
        }
    }

    /** What the operating system has is still on its way then. */
    @Override
    public void close() {
        Connection open = connection;
        if (open != null) {
            open.channel().close().awaitUninterruptibly(CLOSE_MILLIS);
        }
        loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
