package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.wire.ConnectReplyReader;
import io.konnectproxy.wire.ReplyReading;
import io.konnectproxy.wire.ReplyReading.Connected;
import io.konnectproxy.wire.ReplyReading.NeedMore;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Opens tunnels through one parent proxy on the calling thread, with the addresses, the TLS and the request that tunnels have.
 * It is for commands; the relay never waits.
 */
public final class ParentDial {
    private final ParentProxy parent;
    private final ParentWords words;

    private ParentDial(ParentProxy parent) {
        this.parent = parent;
        this.words = new ParentWords(parent.url());
    }

    /** The parents for a rule, in the order in which they are tried; none if the upstream is dialled directly. */
    public static List<ParentDial> to(Rule rule, Egress egress) {
        return egress.parents().to(rule).stream().map(ParentDial::new).toList();
    }

    /** Without credentials. */
    public String url() {
        return parent.url().toString();
    }

    /** Whether the parent resolves names itself. */
    public boolean resolves() {
        return parent.resolves();
    }

    /** A tunnel that was not opened. The message is a sentence without text of the parent's. */
    public static final class ParentFailure extends IOException {
        private static final long serialVersionUID = 1;

        private ParentFailure(String sentence, Throwable cause) {
            super(sentence, cause);
        }

        private ParentFailure(String sentence) {
            super(sentence);
        }
    }

    /**
     * Opens a tunnel.
     *
     * @param asked {@code host:port}
     * @param loop where the parent's name is resolved
     * @param patience for each step; after twice as long no further address is tried
     * @param watch gets each connection as it begins, and may close it from another thread
     */
    public Socket open(String asked, Egress egress, EventLoop loop, Duration patience, Consumer<Closeable> watch)
            throws ParentFailure {
        ParentFailure last = new ParentFailure(words.closed());
        long began = System.nanoTime();
        for (CheckedAddress address : addresses(loop, patience)) {
            if (System.nanoTime() - began >= 2 * patience.toNanos()) {
                break;
            }
            Socket tcp = new Socket();
            watch.accept(tcp);
            try {
                connect(tcp, address.address(), egress, patience);
                return tunnel(tcp, asked, egress);
            } catch (ParentFailure e) {
                close(tcp);
                last = e;
            }
        }
        throw last;
    }

    private List<CheckedAddress> addresses(EventLoop loop, Duration patience) throws ParentFailure {
        var resolving = parent.addresses(loop);
        if (!resolving.awaitUninterruptibly(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ParentFailure(words.late(ParentGate.Step.RESOLVING));
        }
        Resolution resolution = resolving.getNow();
        if (resolution instanceof Resolved resolved) {
            return resolved.addresses();
        }
        throw new ParentFailure(words.unresolved(((Unresolved) resolution).hint()));
    }

    private void connect(Socket tcp, InetSocketAddress address, Egress egress, Duration patience) throws ParentFailure {
        try {
            if (egress.source() != null) {
                tcp.bind(egress.source());
            }
            tcp.connect(address, Math.toIntExact(patience.toMillis()));
            tcp.setSoTimeout(Math.toIntExact(patience.toMillis()));
        } catch (SocketTimeoutException e) {
            throw new ParentFailure(words.late(ParentGate.Step.CONNECTING), e);
        } catch (IOException e) {
            throw new ParentFailure(words.notConnected(e), e);
        }
    }

    private Socket tunnel(Socket tcp, String asked, Egress egress) throws ParentFailure {
        Socket stream = shaken(tcp);
        try {
            ByteBuf request = parent.request(asked, "1.1 " + egress.self());
            stream.getOutputStream().write(request.toString(US_ASCII).getBytes(US_ASCII));
            stream.getOutputStream().flush();
            judge(read(stream.getInputStream()));
            return stream;
        } catch (SocketTimeoutException e) {
            throw new ParentFailure(words.late(ParentGate.Step.ASKING), e);
        } catch (ParentFailure e) {
            throw e;
        } catch (IOException e) {
            throw new ParentFailure(words.closed(), e);
        }
    }

    private Socket shaken(Socket tcp) throws ParentFailure {
        try {
            Socket stream = parent.tls(tcp);
            if (stream instanceof SSLSocket secured) {
                secured.startHandshake();
            }
            return stream;
        } catch (SocketTimeoutException e) {
            throw new ParentFailure(words.late(ParentGate.Step.HANDSHAKING), e);
        } catch (SSLException e) {
            throw new ParentFailure(words.noHandshake(e), e);
        } catch (IOException e) {
            throw new ParentFailure(words.closedInHandshake(), e);
        }
    }

    /** One byte at a time: what follows the answer is the tunnel's. */
    private static ReplyReading read(InputStream in) throws IOException {
        ConnectReplyReader reader = new ConnectReplyReader();
        ReplyReading reading = NeedMore.NEED_MORE;
        while (reading == NeedMore.NEED_MORE) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            reading = reader.read(ByteBuffer.wrap(new byte[] {(byte) next}));
        }
        return reading;
    }

    private void judge(ReplyReading reading) throws ParentFailure {
        if (reading instanceof ReplyFault fault) {
            throw new ParentFailure(words.noAnswer(fault));
        }
        if (reading != Connected.CONNECTED) {
            throw new ParentFailure(words.declined(((ReplyReading.Declined) reading).status()));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
