package io.konnectproxy.bench.fleet;

import java.net.InetSocketAddress;

/** One request of a data plane, as the data plane saw it. Written on the data planes' thread, read when that has ended. */
final class Attempt {
    /** What the proxy said. */
    enum Answer {
        /** Nothing, or not to its end. */
        NONE,
        PERMITTED,
        REFUSED
    }

    /** The proxy, by the name that it has in its trail. */
    final String instance;

    /** The data plane's address and port, which nobody else has in this simulation. */
    final String client;

    Answer answer = Answer.NONE;

    /** Why it was refused; empty where it was not. */
    String reason = "";

    /** Bytes in the tunnel. */
    long sent;

    /** Of these bytes, those that Konnect must have had, because its answer was there. */
    long confirmed;

    /** Bytes in the tunnel that came. */
    long received;

    /** Bytes that Konnect has to send if it gets all that was sent. */
    long expected;

    /** The data plane ended the tunnel itself, with everything answered. */
    boolean endedAtRest;

    /** By {@link System#nanoTime}; 0 while it lasts. */
    long ended;

    Attempt(String instance, InetSocketAddress client) {
        this.instance = instance;
        this.client = client.getAddress().getHostAddress() + ":" + client.getPort();
    }

    String key() {
        return instance + " " + client;
    }

    /** The key without the port. */
    String address() {
        return key().substring(0, key().lastIndexOf(':'));
    }
}
