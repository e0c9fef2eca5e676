package io.konnectproxy.server.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A small DNS server on loopback, over UDP and TCP on the same port, with configurable answers. The answers are
 * computed on its own thread. Thread-safe.
 */
public final class StandInDns implements AutoCloseable {
    private static final int BIND_ATTEMPTS = 16;

    private final Function<Question, StandInAnswer> answers;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final InetSocketAddress address;

    /**
     * A question.
     *
     * @param name lower case, without the dot at the end
     */
    public record Question(String name, DnsRecordType type) {}

    private StandInDns(Function<Question, StandInAnswer> answers) {
        this.answers = answers;
        try {
            this.address = bind();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts on a free port: {@code StandInDns.start(question -> StandInAnswer.of("127.0.0.1"))}. */
    public static StandInDns start(Function<Question, StandInAnswer> answers) {
        return new StandInDns(answers);
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Stops at once, without the outstanding answers. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The system chooses the port for UDP; if it is taken for TCP, another one is tried. */
    private InetSocketAddress bind() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        for (int attempt = 1; ; attempt++) {
            Channel udp = new Bootstrap()
                    .group(group)
                    .channel(NioDatagramChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Udp());
                        }
                    })
                    .bind(loopback, 0)
                    .syncUninterruptibly()
                    .channel();
            InetSocketAddress chosen = (InetSocketAddress) udp.localAddress();
            boolean both = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new Tcp());
                        }
                    })
                    .bind(chosen)
                    .awaitUninterruptibly()
                    .isSuccess();
            if (both) {
                return chosen;
            }
            udp.close().syncUninterruptibly();
            if (attempt == BIND_ATTEMPTS) {
                throw new IllegalStateException("no port is free for both UDP and TCP");
            }
        }
    }

    private final class Udp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            InetSocketAddress asker = query.sender();
            InetSocketAddress here = query.recipient();
            int id = query.id();
            answer(ctx, query, () -> new DatagramDnsResponse(here, asker, id));
        }
    }

    private final class Tcp extends SimpleChannelInboundHandler<DnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DnsQuery query) {
            int id = query.id();
            answer(ctx, query, () -> new DefaultDnsResponse(id));
        }
    }

    private void answer(ChannelHandlerContext ctx, DnsQuery query, Supplier<DnsResponse> blank) {
        DnsQuestion asked = query.recordAt(DnsSection.QUESTION);
        DnsQuestion question = new DefaultDnsQuestion(asked.name(), asked.type());
        StandInAnswer answer = answers.apply(read(question));
        answer.signal()
                .thenRun(() -> ctx.executor().execute(() -> {
                    DnsResponse response = blank.get().setRecursionAvailable(true);
                    response.addRecord(DnsSection.QUESTION, question);
                    answer.records().writeTo(response, question);
                    ctx.writeAndFlush(response);
                }));
    }

    private static Question read(DnsQuestion question) {
        String name = question.name().toLowerCase(Locale.ROOT);
        return new Question(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, question.type());
    }
}
