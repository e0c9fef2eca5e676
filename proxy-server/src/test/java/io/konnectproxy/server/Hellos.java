package io.konnectproxy.server;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** ClientHellos as the JDK writes them. */
public final class Hellos {
    private static final int RECORD_HEADER = 5;
    private static final int CLIENT_HELLO = 1;
    private static final int PADDING = 21;

    private Hellos() {}

    public static byte[] naming(String serverName) {
        return hello(List.of(new SNIHostName(serverName)));
    }

    static byte[] withoutServerName() {
        return hello(List.of());
    }

    /**
     * The same with a padding extension (RFC 7685) behind the others.
     *
     * @param length of the handshake message, its header included
     */
    static byte[] padded(String serverName, int length) {
        byte[] hello = naming(serverName);
        ByteBuffer padded = ByteBuffer.allocate(RECORD_HEADER + length).put(hello);
        int extensions = extensionsAt(hello);
        int padding = length - (hello.length - RECORD_HEADER) - 4;
        padded.putShort((short) PADDING).putShort((short) padding);
        padded.putShort(3, (short) length);
        padded.putInt(RECORD_HEADER, CLIENT_HELLO << 24 | length - 4);
        padded.putShort(extensions, (short) (padded.capacity() - extensions - 2));
        return padded.array();
    }

    /** Where the length of the extensions stands: behind version, random, session id, cipher suites and compression methods. */
    private static int extensionsAt(byte[] hello) {
        int at = RECORD_HEADER + 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + (hello[at] & 0xff) * 256 + (hello[at + 1] & 0xff);
        return at + 1 + hello[at];
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
