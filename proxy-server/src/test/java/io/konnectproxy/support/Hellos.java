package io.konnectproxy.support;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** ClientHellos as the JDK writes them. */
public final class Hellos {
    private static final int RECORD_HEADER = 5;
    private static final int PADDING = 21;

    private Hellos() {}

    public static byte[] naming(String serverName) {
        return hello(List.of(new SNIHostName(serverName)));
    }

    public static byte[] withoutServerName() {
        return hello(List.of());
    }

    /**
     * The same with a padding extension (RFC 7685) behind the others.
     *
     * @param length of the handshake message, its header included
     */
    public static byte[] padded(String serverName, int length) {
        byte[] hello = naming(serverName);
        return withExtension(hello, PADDING, new byte[length - (hello.length - RECORD_HEADER) - 4]);
    }

    /** The same with one extension more at its end. */
    public static byte[] withExtension(byte[] hello, int type, byte[] data) {
        int block = blockOfExtensions(hello);
        ByteBuffer longer = ByteBuffer.allocate(hello.length + 4 + data.length)
                .put(hello)
                .putShort((short) type)
                .putShort((short) data.length)
                .put(data);
        int more = 4 + data.length;
        longer.putShort(3, (short) (longer.getShort(3) + more));
        longer.putShort(7, (short) (longer.getShort(7) + more));
        longer.putShort(block, (short) (longer.getShort(block) + more));
        return longer.array();
    }

    /** Where the length of the extensions stands. */
    private static int blockOfExtensions(byte[] hello) {
        ByteBuffer bytes = ByteBuffer.wrap(hello);
        int sessionId = 9 + 2 + 32;
        int suites = sessionId + 1 + bytes.get(sessionId);
        int compression = suites + 2 + bytes.getShort(suites);
        return compression + 1 + bytes.get(compression);
    }

    private static byte[] hello(List<SNIHostName> names) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.copyOf(names));
            engine.setSSLParameters(parameters);
            ByteBuffer bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), bytes);
            bytes.flip();
            byte[] hello = new byte[bytes.remaining()];
            bytes.get(hello);
            return hello;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
