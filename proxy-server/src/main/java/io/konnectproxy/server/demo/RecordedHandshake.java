package io.konnectproxy.server.demo;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The bytes of one TLS handshake and of one message each way, to be said again in as many tunnels as wanted: whoever only passes
 * them on cannot tell, and nobody computes.
 */
final class RecordedHandshake {
    private static final int ROOM = 1 << 16;
    private static final int MESSAGE_BYTES = 512;

    /** Of the client. */
    final byte[] hello;
    /** Of the server, up to its Finished. */
    final byte[] answer;
    /** Of the client, with its message. */
    final byte[] finished;
    /** Of the server. */
    final byte[] message;

    private RecordedHandshake(byte[] hello, byte[] answer, byte[] finished, byte[] message) {
        this.hello = hello;
        this.answer = answer;
        this.finished = finished;
        this.message = message;
    }

    static RecordedHandshake of(String host) throws GeneralSecurityException, SSLException {
        ThrowawayCa ca = new ThrowawayCa();
        SSLEngine client = engine(ca.clientContext(), host);
        client.setUseClientMode(true);
        SSLEngine server = engine(ca.serverContext(List.of(host)), host);
        server.setUseClientMode(false);
        client.beginHandshake();
        byte[] hello = turn(client, new byte[0], 0);
        byte[] answer = turn(server, hello, 0);
        byte[] finished = turn(client, answer, MESSAGE_BYTES);
        return new RecordedHandshake(hello, answer, finished, turn(server, finished, MESSAGE_BYTES));
    }

    private static SSLEngine engine(SSLContext context, String host) {
        return context.createSSLEngine(host, 443);
    }

    /** What an engine says when it has heard that, and has a message of so many bytes to send behind the handshake. */
    private static byte[] turn(SSLEngine engine, byte[] said, int messageBytes) throws SSLException {
        ByteBuffer heard = ByteBuffer.wrap(said);
        ByteBuffer message = ByteBuffer.allocate(messageBytes);
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                compute(engine);
            } else if (status != HandshakeStatus.NEED_WRAP && heard.hasRemaining()) {
                engine.unwrap(heard, ByteBuffer.allocate(ROOM));
            } else if (status == HandshakeStatus.NEED_WRAP || message.hasRemaining()) {
                engine.wrap(message, out);
            } else {
                return bytes(out);
            }
        }
    }

    private static void compute(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static byte[] bytes(ByteBuffer said) {
        byte[] bytes = new byte[said.flip().remaining()];
        said.get(bytes);
        return bytes;
    }
}
