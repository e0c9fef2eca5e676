package io.konnectproxy.server.demo;

import io.konnectproxy.server.tls.ThrowawayCa;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLServerSocket;

/** A TLS server on loopback that answers every request with one sentence, one connection at a time. */
public final class StandInKonnect implements AutoCloseable {
    /** The body of every answer. */
    public static final String GREETING = "Hello from the stand-in for Konnect.";

    private static final int PATIENCE_MILLIS = 5_000;

    private final SSLServerSocket listener;

    /** Starts with a certificate of this authority for these names. */
    public StandInKonnect(ThrowawayCa ca, List<String> names) throws IOException, GeneralSecurityException {
        this.listener = (SSLServerSocket) ca.serverContext(names)
                .getServerSocketFactory()
                .createServerSocket(0, 8, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread thread = new Thread(this::serve, "stand-in-konnect");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                client.setSoTimeout(PATIENCE_MILLIS);
                answer(client);
            } catch (IOException e) {
                // This client has failed, which does not affect the next one; or the listener was closed.
            }
        }
    }

    private static void answer(Socket client) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            // The request is ignored; the answer is always the same.
        }
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + GREETING.length()
                + "\r\nConnection: close\r\n\r\n" + GREETING;
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
