package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.LoopMethod.Ending;
import io.konnectproxy.bench.LoopMethod.Hello;
import io.konnectproxy.bench.micro.Hellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Iterator;

/** The clients of the {@link ClosedLoop}, on the thread that calls. */
final class LoopClients {
    /** An answer that has not come by then never will. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InetSocketAddress proxy;
    private final LoopMethod method;
    private final ByteBuffer connect;
    private final ByteBuffer hello;
    private final Samples replies = new Samples();

    private LoopClients(InetSocketAddress proxy, String host, LoopMethod method) {
        this.proxy = proxy;
        this.method = method;
        this.connect = ByteBuffer.wrap(KongConnect.head(host, "").getBytes(US_ASCII));
        this.hello = ByteBuffer.wrap(hello(method.hello()));
    }

    private static byte[] hello(Hello hello) {
        try {
            return hello == Hello.JDK ? Hellos.ofJdk(ClosedLoop.HOST) : Hellos.postQuantum(ClosedLoop.HOST);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Opens and closes tunnels for this time.
     *
     * @return of each tunnel the time from CONNECT to the reply
     * @throws IOException if one of them failed
     */
    static Samples run(InetSocketAddress proxy, String host, LoopMethod method, Duration time) throws IOException {
        LoopClients clients = new LoopClients(proxy, host, method);
        clients.run(time);
        return clients.replies;
    }

    private void run(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < method.clients(); i++) {
                open(selector);
            }
            while (!selector.keys().isEmpty()) {
                selector.select(PATIENCE.toMillis());
                if (selector.selectedKeys().isEmpty()) {
                    throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
                }
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    Tunnel tunnel = (Tunnel) key.attachment();
                    if (tunnel.isDone(key)) {
                        key.cancel();
                        tunnel.channel.close();
                        if (System.nanoTime() - end < 0) {
                            open(selector);
                        }
                    }
                }
                // Without this those that are closed count until the next event.
                selector.selectNow();
            }
        }
    }

    private void open(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (method.ending() == Ending.CLIENT_RESETS) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        channel.configureBlocking(false);
        channel.connect(proxy);
        channel.register(selector, SelectionKey.OP_CONNECT, new Tunnel(channel));
    }

    private final class Tunnel {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(8192);
        private long asked;
        private boolean permitted;

        Tunnel(SocketChannel channel) {
            this.channel = channel;
        }

        boolean isDone(SelectionKey key) throws IOException {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                asked = System.nanoTime();
                channel.write(connect.duplicate());
                return false;
            }
            int read = channel.read(in);
            if (permitted) {
                return method.ending() == Ending.ORIGIN_CLOSES ? isEnd(read) : isAnswer(read);
            }
            if (read < 0) {
                throw new IOException("the connection was closed instead of an answer");
            }
            String head = new String(in.array(), 0, in.position(), US_ASCII);
            if (head.endsWith("\r\n\r\n")) {
                onReply(head);
            }
            return false;
        }

        private void onReply(String head) throws IOException {
            if (!head.startsWith("HTTP/1.1 200") && !head.startsWith("HTTP/1.0 200")) {
                throw new IOException("got '" + head.lines().findFirst().orElse("") + "'");
            }
            replies.add(System.nanoTime() - asked);
            permitted = true;
            in.clear();
            channel.write(hello.duplicate());
        }

        private boolean isAnswer(int read) throws IOException {
            if (read < 0) {
                throw new IOException("the connection was closed before the tunnel carried anything");
            }
            return true;
        }

        private boolean isEnd(int read) {
            in.clear();
            return read < 0;
        }
    }
}
