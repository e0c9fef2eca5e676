package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.List;
import java.util.Optional;

/** Requests with a secret in every place where people put one by mistake. The trail must not have it. */
final class Secrets extends Attack {
    /** All of these secrets have it in them. */
    static final String MARKER = "hunter2";

    private static final List<String> REQUESTS = List.of(
            "GET http://bob:" + MARKER + "\u00fc@www.example.com/ HTTP/1.1\r\n\r\n",
            "GET http://bob:" + MARKER + " x@www.example.com/ HTTP/1.1\r\n\r\n",
            "GET http://bob:" + MARKER,
            "GET http://www.example.com/?token=" + MARKER + " HTTP/1.1\r\n\r\n",
            "GET http://www.example.com/#" + MARKER + " HTTP/1.1\r\n\r\n",
            "GET http://www.example.com/" + MARKER + "/bot HTTP/1.1\r\n\r\n",
            "CONNECT bob:" + MARKER + "@www.example.com:443 HTTP/1.1\r\n\r\n",
            "CONNECT www.example.com:443/" + MARKER + " HTTP/1.1\r\n\r\n",
            "CONNECT www.example.com:443 HTTP/1.1\r\nHost: bob:" + MARKER + "@www.example.com:443\r\n\r\n",
            "CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com:443\r\nProxy-Authorization: Basic " + MARKER
                    + "\r\n\r\n");

    Secrets(Plan plan) {
        super(plan);
    }

    @Override
    ChannelHandler connection(int n) {
        byte[] request = REQUESTS.get(n % REQUESTS.size()).getBytes(UTF_8);
        return new Caller(Unpooled.wrappedBuffer(request)) {
            /** Whatever is cut ends there. */
            @Override
            public void channelActive(ChannelHandlerContext context) {
                super.channelActive(context);
                ((DuplexChannel) context.channel()).shutdownOutput();
            }
        };
    }

    @Override
    Optional<String> reached(TrailGrowth trail) {
        return trail.marked() == 0
                ? Optional.empty()
                : Optional.of("the trail has a secret in " + trail.marked() + " lines");
    }
}
