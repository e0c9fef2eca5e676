package io.konnectproxy.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A socket to the proxy that says exactly what it is told to. Bytes are written as ISO 8859-1. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;

    public RawClient(InetSocketAddress proxy) throws IOException {
        this.socket = new Socket();
        socket.connect(proxy, 5_000);
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
    }

    /** Over a connection that is there already. */
    public RawClient(Socket connected) throws IOException {
        this.socket = connected;
        socket.setTcpNoDelay(true);
    }

    public Socket socket() {
        return socket;
    }

    public RawClient say(String bytes) throws IOException {
        return say(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** What a well-behaved client says. */
    public RawClient connect(String host) throws IOException {
        return say("CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n");
    }

    /** Everything up to and with the empty line, and the body where a length is given; empty at once when closed. */
    public Answer answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return new Answer(head.toString(StandardCharsets.ISO_8859_1), "");
            }
            head.write(next);
        }
        Answer answer = new Answer(head.toString(StandardCharsets.ISO_8859_1), "");
        int length = answer.header("Content-Length").map(Integer::parseInt).orElse(0);
        return new Answer(answer.head(), new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    /** Whether the proxy has closed its side, as a reply's end or at once. */
    public boolean atEnd() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    /** All bytes up to the end. */
    public byte[] rest() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** TLS inside the tunnel. */
    public SSLSocket tls(SSLContext trust, String serverName) throws IOException {
        SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(socket, serverName, 443, true);
        tls.setSoTimeout(15_000);
        tls.startHandshake();
        return tls;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A reply as read. */
    public record Answer(String head, String body) {
        public String statusLine() {
            return head.lines().findFirst().orElse("");
        }

        public int status() {
            return Integer.parseInt(statusLine().split(" ", -1)[1]);
        }

        public Optional<String> header(String name) {
            List<String> lines = Arrays.asList(head.split("\r\n", -1));
            return lines.stream()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        public String reason() {
            return header("X-Konnect-Proxy-Reason").orElse("");
        }
    }
}
