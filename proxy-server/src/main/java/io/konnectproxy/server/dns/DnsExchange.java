package io.konnectproxy.server.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.AbstractDnsOptPseudoRrRecord;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question to one resolver: a datagram with a random id from a port of its own, so that a forged answer has to match both,
 * then TCP if the answer is cut. It has one socket at a time, and no deadline: whoever asks cancels. Runs on the DNS event loop.
 */
final class DnsExchange {
    /** Passes nearly everywhere without fragmentation (RFC 9715); longer answers come over TCP. */
    private static final int MAX_DATAGRAM = 1232;

    private static final int IDS = 1 << 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EventLoop loop;
    private final InetSocketAddress server;
    private final DnsQuestion question;
    private final boolean edns;
    private final int id = RANDOM.nextInt(IDS);
    private final Promise<DnsResponse> promise;
    /** The answer that was cut, while the whole one is fetched. */
    private @Nullable DnsResponse cut;

    private @Nullable Channel channel;

    private DnsExchange(EventLoop loop, InetSocketAddress server, DnsQuestion question, boolean edns) {
        this.loop = loop;
        this.server = server;
        this.question = question;
        this.edns = edns;
        this.promise = loop.newPromise();
    }

    /**
     * Sends a question.
     *
     * @param edns whether it has an OPT record (RFC 6891)
     * @return the response, which its reader releases; cancelling it closes the socket
     */
    static Promise<DnsResponse> begin(EventLoop loop, InetSocketAddress server, DnsQuestion question, boolean edns) {
        DnsExchange exchange = new DnsExchange(loop, server, question, edns);
        exchange.overUdp();
        exchange.promise.addListener(done -> exchange.close());
        return exchange.promise;
    }

    private void overUdp() {
        Bootstrap udp = new Bootstrap()
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
        connect(
                udp,
                opened -> opened.pipeline()
                        .addLast(new WholeDatagram(), new DatagramDnsQueryEncoder(), new DatagramHandler()),
                new DatagramDnsQuery(null, server, id));
    }

    private void overTcp(DnsResponse truncated) {
        cut = truncated;
        close();
        connect(
                new Bootstrap().channel(NioSocketChannel.class),
                opened -> opened.pipeline()
                        .addLast(new TcpDnsResponseDecoder(), new TcpDnsQueryEncoder(), new StreamHandler()),
                new DefaultDnsQuery(id));
    }

    private void connect(Bootstrap bootstrap, Consumer<Channel> pipeline, DnsQuery query) {
        ChannelFuture connecting = bootstrap
                .group(loop)
                .disableResolver()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        pipeline.accept(opened);
                    }
                })
                .connect(server);
        Channel opened = connecting.channel();
        channel = opened;
        connecting.addListener(connected -> {
            if (loop.inEventLoop()) {
                onConnected(opened, query, connected.cause());
            } else {
                // That the system gives no socket is told on a thread of its own.
                loop.execute(() -> onConnected(opened, query, connected.cause()));
            }
        });
    }

    private void onConnected(Channel opened, DnsQuery query, @Nullable Throwable cause) {
        if (cause == null && !promise.isDone()) {
            opened.writeAndFlush(ask(query)).addListener(sent -> failIf(opened, sent.cause()));
        } else {
            query.release();
            failIf(opened, cause);
        }
    }

    private DnsQuery ask(DnsQuery query) {
        query.setRecursionDesired(true).setRecord(DnsSection.QUESTION, question);
        if (edns) {
            query.addRecord(DnsSection.ADDITIONAL, new AbstractDnsOptPseudoRrRecord(MAX_DATAGRAM) {});
        }
        return query;
    }

    private void failIf(Channel on, @Nullable Throwable cause) {
        if (cause != null && on == channel) {
            fail(cause);
        }
    }

    private void fail(Throwable cause) {
        if (cut != null) {
            succeed(cut);
        } else {
            promise.tryFailure(cause);
        }
    }

    private void succeed(DnsResponse response) {
        if (response == cut) {
            cut = null;
        }
        if (!promise.trySuccess(response)) {
            response.release();
        }
    }

    private void close() {
        if (channel != null && channel.isRegistered()) {
            channel.close();
        }
        channel = null;
        if (promise.isDone() && cut != null) {
            cut.release();
            cut = null;
        }
    }

    /** Whether a response is to this question. An error may come without it, from those that do not understand the question. */
    private boolean isAnswer(DnsResponse response) {
        if (response.id() != id || !response.opCode().equals(DnsOpCode.QUERY)) {
            return false;
        }
        if (response.count(DnsSection.QUESTION) == 0) {
            return !response.code().equals(DnsResponseCode.NOERROR)
                    && !response.code().equals(DnsResponseCode.NXDOMAIN);
        }
        DnsQuestion answered = response.recordAt(DnsSection.QUESTION);
        return response.count(DnsSection.QUESTION) == 1
                && answered.type().equals(question.type())
                && answered.dnsClass() == question.dnsClass()
                && AnswerReader.canonical(answered.name()).equals(AnswerReader.canonical(question.name()));
    }

    /** Where the decoder could not read all of it, the datagram was longer than its buffer. */
    private static final class WholeDatagram extends DatagramDnsResponseDecoder {
        @Override
        protected DnsResponse decodeResponse(ChannelHandlerContext context, DatagramPacket packet) throws Exception {
            DnsResponse response = super.decodeResponse(context, packet);
            return packet.content().isReadable() ? response.setTruncated(true) : response;
        }
    }

    private final class DatagramHandler extends SimpleChannelInboundHandler<DnsResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsResponse response) {
            if (context.channel() != channel || !isAnswer(response)) {
                return;
            }
            response.retain();
            if (response.isTruncated()) {
                overTcp(response);
            } else {
                succeed(response);
            }
        }

        /** What is no response is passed over; that nobody has the port is the system's word. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failIf(context.channel(), cause instanceof IOException ? cause : null);
        }
    }

    private final class StreamHandler extends SimpleChannelInboundHandler<DnsResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsResponse response) {
            if (context.channel() == channel && isAnswer(response)) {
                succeed(response.retain());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failIf(context.channel(), cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            failIf(context.channel(), new IOException("the resolver closed the connection"));
        }
    }
}
