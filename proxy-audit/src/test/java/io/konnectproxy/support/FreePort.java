package io.konnectproxy.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of loopback at which nothing listens, for what is told of it before it listens. Linux gives none of these to sockets that
 * ask for any (32768 and above), so that only another draw can take it meanwhile.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int BEYOND = 32_000;
    private static final int DRAWS = 100;

    private FreePort() {}

    public static int number() {
        for (int i = 0; i < DRAWS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                // The next one.
            }
        }
        throw new AssertionError("none of " + DRAWS + " ports is free");
    }
}
