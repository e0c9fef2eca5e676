package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.bench.KongConnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import java.util.Arrays;

/** Something that is begun and never ended, or nothing at all; the connection is kept for as long as it may. */
final class HeldConnections extends Attack {
    /** {@code limits.head-bytes}, by default. */
    private static final int HEAD = 16 * 1024;

    /** The longest line of a head. */
    private static final int LINE = 8_000;

    /** What may stand behind the length in a binary PROXY header. */
    private static final int PROXY_BLOCK = 2_048;

    private static final int RECORD = 1 << 14;

    private final ByteBuf begun;

    private HeldConnections(Plan plan, byte[] begun) {
        super(plan);
        this.begun = Caller.shared(begun);
    }

    static HeldConnections silent(Plan plan) {
        return new HeldConnections(plan, new byte[0]);
    }

    /** A head as long as one may be, which lacks its last byte. */
    static HeldConnections heads(Plan plan) {
        int end = HEAD - "\r\n".length();
        StringBuilder head = new StringBuilder(KongConnect.head(Names.ATTACK, ""));
        head.setLength(head.length() - "\r\n".length());
        while (head.length() < end) {
            int left = end - head.length();
            // Never all but a few bytes, which would be no line any more.
            int line = left > LINE ? LINE / 2 : left;
            head.append("x:").append("a".repeat(line - "x:\r\n".length())).append("\r\n");
        }
        return new HeldConnections(plan, head.append('\r').toString().getBytes(US_ASCII));
    }

    /** A binary PROXY header with the longest block, which lacks its last byte. */
    static HeldConnections proxyHeaders(Plan plan) {
        ByteBuf header = Unpooled.buffer();
        header.writeCharSequence("\r\n\r\n\0\r\nQUIT\n", US_ASCII);
        header.writeByte(0x21).writeByte(0x11).writeShort(PROXY_BLOCK);
        header.writeInt(0x0a010001).writeInt(0x0a010002).writeShort(40_000).writeShort(443);
        // One vector of a type that is nobody's, for all that is left.
        int vector = PROXY_BLOCK - 12 - 3;
        header.writeByte(0xe0).writeShort(vector).writeZero(vector - 1);
        return new HeldConnections(plan, ByteBufUtil.getBytes(header));
    }

    /** A ClientHello of two full records, which lacks its last byte. */
    static HeldConnections handshakes(Plan plan) {
        ByteBuf hello = Unpooled.buffer();
        hello.writeByte(22).writeShort(0x0301).writeShort(RECORD);
        hello.writeByte(1).writeMedium(2 * RECORD - 4);
        hello.writeShort(0x0303).writeZero(RECORD - 6);
        hello.writeByte(22).writeShort(0x0301).writeShort(RECORD).writeZero(RECORD);
        byte[] bytes = ByteBufUtil.getBytes(hello);
        return new HeldConnections(plan, Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Override
    ChannelHandler connection(int n) {
        return new Caller(begun);
    }
}
