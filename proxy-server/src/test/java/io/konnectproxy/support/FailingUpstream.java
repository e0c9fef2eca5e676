package io.konnectproxy.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** An upstream that leaves at a certain moment, and the client that takes it so far. Later connections meet an echo. */
public final class FailingUpstream {
    private static final int MUCH = 2 * 1024 * 1024;

    /** How it leaves. */
    public enum Fault {
        CLOSES,
        RESETS;

        public void strike(Socket socket) throws IOException {
            if (this == RESETS) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When it leaves. */
    public enum Moment {
        /** As soon as it is connected, while the client has not read its 200 yet. */
        AT_ONCE,
        BEFORE_HELLO,
        MID_HELLO,
        /** Right after it was given the hello. */
        AFTER_HELLO,
        FLOWING_DOWN,
        FLOWING_UP,
        /** Data flows down until it stands, so that the proxy reads nothing from the upstream any more. */
        CLIENT_READS_NOTHING,
        /** Data flows up until it stands, so that the proxy reads nothing from the client any more. */
        UPSTREAM_READS_NOTHING,
        CLIENT_FINISHED,
        UPSTREAM_FINISHED
    }

    private final Moment moment;
    private final Fault fault;
    private final byte[] hello;
    private final AtomicBoolean met = new AtomicBoolean();
    private final AtomicLong tooEarly = new AtomicLong();
    private final CountDownLatch clientIsReady = new CountDownLatch(1);
    private final CountDownLatch struck = new CountDownLatch(1);

    public FailingUpstream(Moment moment, Fault fault, byte[] hello) {
        this.moment = moment;
        this.fault = fault;
        this.hello = hello;
    }

    /** Bytes that it was given before a hello was complete. */
    public long tooEarly() {
        return tooEarly.get();
    }

    /** The upstream's part. */
    public void converse(Socket proxy) throws Exception {
        if (met.getAndSet(true)) {
            proxy.getInputStream().transferTo(proxy.getOutputStream());
            return;
        }
        InputStream in = proxy.getInputStream();
        switch (moment) {
            case AT_ONCE -> {}
            case BEFORE_HELLO, MID_HELLO -> {
                clientIsReady.await();
                tooEarly.set(in.available());
            }
            case AFTER_HELLO -> in.readNBytes(hello.length);
            case FLOWING_DOWN -> {
                in.readNBytes(hello.length);
                proxy.getOutputStream().write(new byte[MUCH]);
            }
            case FLOWING_UP -> in.readNBytes(hello.length + MUCH);
            case CLIENT_READS_NOTHING -> {
                in.readNBytes(hello.length);
                floodUntilItStands(proxy);
            }
            case UPSTREAM_READS_NOTHING -> clientIsReady.await();
            case CLIENT_FINISHED -> in.readAllBytes();
            case UPSTREAM_FINISHED -> {
                in.readNBytes(hello.length);
                proxy.shutdownOutput();
                clientIsReady.await();
            }
        }
        fault.strike(proxy);
        struck.countDown();
    }

    /** The client's part, up to its end of the connection. */
    public void meet(RawClient client) throws Exception {
        RawClient.Answer answer = client.connect(Rig.HOST).answer();
        if (moment == Moment.AT_ONCE && answer.status() == 502) {
            assertThat(client.atEnd()).isTrue();
            return;
        }
        assertThat(answer.status()).isEqualTo(200);
        long got = 0;
        try {
            speak(client);
            InputStream in = client.socket().getInputStream();
            got = in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the client was never told", e);
        } catch (IOException e) {
            // A reset is an end too.
        }
        if (moment == Moment.FLOWING_DOWN && fault == Fault.CLOSES) {
            assertThat(got).isEqualTo(MUCH);
        }
    }

    private void speak(RawClient client) throws Exception {
        switch (moment) {
            case BEFORE_HELLO -> {
                awaitFault();
                client.say(hello);
            }
            case MID_HELLO -> {
                client.say(Arrays.copyOf(hello, 50));
                awaitFault();
                client.say(Arrays.copyOfRange(hello, 50, hello.length));
            }
            case AT_ONCE, AFTER_HELLO, FLOWING_DOWN -> client.say(hello);
            case FLOWING_UP -> flood(client.say(hello).socket());
            case CLIENT_READS_NOTHING -> {
                client.say(hello);
                struck.await();
            }
            case UPSTREAM_READS_NOTHING -> {
                floodUntilItStands(client.say(hello).socket());
                awaitFault();
            }
            case CLIENT_FINISHED -> client.say(hello).socket().shutdownOutput();
            case UPSTREAM_FINISHED -> {
                assertThat(client.say(hello).atEnd()).isTrue();
                awaitFault();
                flood(client.socket());
            }
        }
    }

    private void awaitFault() throws InterruptedException {
        clientIsReady.countDown();
        struck.await();
    }

    /** Until the socket takes no more because it is broken. */
    private static void flood(Socket to) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        while (true) {
            to.getOutputStream().write(chunk);
        }
    }

    /** Until the socket has taken nothing for a while; a thread stays behind, until the socket is closed. */
    public static void floodUntilItStands(Socket to) throws InterruptedException {
        AtomicLong chunks = new AtomicLong();
        Thread writer = new Thread(
                () -> {
                    try {
                        byte[] chunk = new byte[64 * 1024];
                        while (true) {
                            to.getOutputStream().write(chunk);
                            chunks.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // The end of the test.
                    }
                },
                "flood");
        writer.setDaemon(true);
        writer.start();
        int idle = 0;
        while (idle < 3) {
            long before = chunks.get();
            writer.join(100);
            idle = chunks.get() == before ? idle + 1 : 0;
        }
    }
}
