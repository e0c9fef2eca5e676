package io.konnectproxy.server;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** ClientHellos as the JDK writes them. */
public final class Hellos {
    private Hellos() {}

    public static byte[] naming(String serverName) {
        return hello(List.of(new SNIHostName(serverName)));
    }

    static byte[] withoutServerName() {
        return hello(List.of());
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
