package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** The JDK as a server, for the name that it is asked for: it reads that before it finds that it has no certificate. */
final class JdkServer {
    private final SSLContext context;

    JdkServer(SSLContext context) {
        this.context = context;
    }

    /** The name as sent, a character a byte; none when the JDK turns the hello down before it looks at the name. */
    Optional<String> nameIn(byte[] hello) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        var asked = new Asked();
        parameters.setSNIMatchers(List.of(asked));
        engine.setSSLParameters(parameters);
        try {
            read(engine, ByteBuffer.wrap(hello), asked);
        } catch (SSLException refusal) {
            return asked.name;
        }
        return asked.name;
    }

    private static void read(SSLEngine engine, ByteBuffer hello, Asked asked) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        Status status = Status.OK;
        while (asked.name.isEmpty() && hello.hasRemaining() && status == Status.OK) {
            status = engine.unwrap(hello, plain).getStatus();
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }

    private static final class Asked extends SNIMatcher {
        private Optional<String> name = Optional.empty();

        Asked() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName serverName) {
            name = Optional.of(new String(serverName.getEncoded(), ISO_8859_1));
            return true;
        }
    }
}
