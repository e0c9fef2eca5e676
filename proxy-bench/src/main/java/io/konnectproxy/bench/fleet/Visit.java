package io.konnectproxy.bench.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.KongConnect;
import io.konnectproxy.bench.siege.Hello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a data plane: CONNECT as Kong sends it, records in the form of TLS 1.3, each of which comes back. Counts every
 * byte.
 */
final class Visit extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Pattern REASON = Pattern.compile("\r\nX-Konnect-Proxy-Reason: (\\w+)\r\n");

    private static final String HEAD_END = "\r\n\r\n";

    /** Kong's WebSocket close frame, which it sends to whoever refused it. */
    private static final byte[] FAREWELL = {(byte) 0x88, (byte) 0x80, 1, 2, 3, 4};

    /** Kong waits so long for each step. */
    private static final int PATIENCE_SECONDS = 5;

    private static final int LEAST_PAUSE_MILLIS = 600;
    private static final int MORE_PAUSE_MILLIS = 900;
    private static final int LEAST_BYTES = 100;
    private static final int MORE_BYTES = 4_000;
    private static final int RECORD_HEADER = 5;

    private final Errand errand;
    private final Attempt attempt;
    private final Random random;
    private final End end;
    private final StringBuilder head = new StringBuilder();
    private @Nullable Future<?> next;
    private int said;
    private boolean over;

    /** Whom a visit tells that it is over. */
    interface End {
        /**
         * It is over.
         *
         * @param served whether the proxy did its part to the end
         */
        void ended(boolean served);

        /** Whether the visit is to end as soon as it can. */
        boolean isEnding();
    }

    Visit(Errand errand, Attempt attempt, Random random, End end) {
        this.errand = errand;
        this.attempt = attempt;
        this.random = random;
        this.end = end;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(KongConnect.head(errand.host(), ""), US_ASCII));
        after(context, PATIENCE_SECONDS * 1_000, () -> context.close());
    }

    private void after(ChannelHandlerContext context, int millis, Runnable what) {
        if (next != null) {
            next.cancel(false);
        }
        next = context.executor().schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        if (attempt.answer == Attempt.Answer.PERMITTED) {
            attempt.received += bytes.readableBytes();
            if (attempt.received >= attempt.expected) {
                atRest(context);
            }
        } else if (attempt.answer == Attempt.Answer.NONE) {
            head.append(bytes.toString(US_ASCII));
            if (head.indexOf(HEAD_END) >= 0) {
                answered(context);
            }
        }
    }

    private void answered(ChannelHandlerContext context) {
        if (head.indexOf("HTTP/1.1 200 ") == 0) {
            attempt.answer = Attempt.Answer.PERMITTED;
            attempt.received =
                    head.substring(head.indexOf(HEAD_END) + HEAD_END.length()).length();
            say(
                    context,
                    Unpooled.wrappedBuffer(
                            Hello.of(errand.host()).withKeyShare().bytes()));
            attempt.expected = ControlPlanes.SERVER_HELLO.readableBytes();
        } else {
            attempt.answer = Attempt.Answer.REFUSED;
            Matcher reason = REASON.matcher(head);
            attempt.reason = reason.find() ? String.valueOf(reason.group(1)) : "";
            context.writeAndFlush(Unpooled.wrappedBuffer(FAREWELL));
            context.close();
        }
    }

    private void say(ChannelHandlerContext context, ByteBuf bytes) {
        attempt.sent += bytes.readableBytes();
        context.writeAndFlush(bytes);
        after(context, PATIENCE_SECONDS * 1_000, () -> context.close());
    }

    /** Everything that was said has been answered. */
    private void atRest(ChannelHandlerContext context) {
        attempt.confirmed = attempt.sent;
        if (end.isEnding() || said == errand.messages()) {
            attempt.endedAtRest = true;
            context.close();
        } else {
            after(context, LEAST_PAUSE_MILLIS + random.nextInt(MORE_PAUSE_MILLIS), () -> sayMore(context));
        }
    }

    private void sayMore(ChannelHandlerContext context) {
        if (end.isEnding()) {
            attempt.endedAtRest = true;
            context.close();
            return;
        }
        said++;
        byte[] content = new byte[LEAST_BYTES + random.nextInt(MORE_BYTES)];
        random.nextBytes(content);
        ByteBuf application = Unpooled.buffer(RECORD_HEADER + content.length);
        application.writeByte(23).writeShort(0x0303).writeShort(content.length).writeBytes(content);
        attempt.expected += application.readableBytes();
        say(context, application);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over) {
            over = true;
            attempt.ended = System.nanoTime();
            if (next != null) {
                next.cancel(false);
            }
            end.ended(attempt.endedAtRest || attempt.answer == Attempt.Answer.REFUSED);
        }
    }

    /** A reset is an end like any other. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
