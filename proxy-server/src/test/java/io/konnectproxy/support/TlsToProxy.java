package io.konnectproxy.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Sockets that speak TLS to a proxy, for clients that make plain ones. */
public final class TlsToProxy extends SocketFactory {
    private final SSLContext context;
    private final String name;
    private final boolean verify;

    public TlsToProxy(SSLContext context, String name, boolean verify) {
        this.context = context;
        this.name = name;
        this.verify = verify;
    }

    public Socket createSocket(InetSocketAddress proxy) throws IOException {
        Socket socket = createSocket();
        socket.connect(proxy, 10_000);
        return socket;
    }

    @Override
    public Socket createSocket() {
        return new Secured();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("by address only");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("by address only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    private SSLSocket secure(Socket raw) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(raw, name, raw.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        // As Go does it, which then speaks HTTP/1.1 whatever is selected.
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** A socket that is TLS from its connection on. */
    private final class Secured extends Socket {
        private final Socket raw = new Socket();
        private @Nullable SSLSocket tls;

        private Socket current() {
            return tls == null ? raw : tls;
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            raw.setTcpNoDelay(true); // without it, each handshake waits for a delayed acknowledgement
            raw.connect(endpoint, timeout);
            tls = secure(raw);
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return current().getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return current().getOutputStream();
        }

        @Override
        public void shutdownOutput() throws IOException {
            current().shutdownOutput();
        }

        @Override
        public void setTcpNoDelay(boolean on) throws SocketException {
            raw.setTcpNoDelay(on);
        }

        @Override
        public synchronized void setSoTimeout(int timeout) throws SocketException {
            raw.setSoTimeout(timeout);
        }

        @Override
        public synchronized int getSoTimeout() throws SocketException {
            return raw.getSoTimeout();
        }

        @Override
        public InetAddress getInetAddress() {
            return raw.getInetAddress();
        }

        @Override
        public int getPort() {
            return raw.getPort();
        }

        @Override
        public boolean isConnected() {
            return raw.isConnected();
        }

        @Override
        public boolean isClosed() {
            return current().isClosed();
        }

        @Override
        public boolean isInputShutdown() {
            return current().isInputShutdown();
        }

        @Override
        public boolean isOutputShutdown() {
            return current().isOutputShutdown();
        }

        @Override
        public synchronized void close() throws IOException {
            current().close();
        }
    }
}
