package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.Order;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** A ClientHello of TLS 1.3 (RFC 8446, section 4.1.2) in one record, extension by extension. */
public final class Hello {
    /** The longest message that fits into one record, with its header. */
    static final int MOST = 1 << 14;

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int EXTENSION_HEADER = 4;
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int ALPN = 16;
    private static final int PADDING = 21;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;

    /** Where numbers of extensions begin that nobody has taken (IANA's registry has none between these and GREASE). */
    private static final int UNKNOWN = 0x2000;

    /** With those that are there, and padding, at most 128. */
    private static final int MORE_EXTENSIONS = 120;

    private final ByteBuf extensions = Unpooled.buffer(MOST);

    private Hello(String serverName) {
        byte[] name = serverName.getBytes(US_ASCII);
        header(SERVER_NAME, name.length + 5);
        extensions
                .writeShort(name.length + 3)
                .writeByte(0)
                .writeShort(name.length)
                .writeBytes(name);
        header(SUPPORTED_VERSIONS, 3);
        extensions.writeByte(2).writeShort(0x0304);
        header(SUPPORTED_GROUPS, 4);
        extensions.writeShort(2).writeShort(0x0017);
    }

    /** What a client must say at least, but for a key share. */
    public static Hello of(String serverName) {
        return new Hello(serverName);
    }

    private void header(int type, int length) {
        extensions.writeShort(type).writeShort(length);
    }

    /** A share of secp256r1, which nobody computes with. */
    public Hello withKeyShare() {
        header(KEY_SHARE, 2 + 4 + 65);
        extensions
                .writeShort(4 + 65)
                .writeShort(0x0017)
                .writeShort(65)
                .writeByte(4)
                .writeZero(64);
        return this;
    }

    /** As many names of protocols as there is room for, a byte each. */
    Hello filledWithProtocols() {
        int names = (left() - EXTENSION_HEADER - 2) / 2;
        header(ALPN, 2 + 2 * names);
        extensions.writeShort(2 * names);
        for (int i = 0; i < names; i++) {
            extensions.writeByte(1).writeByte('a' + i % 26);
        }
        return filled();
    }

    /** As many extensions as a hello may have, all but the last with nothing in them: the worst that is accepted. */
    Hello filledWithExtensions() {
        for (int i = 0; i < MORE_EXTENSIONS; i++) {
            header(UNKNOWN + i, 0);
        }
        return filled();
    }

    /** Padding (RFC 7685) up to the longest that there may be, if it leaves room for any. */
    Hello filled() {
        int left = left();
        if (left >= EXTENSION_HEADER) {
            header(PADDING, left - EXTENSION_HEADER);
            extensions.writeZero(left - EXTENSION_HEADER);
        }
        return this;
    }

    private int left() {
        return MOST - MESSAGE_HEADER - bodyLength();
    }

    /** Version, random, no session id, one cipher suite, one compression method, extensions. */
    private int bodyLength() {
        return 2 + 32 + 1 + 4 + 2 + 2 + extensions.readableBytes();
    }

    /** The record, and behind it what the origin is to do. */
    byte[] bytesAnd(Order order) {
        ByteBuf bytes = Unpooled.buffer().writeBytes(bytes());
        order.write(bytes);
        return ByteBufUtil.getBytes(bytes);
    }

    /** The record. */
    public byte[] bytes() {
        int body = bodyLength();
        ByteBuf record = Unpooled.buffer(RECORD_HEADER + MESSAGE_HEADER + body);
        record.writeByte(22).writeShort(0x0301).writeShort(MESSAGE_HEADER + body);
        record.writeByte(1).writeMedium(body);
        record.writeShort(0x0303).writeZero(32).writeByte(0);
        record.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0);
        record.writeShort(extensions.readableBytes()).writeBytes(extensions.duplicate());
        return ByteBufUtil.getBytes(record);
    }
}
