package io.konnectproxy.bench.siege;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A socket whose queue is full: the system drops what would connect to it, as a firewall does. */
final class DeafOrigin implements AutoCloseable {
    static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.4", 443);

    /** One more than Linux lets in with a queue of one. */
    private static final int FULL = 3;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> queue = new ArrayList<>();

    DeafOrigin() throws IOException {
        listener = ServerSocketChannel.open().bind(ADDRESS, 1);
        for (int i = 0; i < FULL; i++) {
            SocketChannel waiting = SocketChannel.open();
            waiting.configureBlocking(false);
            waiting.connect(ADDRESS);
            queue.add(waiting);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel waiting : queue) {
            waiting.close();
        }
        listener.close();
    }
}
