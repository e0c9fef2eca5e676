package io.konnectproxy.bench;

import io.konnectproxy.bench.LoopMethod.Ending;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;

/** The origin of the {@link ClosedLoop}: takes a ClientHello, answers once. One thread, which is that of {@link #run}. */
final class LoopOrigin implements Runnable, AutoCloseable {
    /** Another address than that of {@link Origin}, which has the same port. */
    static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.2", 443);

    private static final int BACKLOG = 4096;
    private static final int RECORD_HEADER = 5;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer discarded = ByteBuffer.allocateDirect(16 * 1024);
    private volatile LoopMethod method = LoopMethod.PLAIN;
    private volatile boolean closed;

    LoopOrigin(InetSocketAddress address) throws IOException {
        listener.bind(address, BACKLOG).configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** For the connections that come from now on. */
    void answer(LoopMethod next) {
        method = next;
    }

    @Override
    public void run() {
        try (listener;
                selector) {
            while (!closed) {
                selector.select();
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    if (key.isAcceptable()) {
                        accept();
                    } else {
                        serve(key);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the origin has failed", e);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Connection(method));
        }
    }

    private void serve(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Connection connection = (Connection) key.attachment();
        try {
            if (!connection.goesOn(channel, discarded)) {
                channel.close();
            }
        } catch (IOException e) {
            channel.close();
        }
    }

    /** The thread of {@link #run} closes what it uses. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private static final class Connection {
        private final LoopMethod method;
        private final ByteBuffer hello = ByteBuffer.allocate(4096);
        private boolean answered;

        Connection(LoopMethod method) {
            this.method = method;
        }

        boolean goesOn(SocketChannel channel, ByteBuffer discarded) throws IOException {
            if (answered) {
                return channel.read(discarded.clear()) >= 0;
            }
            if (channel.read(hello) < 0) {
                return false;
            }
            if (hello.position() < RECORD_HEADER || hello.position() < RECORD_HEADER + hello.getShort(3)) {
                return true;
            }
            answered = true;
            channel.write(LoopAnswer.of(method.answer()));
            return method.ending() != Ending.ORIGIN_CLOSES;
        }
    }
}
