package io.konnectproxy.mirror;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A syslog receiver that takes octet counting (RFC 6587) and RFC 5424 by the letter. Can be
 * made to stop reading, to reset a connection and to close one in order.
 */
final class SyslogReceiver implements AutoCloseable {
    /** Section 6 of RFC 5424, with the structured data that we never have. */
    private static final Pattern MESSAGE = Pattern.compile(
            "<(?<pri>0|[1-9][0-9]{0,2})>1 (?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{1,6}Z)"
                    + " (?<host>[!-~]{1,255}) (?<app>[!-~]{1,48}) (?<process>[!-~]{1,128}) (?<id>[!-~]{1,32}) - (?<text>.*)");

    record Message(
            int priority, String time, String host, String application, String process, String id, String text) {}

    final List<Message> messages = new CopyOnWriteArrayList<>();
    final List<String> faults = new CopyOnWriteArrayList<>();
    final List<Socket> connections = new CopyOnWriteArrayList<>();

    /** What ended connections that did not end in order. */
    final List<Exception> broken = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final Thread thread;
    private volatile CountDownLatch reading = new CountDownLatch(0);
    /** After how many messages the connection is cut once. */
    private volatile int resetAfter = Integer.MAX_VALUE;

    SyslogReceiver(ServerSocket server) {
        this.server = server;
        this.thread = new Thread(this::accept, "syslog-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    static SyslogReceiver plain() throws IOException {
        return at(0);
    }

    static SyslogReceiver at(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        // Small, so that what the system takes for a receiver that does not read is little.
        server.setReceiveBufferSize(32 << 10);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new SyslogReceiver(server);
    }

    int port() {
        return server.getLocalPort();
    }

    void stopReading() {
        reading = new CountDownLatch(1);
    }

    void read() {
        reading.countDown();
    }

    void resetOnceAfter(int count) {
        resetAfter = count;
    }

    List<String> texts() {
        return messages.stream().map(Message::text).toList();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                Thread receiver = new Thread(() -> serve(connection), "syslog-connection");
                receiver.setDaemon(true);
                receiver.start();
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            receive(connection);
        } catch (IOException | InterruptedException e) {
            broken.add(e);
        }
    }

    private void receive(Socket connection) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        while (true) {
            reading.await();
            String text = frame(in);
            if (text.isEmpty()) {
                return;
            }
            Matcher message = MESSAGE.matcher(text);
            if (!message.matches()) {
                faults.add("not RFC 5424: " + text);
                return;
            }
            messages.add(new Message(
                    Integer.parseInt(message.group("pri")),
                    message.group("time"),
                    message.group("host"),
                    message.group("app"),
                    message.group("process"),
                    message.group("id"),
                    message.group("text")));
            if (messages.size() >= resetAfter) {
                resetAfter = Integer.MAX_VALUE;
                connection.setSoLinger(true, 0);
                return;
            }
        }
    }

    /** Empty at the end of the stream. */
    private String frame(InputStream in) throws IOException {
        int length = 0;
        for (int digits = 0; ; digits++) {
            int next = in.read();
            if (next < 0 && digits == 0) {
                return "";
            } else if (next == ' ' && digits > 0) {
                break;
            } else if (next < '0' || next > '9' || (next == '0' && digits == 0) || digits > 8) {
                faults.add("not octet counting: byte " + next);
                throw new IOException("not octet counting");
            }
            length = length * 10 + next - '0';
        }
        byte[] frame = in.readNBytes(length);
        if (frame.length < length) {
            throw new EOFException();
        }
        return new String(frame, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        read();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
