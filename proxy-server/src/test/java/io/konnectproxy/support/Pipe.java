package io.konnectproxy.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** Joins an origin's connection to another server on loopback. */
public final class Pipe {
    private Pipe() {}

    /** How the other server is reached. */
    public interface Connector {
        Socket open() throws IOException;
    }

    public static Origin.Conversation to(int port) {
        return to(() -> new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }

    public static Origin.Conversation to(Connector connector) {
        return client -> {
            try (Socket server = connector.open()) {
                Thread up = new Thread(() -> copy(client, server), "pipe");
                up.setDaemon(true);
                up.start();
                copy(server, client);
                up.join();
            }
        };
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone, and nobody would tell the other one.
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The test sees it at the ends.
        }
    }
}
