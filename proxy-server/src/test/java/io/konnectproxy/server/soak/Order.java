package io.konnectproxy.server.soak;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a client tells {@link EchoOrigin} to do with the connection: the five bytes behind its ClientHello. */
public enum Order {
    /** Echoes everything; finishes when the client has finished. */
    ECHO('e'),
    /** The same, but reads slowly. */
    ECHO_SLOWLY('s'),
    /** Echoes so many bytes, then finishes before the client does. */
    FINISH('f'),
    /** Echoes at least so many bytes, then resets. */
    RESET('r');

    static final int LENGTH = 5;

    private final char letter;

    Order(char letter) {
        this.letter = letter;
    }

    /** As the client sends it. */
    public byte[] bytes(int size) {
        return ByteBuffer.allocate(LENGTH).put((byte) letter).putInt(size).array();
    }

    static Order of(byte first) {
        return Arrays.stream(values())
                .filter(order -> order.letter == first)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no order: " + first));
    }
}
