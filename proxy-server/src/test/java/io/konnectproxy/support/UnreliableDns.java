package io.konnectproxy.support;

import io.konnectproxy.server.demo.StandInDns;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a {@link StandInDns}, at an address that stays, and fails in the way that a test sets. */
public final class UnreliableDns implements AutoCloseable {
    /** What becomes of a question. */
    public enum Mood {
        /** It is passed on, and answered. */
        WELL,
        SILENT,
        /** It is answered with its id and nothing else that makes sense. */
        GARBAGE,
        /** Nobody has the port, and the kernel says so. */
        GONE
    }

    private final InetSocketAddress behind;
    private final AtomicInteger asked = new AtomicInteger();
    private final Random random = new Random(1);
    private volatile Mood mood = Mood.WELL;
    private DatagramSocket socket;
    private final InetSocketAddress address;

    public UnreliableDns(StandInDns behind) throws IOException {
        this(behind, 0);
    }

    /** At a port of the test's. */
    public UnreliableDns(StandInDns behind, int port) throws IOException {
        this.behind = behind.address();
        this.socket = serve(port);
        this.address = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private DatagramSocket serve(int port) throws IOException {
        DatagramSocket opened = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread thread = new Thread(() -> serve(opened), "unreliable dns");
        thread.setDaemon(true);
        thread.start();
        return opened;
    }

    private void serve(DatagramSocket open) {
        while (!open.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(new byte[2000], 2000);
                open.receive(question);
                asked.incrementAndGet();
                Mood now = mood;
                if (now == Mood.GARBAGE) {
                    open.send(garbage(question));
                } else if (now == Mood.WELL) {
                    open.send(answer(question));
                }
            } catch (IOException e) {
                // Closed, or an asker that is gone.
            }
        }
    }

    private DatagramPacket garbage(DatagramPacket question) {
        byte[] bytes = new byte[200];
        random.nextBytes(bytes);
        System.arraycopy(question.getData(), 0, bytes, 0, 2);
        return new DatagramPacket(bytes, bytes.length, question.getSocketAddress());
    }

    private DatagramPacket answer(DatagramPacket question) throws IOException {
        try (DatagramSocket asking = new DatagramSocket()) {
            asking.setSoTimeout(5_000);
            asking.send(new DatagramPacket(question.getData(), question.getLength(), behind));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            asking.receive(answer);
            return new DatagramPacket(answer.getData(), answer.getLength(), question.getSocketAddress());
        }
    }

    /** From now on; back from {@link Mood#GONE} it has the same address again. */
    public void turn(Mood newMood) throws IOException {
        mood = newMood;
        if (newMood == Mood.GONE) {
            socket.close();
        } else if (socket.isClosed()) {
            socket = serve(address.getPort());
        }
    }

    /** For a configuration. */
    public String address() {
        return NetUtil.toSocketAddressString(address);
    }

    /** How many questions have reached it. */
    public int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        socket.close();
    }
}
