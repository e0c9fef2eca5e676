package io.konnectproxy.server.differential;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** The JDK as a client: hellos as they are sent to begin a real handshake. */
final class JdkClient {
    private static final int RECORD_HEADER = 5;

    private final SSLContext context;

    JdkClient(SSLContext context) {
        this.context = context;
    }

    /** The handshake message, without its record. */
    byte[] hello(String name, RandomGenerator random) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setProtocols(Drawn.oneOf(
                random, new String[] {"TLSv1.3", "TLSv1.2"}, new String[] {"TLSv1.3"}, new String[] {"TLSv1.2"}));
        parameters.setApplicationProtocols(
                Drawn.oneOf(random, new String[] {}, new String[] {"h2", "http/1.1"}, new String[] {"http/1.1"}));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOfRange(out.array(), RECORD_HEADER, out.position());
    }
}
