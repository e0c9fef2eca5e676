package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS 1.2 handshakes, in which the client's Certificate message, as long as the JDK takes it, lacks its last byte. */
final class HeldCertificates extends Attack {
    private static final int RECORD = 1 << 14;
    private static final int CERTIFICATE = 11;

    private final ByteBuf hello;
    private final ByteBuf certificate;

    HeldCertificates(Plan plan) throws GeneralSecurityException, SSLException {
        super(plan);
        this.hello = Caller.shared(hello());
        ByteBuf message = Unpooled.buffer(2 * (RECORD + 5));
        message.writeByte(22).writeShort(0x0303).writeShort(RECORD);
        message.writeByte(CERTIFICATE).writeMedium(2 * RECORD - 4).writeZero(RECORD - 4);
        message.writeByte(22).writeShort(0x0303).writeShort(RECORD).writeZero(RECORD - 1);
        this.certificate = Caller.shared(ByteBufUtil.getBytes(message));
    }

    private static byte[] hello() throws GeneralSecurityException, SSLException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Override
    ChannelHandler connection(int n) {
        return new Caller(hello) {
            private boolean said;

            /** The server's flight is there. */
            @Override
            public void channelReadComplete(ChannelHandlerContext context) {
                if (!said) {
                    said = true;
                    say(context, certificate);
                }
            }
        };
    }
}
