package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A data plane of Kong as a proxy sees it: its bytes in its order, its 5 s for each step, its strictness about the answer
 * and its way of leaving. Immutable; each {@link #connect} is a connection of its own.
 */
public final class KongClient {
    /** Of Kong, for each read and for the connection. */
    public static final int STEP_MILLIS = 5_000;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})(?: .*)?");
    /** The beginning of a close frame: Kong's parting word to a proxy that refused. */
    private static final byte[] PARTING = {(byte) 0x88, (byte) 0x80, 0x11, 0x22, 0x33, 0x44};

    private final InetSocketAddress proxy;
    private final Optional<ToProxy> tls;
    private final Optional<String> authorization;

    /** How the proxy is spoken to over TLS: the name in {@code proxy_server}, who is trusted, in which versions. */
    private record ToProxy(String name, SSLContext context, boolean verify, List<String> versions) {}

    private KongClient(InetSocketAddress proxy, Optional<ToProxy> tls, Optional<String> authorization) {
        this.proxy = proxy;
        this.tls = tls;
        this.authorization = authorization;
    }

    /** {@code proxy_server = http://…}. */
    public static KongClient http(InetSocketAddress proxy) {
        return new KongClient(proxy, Optional.empty(), Optional.empty());
    }

    /**
     * {@code proxy_server = https://name:port} and {@code proxy_server_ssl_verify = on}.
     *
     * @param trust what stands in {@code lua_ssl_trusted_certificate}
     */
    public static KongClient https(InetSocketAddress proxy, String name, SSLContext trust) {
        return new KongClient(
                proxy, Optional.of(new ToProxy(name, trust, true, List.of("TLSv1.3", "TLSv1.2"))), Optional.empty());
    }

    /** The same with {@code proxy_server_ssl_verify = off}. */
    public static KongClient httpsUnverified(InetSocketAddress proxy, String name) throws GeneralSecurityException {
        return new KongClient(
                proxy,
                Optional.of(new ToProxy(name, TrustingAnybody.context(), false, List.of("TLSv1.3", "TLSv1.2"))),
                Optional.empty());
    }

    /** With {@code user:password@} in the URL; both were percent-decoded by Kong. */
    public KongClient as(String user, String password) {
        String pair = user + ":" + password;
        return new KongClient(
                proxy, tls, Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))));
    }

    /** With this version of TLS to the proxy and no other, {@code TLSv1.2}. */
    public KongClient speaking(String version) {
        return new KongClient(
                proxy,
                tls.map(to -> new ToProxy(to.name(), to.context(), to.verify(), List.of(version))),
                authorization);
    }

    /**
     * A tunnel to port 443 of the control plane or telemetry host, in which nothing was said yet.
     *
     * @throws Refused when the answer is not {@code HTTP/1.1 200}; the connection is left as Kong leaves it
     * @throws IOException when no answer came in time, or the TLS handshake with the proxy failed
     */
    public Channel connect(String host) throws IOException {
        return connect(host, request(host));
    }

    /** What Kong says, byte for byte. */
    public String request(String host) {
        return "CONNECT " + host + ":443 HTTP/1.1\r\n"
                + "Host: " + host + ":443\r\n"
                + "Proxy-Connection: Keep-Alive\r\n"
                + authorization
                        .map(value -> "Proxy-Authorization: " + value + "\r\n")
                        .orElse("")
                + "\r\n";
    }

    private Channel connect(String host, String request) throws IOException {
        Socket socket = socket();
        try {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            String head = head(socket.getInputStream());
            Matcher status = STATUS.matcher(head.substring(0, head.indexOf("\r\n")));
            if (!status.matches() || !status.group(1).equals("200")) {
                throw new Refused(head, leave(socket));
            }
            return new Channel(socket, host);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(proxy, STEP_MILLIS);
            socket.setSoTimeout(STEP_MILLIS);
            socket.setTcpNoDelay(true);
            return tls.isEmpty() ? socket : secure(socket, tls.get());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** As nginx does it within Kong: SNI is the proxy's name, no ALPN, no client certificate, an IP is never verified. */
    private static SSLSocket secure(Socket socket, ToProxy to) throws IOException {
        SSLSocket secured =
                (SSLSocket) to.context().getSocketFactory().createSocket(socket, to.name(), socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        boolean isAddress = NetUtil.isValidIpV4Address(to.name()) || NetUtil.isValidIpV6Address(to.name());
        parameters.setServerNames(isAddress ? List.of() : List.of(new SNIHostName(to.name())));
        parameters.setProtocols(to.versions().toArray(new String[0]));
        if (to.verify()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        if (to.verify() && isAddress) {
            throw new SSLException("upstream SSL certificate does not match \"" + to.name() + "\"");
        }
        return secured;
    }

    /** Up to and with the empty line; what comes after it stays in the stream for the tunnel. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after '" + head.toString(ISO_8859_1) + "'");
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    /** Six bytes that are no request, and gone; whether they still went out. */
    private static boolean leave(Socket socket) {
        try (socket) {
            socket.getOutputStream().write(PARTING);
            socket.getOutputStream().flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The proxy gave another answer than {@code HTTP/1.1 200}. The message is what Kong logs. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final String head;
        private final boolean parted;

        private Refused(String head, boolean parted) {
            super("error establishing a connection to the proxy server, got status " + status(head));
            this.head = head;
            this.parted = parted;
        }

        private static String status(String head) {
            String[] words = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
            return words.length > 1 ? words[1] : "";
        }

        public int status() {
            return Integer.parseInt(status(head));
        }

        /** Status line and header lines, which Kong itself does not look at. */
        public String head() {
            return head;
        }

        /** Whether the six bytes after it found the connection open. */
        public boolean parted() {
            return parted;
        }
    }

    /** What Kong does in a tunnel: TLS with the control plane, then a WebSocket. */
    public static final class Channel implements AutoCloseable {
        private final Socket tunnel;
        private final String host;
        private Socket inside;

        private Channel(Socket tunnel, String host) {
            this.tunnel = tunnel;
            this.host = host;
            this.inside = tunnel;
        }

        /** The bare tunnel, for who wants to say something else in it. */
        public Socket tunnel() {
            return tunnel;
        }

        /** TLS with the control plane, through that to the proxy if there is one: SNI is the host as asked for, no ALPN. */
        public Channel secure(SSLContext trust) throws IOException {
            SSLSocket secured = (SSLSocket) trust.getSocketFactory().createSocket(tunnel, host, 443, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            inside = secured;
            return this;
        }

        /** The request for a WebSocket as lua-resty-websocket makes it. */
        public Channel upgrade() throws IOException {
            inside.getOutputStream()
                    .write(("GET /v1/outlet?node_id=0b32cdb1 HTTP/1.1\r\nUpgrade: websocket\r\nHost: " + host
                                    + ":443\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Connection: Upgrade\r\n\r\n")
                            .getBytes(ISO_8859_1));
            inside.getOutputStream().flush();
            String head = head(inside.getInputStream());
            if (!head.startsWith("HTTP/1.1 101 ")) {
                throw new IOException("no WebSocket: " + head);
            }
            return this;
        }

        /** A ping with the hash of a configuration, as every 30 s; what the pong carries. */
        public String ping(String hash) throws IOException {
            byte[] payload = hash.getBytes(ISO_8859_1);
            byte[] frame = new byte[6 + payload.length];
            frame[0] = (byte) 0x89;
            // A mask of four zeros: as good as any.
            frame[1] = (byte) (0x80 | payload.length);
            System.arraycopy(payload, 0, frame, 6, payload.length);
            inside.getOutputStream().write(frame);
            inside.getOutputStream().flush();
            byte[] head = inside.getInputStream().readNBytes(2);
            if (head.length < 2 || head[0] != (byte) 0x8a) {
                throw new IOException("no pong");
            }
            return new String(inside.getInputStream().readNBytes(head[1]), ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            tunnel.close();
        }
    }
}
