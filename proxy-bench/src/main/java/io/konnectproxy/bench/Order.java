package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;

/** What a client has the {@link Origin} do with the connection: one byte behind the ClientHello. */
public enum Order {
    /** Send back whatever comes. */
    ECHO('e'),
    /** Send as much as the connection takes. */
    SEND('s'),
    /** Take whatever comes. */
    TAKE('t'),
    /** Read nothing any more. */
    IGNORE('i');

    private final char letter;

    Order(char letter) {
        this.letter = letter;
    }

    public void write(ByteBuf to) {
        to.writeByte(letter);
    }

    static Order read(ByteBuf from) {
        byte read = from.readByte();
        for (Order order : values()) {
            if (order.letter == read) {
                return order;
            }
        }
        throw new IllegalArgumentException("no order: " + read);
    }
}
